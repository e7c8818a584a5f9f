import Foundation
import Kernel
import Site
import Testing

struct CertificateAuthorityTests {
    private let directory = NSTemporaryDirectory() + "tandem-pki-" + UUID().uuidString
    private let now = Date()

    private func openSSL(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private func site(_ name: String) throws -> SiteID {
        try #require(SiteID(name))
    }

    @Test("OpenSSL accepts an issued certificate under its authority, with the site's name in it")
    func issuedCertificateVerifies() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let authority = try CertificateAuthority.create(cluster: "demo", directory: directory, now: now)
        try authority.issue(
            site: site("north"),
            hosts: ["127.0.0.1", "::1", "north.example"],
            directory: directory,
            days: 30,
            replace: false,
            now: now
        )
        let verdict = try openSSL("verify", "-CAfile", "\(directory)/authority.pem", "\(directory)/north.pem")
        #expect(verdict.status == 0, "\(verdict.output)")
        let text = try openSSL("x509", "-in", "\(directory)/north.pem", "-noout", "-ext", "subjectAltName").output
        #expect(text.contains("URI:tandem://demo/north"))
        #expect(text.contains("IP Address:127.0.0.1"))
        #expect(text.contains("DNS:north.example"))
    }

    @Test("Keys are readable by their owner only")
    func keysArePrivate() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let authority = try CertificateAuthority.create(cluster: "demo", directory: directory, now: now)
        try authority.issue(
            site: site("north"),
            hosts: [],
            directory: directory,
            days: 30,
            replace: false,
            now: now
        )
        for name in ["authority-key.pem", "north-key.pem"] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")[.posixPermissions]
            #expect((mode as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }

    @Test("Nothing is overwritten unless asked, and the message names the file")
    func nothingIsOverwritten() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let authority = try CertificateAuthority.create(cluster: "demo", directory: directory, now: now)
        #expect(throws: PKIError.self) {
            try CertificateAuthority.create(cluster: "demo", directory: directory, now: now)
        }
        let north = try site("north")
        try authority.issue(site: north, hosts: [], directory: directory, days: 30, replace: false, now: now)
        let error = #expect(throws: PKIError.self) {
            try authority.issue(site: north, hosts: [], directory: directory, days: 30, replace: false, now: now)
        }
        #expect(error?.message.contains("north.pem is there already") == true)
        try authority.issue(site: north, hosts: [], directory: directory, days: 30, replace: true, now: now)
    }

    @Test("An authority is opened again with its cluster; a mixed pair is refused")
    func openAgain() throws {
        let other = directory + "-other"
        defer {
            try? FileManager.default.removeItem(atPath: directory)
            try? FileManager.default.removeItem(atPath: other)
        }
        _ = try CertificateAuthority.create(cluster: "demo", directory: directory, now: now)
        #expect(try CertificateAuthority.open(directory: directory).cluster == "demo")
        _ = try CertificateAuthority.create(cluster: "demo", directory: other, now: now)
        let key = "\(directory)/authority-key.pem"
        try FileManager.default.removeItem(atPath: key)
        try FileManager.default.copyItem(atPath: "\(other)/authority-key.pem", toPath: key)
        #expect(throws: PKIError.self) { try CertificateAuthority.open(directory: directory) }
    }

    @Test("A missing authority is told kindly")
    func missingAuthority() {
        let error = #expect(throws: PKIError.self) { try CertificateAuthority.open(directory: "/nonexistent") }
        #expect(error?.message.contains("tandem pki init") == true)
    }
}
