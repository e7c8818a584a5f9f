import Foundation
import Kernel
import Site
import Testing

struct RevocationFileTests {
    private let directory = NSTemporaryDirectory() + "tandem-revoked-" + UUID().uuidString
    private let now = Date(timeIntervalSince1970: 1_795_305_600)

    private func issued(_ name: String) throws -> String {
        let authority =
            try (try? CertificateAuthority.open(directory: directory))
            ?? CertificateAuthority.create(cluster: "demo", directory: directory, now: Date())
        let site = try #require(SiteID(name))
        try authority.issue(site: site, hosts: [], directory: directory, days: 30, replace: false, now: Date())
        return "\(directory)/\(name).pem"
    }

    @Test("A revoked certificate stands in the list with day and reason, once, and what stood there stays")
    func adding() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let north = try CertificateFacts.serial(of: issued("north"))
        let path = "\(directory)/revoked.txt"
        try Data("# ours\nff00 earlier".utf8).write(to: URL(filePath: path))
        let file = RevocationFile(path: path)
        #expect(try file.add(north, reason: "key\nlost # twice", now: now))
        #expect(try !file.add(north, reason: "again", now: now))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == "# ours\nff00 earlier\n\(north) 2026-11-22 key lost twice\n")
        _ = try file.read()
    }

    @Test("A list that is not there is made by the first entry, and missed by who reads it")
    func missing() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let east = try issued("east")
        let file = RevocationFile(path: "\(directory)/revoked.txt")
        let error = #expect(throws: PKIError.self) { try file.read() }
        #expect(error?.message.contains("an empty file says so") == true)
        #expect(try file.add(CertificateFacts.serial(of: east), reason: "", now: now))
        _ = try file.read()
    }

    @Test("A broken list is not added to")
    func broken() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let east = try issued("east")
        let path = "\(directory)/revoked.txt"
        try Data("what is this\n".utf8).write(to: URL(filePath: path))
        let serial = try CertificateFacts.serial(of: east)
        let error = #expect(throws: PKIError.self) {
            try RevocationFile(path: path).add(serial, reason: "", now: now)
        }
        #expect(error?.message.contains("line 1: 'what' is no serial number") == true)
    }

    @Test("A certificate's facts are read from its file; other files and texts are refused")
    func facts() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let facts = try CertificateFacts(path: issued("north"))
        #expect(facts.names == ["tandem://demo/north"])
        #expect(facts.subject.contains("north") && facts.issuer.contains("demo authority"))
        #expect(facts.validFrom < Date() && facts.expiresAt > Date())
        #expect(throws: PKIError.self) { try CertificateFacts(path: "\(directory)/north-key.pem") }
        #expect(throws: PKIError.self) { try CertificateFacts.serial(of: "no such thing") }
        #expect(try "\(CertificateFacts.serial(of: "0A:FF"))" == "aff")
    }
}
