import Telephony
import Transport

/// The files of SIP over TLS.
struct TelephoneCertificates: Sendable {
    private let own: TelephoneConfiguration.TLSFiles?
    private let trunkAuthority: String?
    private let connects: Bool

    init(_ configuration: TelephoneConfiguration) {
        own = configuration.tls
        trunkAuthority = configuration.trunkAuthority
        connects = configuration.connectsByTLS || configuration.tls != nil
    }

    /// The files whose change is taken into use while the site runs.
    var files: [String] {
        [own?.certificate, own?.key, own?.authority, trunkAuthority].compactMap(\.self)
    }

    /// Reads and checks the files.
    func load() throws(TransportError) -> SIPTLS {
        var tls = SIPTLS()
        if let own {
            tls.server = try TLSServiceContext(
                TLSServiceConfiguration(
                    certificateFile: own.certificate,
                    keyFile: own.key,
                    authorityFile: own.authority,
                    requiresClientCertificate: own.requiresClientCertificate
                )
            )
        }
        if connects {
            tls.client = try TLSServiceContext(
                TLSServiceConfiguration(
                    certificateFile: own?.certificate,
                    keyFile: own?.key,
                    authorityFile: trunkAuthority
                )
            )
        }
        return tls
    }
}
