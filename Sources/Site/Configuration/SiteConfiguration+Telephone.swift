import Foundation
import Kernel
import SIP

extension SiteConfiguration {
    /// Reads what the sections `sip` and `outbound` say beyond the first port.
    static func telephone(
        _ sip: ConfigurationReader,
        outbound: ConfigurationReader,
        path: @escaping (String) -> String
    ) -> TelephoneConfiguration {
        var telephone = TelephoneConfiguration()
        telephone.listen = listenPoints(sip)
        readTLS(sip, into: &telephone, path: path)
        telephone.trunks = trunks(sip, path: path)
        if telephone.listen.contains(where: { $0.transports.contains(.tls) }), telephone.tls == nil {
            sip.reject("listen", "opens a TLS port; give 'sip.tls.certificate' and 'sip.tls.key'")
        }
        let limits = sip.section("limits")
        defer { limits.finish() }
        telephone.callsPerSecondMax = limits.integer(
            "callsPerSecond",
            in: 1...100_000,
            default: Limits.sipCallsPerSecondMax
        )
        telephone.legsMax = limits.integer("legs", in: 2...1_000_000, default: Limits.sipLegsMax)
        telephone.sessionExpires = seconds(sip, "sessionExpiresSeconds", 90...86_400, Limits.sipSessionExpires)
        telephone.phoneProbeInterval = seconds(sip, "phoneProbeSeconds", 0...3_600, Limits.sipPhoneProbeInterval)
        telephone.offersSHA256 = sip.boolean("sha256", default: false)
        readOutbound(outbound, into: &telephone)
        return telephone
    }

    private static func seconds(
        _ section: ConfigurationReader,
        _ key: String,
        _ range: ClosedRange<Int>,
        _ usual: Span
    ) -> Span {
        .seconds(Int64(section.integer(key, in: range, default: Int(usual.milliseconds / 1_000))))
    }

    private static func listenPoints(_ sip: ConfigurationReader) -> [TelephoneConfiguration.Listen] {
        let points = sip.list("listen").map { entry in
            defer { entry.finish() }
            let host = entry.string("host")
            let words = ["udp", "tcp", "tls", "udp+tcp"]
            let transports: Set<SIPTransport> =
                switch entry.choice("transport", of: words, default: "udp+tcp") {
                case "udp": [.udp]
                case "tcp": [.tcp]
                case "tls": [.tls]
                default: [.udp, .tcp]
                }
            let advertised = entry.optionalString("advertise")
            if ["0.0.0.0", "::"].contains(host), advertised == nil {
                entry.reject("host", "is all addresses; 'advertise' must name the one that phones can reach")
            }
            return TelephoneConfiguration.Listen(
                endpoint: Endpoint(host: host, port: entry.integer("port", in: 0...65_535)),
                transports: transports,
                advertisedHost: advertised ?? host
            )
        }
        if points.count >= Limits.sipListenPointsMax {
            sip.reject("listen", "names \(points.count) addresses; \(Limits.sipListenPointsMax - 1) are allowed")
        }
        return points
    }

    private static func readTLS(
        _ sip: ConfigurationReader,
        into telephone: inout TelephoneConfiguration,
        path: @escaping (String) -> String
    ) {
        let tls = sip.section("tls")
        defer { tls.finish() }
        let certificate = tls.optionalString("certificate"), key = tls.optionalString("key")
        let authority = tls.optionalString("authority").map(path)
        let requires = tls.boolean("requireClientCertificate", default: false)
        telephone.trunkAuthority = tls.optionalString("trunkAuthority").map(path)
        if requires, authority == nil {
            tls.reject("requireClientCertificate", "needs 'authority': whose certificates are accepted")
        }
        switch (certificate, key) {
        case (let certificate?, let key?):
            telephone.tls = .init(
                certificate: path(certificate),
                key: path(key),
                authority: authority,
                requiresClientCertificate: requires
            )
        case (nil, nil): break
        case (nil, _): tls.reject("key", "needs 'certificate' beside it")
        case (_, nil): tls.reject("certificate", "needs 'key' beside it")
        }
    }

    private static func readOutbound(_ outbound: ConfigurationReader, into telephone: inout TelephoneConfiguration) {
        telephone.outboundTrunk = outbound.optionalString("trunk")
        telephone.outboundNumber = outbound.string("callerNumber", default: "")
        if let name = telephone.outboundTrunk {
            let trunk = telephone.trunks.first { $0.trunk.name == name }
            if trunk == nil { outbound.reject("trunk", "is '\(name)', which 'sip.trunks' does not name") }
            if let trunk, trunk.host == nil {
                outbound.reject("trunk", "is '\(name)', which has no 'host' that calls could be sent to")
            }
            if telephone.outboundNumber.isEmpty {
                outbound.reject("callerNumber", "is missing; carriers refuse calls that show none")
            }
        }
        let number = telephone.outboundNumber
        let digits = number.first == "+" ? number.dropFirst() : number[...]
        let isNumber = (2...15).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isNumber }
        if !number.isEmpty, !isNumber {
            outbound.reject("callerNumber", "is '\(number)'; write it like \"+4930123456\"")
        }
    }
}
