import Foundation
import Kernel
import Replication
import Site
import Testing

struct ConfigurationTests {
    private static let samples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "cluster-config")

    private let good = """
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

    private func problems(_ text: String, environment: [String: String] = [:]) -> [String] {
        do {
            _ = try SiteConfiguration.parse(text, file: "x.yaml", environment: environment)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map(\.description)
        } catch {
            return ["another error: \(error)"]
        }
    }

    @Test("Every sample in cluster-config can be read", arguments: ["north", "east", "south"])
    func samplesAreRead(site: String) throws {
        let path = Self.samples.appending(path: "\(site).yaml").path
        let configuration = try SiteConfiguration.load(path: path, environment: [:])
        #expect(configuration.site.name == site)
        #expect(configuration.cluster == "demo")
        #expect(configuration.peers.count == 2)
    }

    @Test("A small file is read with defaults, and paths are relative to it")
    func smallFile() throws {
        let configuration = try SiteConfiguration.parse(good, file: "/etc/tandem/x.yaml", environment: [:])
        #expect(configuration.siteName == "north")
        #expect(configuration.dataDirectory == "/etc/tandem/var")
        #expect(configuration.publicURL == "http://127.0.0.1:8081")
        #expect(configuration.failureProfile == .lan)
        #expect(configuration.unreachableAfter == .milliseconds(4_500))
        #expect(!configuration.isNewcomer)
        #expect(configuration.backupsDirectory == "/etc/tandem/var/backups")
        #expect(configuration.logRetention == .minutes(72 * 60))
    }

    @Test("The profile of failure detection sets the bounds that are not given")
    func failureProfile() throws {
        let wide = good + "\nfailureDetection:\n  profile: wan\n  suspectAfterMs: 2000\n"
        let configuration = try SiteConfiguration.parse(wide, file: "x.yaml", environment: [:])
        #expect(configuration.failureProfile == .wan)
        #expect(configuration.suspectAfter == .seconds(2) && configuration.unreachableAfter == .seconds(9))
        #expect(throws: ConfigurationError.self) {
            _ = try SiteConfiguration.parse(
                good + "\nfailureDetection:\n  profile: moon\n",
                file: "x.yaml",
                environment: [:]
            )
        }
    }

    @Test("The environment overrides a key, and is named when it is wrong")
    func environment() throws {
        let configuration = try SiteConfiguration.parse(
            good,
            file: "x.yaml",
            environment: ["TANDEM_SIP_PORT": "6000", "TANDEM_DATA": "/srv/tandem"]
        )
        #expect(configuration.sip.port == 6_000)
        #expect(configuration.dataDirectory == "/srv/tandem")
        #expect(
            problems(good, environment: ["TANDEM_SIP_PORT": "many"])
                == ["TANDEM_SIP_PORT: 'sip.port' is 'many'; it must be a whole number from 0 to 65535"]
        )
    }

    @Test(
        "A mistake is refused with its line and what to do",
        arguments: [
            ("  port: 5061", "  prot: 5061", "x.yaml:14: unknown key 'sip.prot'; did you mean 'port'?"),
            ("  port: 5061", "  port: 99999", "x.yaml:14: 'sip.port' is '99999'"),
            ("  port: 5061", "  port: [1]", "x.yaml:14: 'sip.port' must be a single value"),
            ("  id: north", "  id: North!", "x.yaml:2: 'site.id' is 'North!'"),
            ("  id: north", "  id: north\n  zone: Mars/Base", "x.yaml:3: 'site.zone' is 'Mars/Base'"),
            ("data: var", "data: ''", "'data' is missing; add it, or set TANDEM_DATA"),
            ("  key: k.pem", "  key: k.pem\n  peers: east", "x.yaml:13: 'mesh.peers' must be a list"),
            ("  key: k.pem", "  key: k.pem\n  key: j.pem", "keys twice"),
            ("site:", "site: {", "is not valid YAML"),
        ]
    )
    func mistakes(old: String, new: String, expected: String) {
        let found = problems(good.replacingOccurrences(of: old, with: new))
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("All problems are told at once")
    func allAtOnce() {
        let found = problems("site:\n  id: north\n")
        #expect(found.count >= 6, "\(found)")
        #expect(found.contains { $0.contains("'cluster.id' is missing; add it, or set TANDEM_CLUSTER_ID") })
    }

    @Test(
        "Odd input is refused and never crashes",
        arguments: ["", "[]", "a", "- b", "site: 3", "\u{0}", "site:\n  - x"]
    )
    func oddInput(text: String) {
        #expect(!problems(text).isEmpty)
    }
}
