import ArgumentParser
import Foundation
import Site
import Transport

extension PKICommands {
    /// `tandem pki inspect`.
    struct Inspect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show whose certificates these are, until when, and whether they are revoked.",
            discussion: """
                Example: tandem pki inspect var/pki/*.pem --list var/pki/revoked.txt
                """
        )

        @Argument(help: "Certificate files.", completion: .file(extensions: ["pem"]))
        var files: [String]
        @Option(help: "A list of revoked certificates to look in.", completion: .file())
        var list: String?
        @Flag(help: "Print what was found as JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let found = try pkiErrors {
                    let revoked = try list.map { try RevocationFile(path: $0).read() }
                    return try files.map { file in
                        let facts = try CertificateFacts(path: file)
                        return Found(
                            file: file,
                            serial: facts.serial.description,
                            names: facts.names,
                            subject: facts.subject,
                            issuer: facts.issuer,
                            validFrom: facts.validFrom,
                            expiresAt: facts.expiresAt,
                            isRevoked: revoked?.contains(facts.serial)
                        )
                    }
                }
                if json { return try Terminal.json(found) }
                for entry in found { Terminal.say(text(entry)) }
            }
        }

        private func text(_ entry: Found) -> String {
            let days = Int((entry.expiresAt.timeIntervalSinceNow / 86_400).rounded(.down))
            let left = days < 0 ? "expired \(-days) days ago" : "\(days) days left"
            let whose = entry.names.isEmpty ? entry.subject : entry.names.joined(separator: ", ")
            return """
                \(entry.file): \(whose)\(entry.isRevoked == true ? "  REVOKED" : "")
                  serial  \(entry.serial)
                  issuer  \(entry.issuer)
                  valid   \(entry.validFrom.ISO8601Format()) to \(entry.expiresAt.ISO8601Format()), \(left)
                """
        }
    }

    /// What a file holds, for `--json`.
    private struct Found: Encodable {
        var file: String
        var serial: String
        var names: [String]
        var subject: String
        var issuer: String
        var validFrom: Date
        var expiresAt: Date
        /// Left out when no list was named.
        var isRevoked: Bool?
    }
}
