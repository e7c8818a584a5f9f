import ArgumentParser
import Foundation
import Site
import Transport

extension PKICommands {
    /// `tandem pki revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put certificates on the list of those that are trusted no more.",
            discussion: """
                Adds the serial number, the day and the reason to the list, and makes the file when it is not there. \
                A site reads the list that its configuration names in mesh.revoked, within ten seconds of a change: \
                links that stand with such a certificate are closed. Copy the list to every site.

                Examples:
                  tandem pki revoke var/pki/east.pem --list var/pki/revoked.txt --reason "laptop stolen"
                  tandem pki revoke 3A:0F:22:91 --list var/pki/revoked.txt
                """
        )

        @Argument(help: "Certificate files, or serial numbers in hexadecimal.", completion: .file())
        var certificates: [String]
        @Option(help: "The list to add to.", completion: .file())
        var list: String
        @Option(help: "Why; a few words for whoever reads the list or the log.")
        var reason = ""
        @Flag(help: "Print what was done as JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let file = RevocationFile(path: list)
                let done = try pkiErrors {
                    let serials = try certificates.map { try CertificateFacts.serial(of: $0) }
                    return try serials.map { serial in
                        let isNew = try file.add(serial, reason: reason, now: Date())
                        return Revoked(serial: serial.description, list: list, wasListed: !isNew)
                    }
                }
                if json { return try Terminal.json(done) }
                for entry in done {
                    Terminal.say(
                        entry.wasListed
                            ? "\(entry.serial) stands in \(list) already."
                            : "Revoked \(entry.serial) in \(list)."
                    )
                }
                Terminal.say("Next: copy \(list) to every site, where mesh.revoked names it.")
            }
        }
    }

    /// What became of one certificate, for `--json`.
    private struct Revoked: Encodable {
        var serial: String
        var list: String
        var wasListed: Bool
    }
}
