import Foundation
import Kernel
import SIP
import Site
import Testing

struct TelephoneConfigurationTests {
    private let base = """
        site:
          id: north
        cluster:
          id: demo
        data: var
        http:
          port: 8081
        mesh:
          port: 7401
          authority: a.pem
          certificate: n.pem
          key: k.pem
        sip:
          port: 5061

        """

    private func telephone(
        _ more: String,
        file: String = "/etc/tandem/x.yaml",
        environment: [String: String] = [:]
    ) throws -> TelephoneConfiguration {
        try SiteConfiguration.parse(base + more, file: file, environment: environment).telephone
    }

    private func problems(_ more: String, environment: [String: String] = [:]) -> [String] {
        do {
            _ = try SiteConfiguration.parse(base + more, file: "x.yaml", environment: environment)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map(\.description)
        } catch {
            return ["another error: \(error)"]
        }
    }

    @Test("Without a word the telephone has one port, no trunks and the usual bounds")
    func defaults() throws {
        let telephone = try telephone("")
        #expect(telephone == TelephoneConfiguration())
        #expect(telephone.legsMax == Limits.sipLegsMax && telephone.sessionExpires == Limits.sipSessionExpires)
        #expect(!telephone.connectsByTLS)
    }

    @Test("Ports, certificates and bounds are read, paths relative to the file")
    func ports() throws {
        let telephone = try telephone(
            """
              sessionExpiresSeconds: 600
              phoneProbeSeconds: 0
              limits:
                callsPerSecond: 7
                legs: 40
              listen:
                - host: "::1"
                  port: 5062
                - host: 0.0.0.0
                  port: 5063
                  transport: tls
                  advertise: 192.0.2.1
              tls:
                certificate: sip.pem
                key: /keys/sip.key
                authority: clients.pem
                requireClientCertificate: true
                trunkAuthority: carriers.pem
            """
        )
        #expect(telephone.sessionExpires == .seconds(600) && telephone.phoneProbeInterval == .zero)
        #expect(telephone.callsPerSecondMax == 7 && telephone.legsMax == 40)
        #expect(telephone.listen.map(\.transports) == [[.udp, .tcp], [.tls]])
        #expect(telephone.listen.map(\.endpoint.port) == [5_062, 5_063])
        #expect(telephone.listen.map(\.advertisedHost) == ["::1", "192.0.2.1"])
        #expect(telephone.tls?.certificate == "/etc/tandem/sip.pem" && telephone.tls?.key == "/keys/sip.key")
        #expect(telephone.tls?.authority == "/etc/tandem/clients.pem")
        #expect(telephone.tls?.requiresClientCertificate == true)
        #expect(telephone.trunkAuthority == "/etc/tandem/carriers.pem")
    }

    @Test("Trunks are read with their defaults")
    func trunks() throws {
        let telephone = try telephone(
            """
              trunks:
                - name: numeric
                  host: 192.0.2.7
                  port: 5070
                - name: carrier
                  host: example.com
                  proxy: sbc.example.com
                  transport: tls
                  sources: [192.0.2.0/24, "2001:db8::/32"]
                  username: tandem
                  password: secret
                  register: true
                  probeSeconds: 0
                  callsPerSecond: 20
                  calls: 200
                - name: inward
                  sources: 198.51.100.9
                  incomingUsername: them
                  incomingPassword: theirs
            outbound:
              trunk: carrier
              callerNumber: "+4930123456"
            """
        )
        let (numeric, carrier, inward) = (telephone.trunks[0], telephone.trunks[1], telephone.trunks[2])
        #expect(numeric.host == "192.0.2.7" && numeric.port == 5_070 && numeric.trunk.domain.isEmpty)
        #expect(numeric.trunk.sources.map(\.text) == ["192.0.2.7"] && numeric.trunk.probeInterval == .seconds(30))
        #expect(carrier.host == "sbc.example.com" && carrier.port == nil && carrier.trunk.domain == "example.com")
        #expect(carrier.trunk.transport == .tls && carrier.trunk.registers && carrier.trunk.probeInterval == .zero)
        #expect(carrier.trunk.outgoing == .init(user: "tandem", password: "secret"))
        #expect(carrier.trunk.sources.map(\.text) == ["192.0.2.0/24", "2001:db8::/32"])
        #expect(carrier.trunk.callsPerSecondMax == 20 && carrier.trunk.callsMax == 200)
        #expect(inward.host == nil && inward.incoming == .init(user: "them", password: "theirs"))
        #expect(telephone.connectsByTLS && telephone.outboundTrunk == "carrier")
        #expect(telephone.outboundNumber == "+4930123456")
    }

    @Test("A password comes from a file or from the environment, which has the last word")
    func passwords() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tandem-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("from file\n".utf8).write(to: folder.appending(path: "word.txt"))
        let text = """
              trunks:
                - name: my-carrier
                  host: 192.0.2.7
                  username: tandem
                  passwordFile: word.txt
            """
        let file = folder.appending(path: "x.yaml").path
        #expect(try telephone(text, file: file).trunks[0].trunk.outgoing?.password == "from file")
        let variable = "TANDEM_SIP_TRUNK_MY_CARRIER_PASSWORD"
        let told = try telephone(text, file: file, environment: [variable: "told"])
        #expect(told.trunks[0].trunk.outgoing?.password == "told")
    }

    @Test(
        "A mistake is refused with its line and what to do",
        arguments: [
            ("  listen:\n    - port: 5062", "x.yaml:16: 'sip.listen[1].host' is missing"),
            ("  listen:\n    - host: 0.0.0.0\n      port: 5062", "x.yaml:16: 'sip.listen[1].host' is all addresses"),
            ("  listen:\n    - host: ::1\n      port: 1\n      transport: sctp", "'sip.listen[1].transport' is 'sctp'"),
            ("  listen:\n    - host: 127.0.0.1\n      port: 1\n      transport: tls", "'sip.listen' opens a TLS port"),
            ("  tls:\n    key: a.key", "x.yaml:16: 'sip.tls.key' needs 'certificate' beside it"),
            ("  tls:\n    requireClientCertificate: true", "needs 'authority'"),
            ("  limits:\n    leg: 4", "x.yaml:16: unknown key 'sip.limits.leg'; did you mean 'legs'?"),
            ("  trunks:\n    - host: a.test", "x.yaml:16: 'sip.trunks[1].name' is missing"),
            ("  trunks:\n    - name: Big One", "x.yaml:16: 'sip.trunks[1].name' is 'Big One'"),
            ("  trunks:\n    - name: a\n    - name: a", "x.yaml:17: 'sip.trunks[2].name' is 'a', as another trunk"),
            ("  trunks:\n    - name: a\n      host: sip:a.test", "x.yaml:17: 'sip.trunks[1].host' is 'sip:a.test'"),
            ("  trunks:\n    - name: a\n      proxy: p.test", "x.yaml:17: 'sip.trunks[1].proxy' needs 'host'"),
            ("  trunks:\n    - name: a\n      sources: [x]", "x.yaml:17: 'sip.trunks[1].sources' holds 'x'"),
            ("  trunks:\n    - name: a\n      sources: [{}]", "must be a list of single values"),
            ("  trunks:\n    - name: a\n      register: true", "needs 'host', 'username' and a password"),
            ("  trunks:\n    - name: a\n      username: u", "or the variable TANDEM_SIP_TRUNK_A_PASSWORD"),
            ("  trunks:\n    - name: a\n      password: p", "x.yaml:17: 'sip.trunks[1].password' needs 'username'"),
            ("  trunks:\n    - name: a\n      username: u\n      passwordFile: no", "which cannot be read as text"),
            ("outbound:\n  trunk: b", "x.yaml:16: 'outbound.trunk' is 'b', which 'sip.trunks' does not name"),
            ("  trunks:\n    - name: b\noutbound:\n  trunk: b\n  callerNumber: '1'", "has no 'host'"),
            ("outbound:\n  callerNumber: 0049 x", "x.yaml:16: 'outbound.callerNumber' is '0049 x'"),
        ]
    )
    func mistakes(more: String, expected: String) {
        let found = problems(more)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("No message shows a password")
    func secrets() {
        let found = problems(
            """
              trunks:
                - name: a
                  password: hunter2
                  incomingPassword: hunter3
                  incomingPasswordFile: nowhere
            """
        )
        #expect(!found.isEmpty && !found.contains { $0.contains("hunter") }, "\(found)")
    }
}
