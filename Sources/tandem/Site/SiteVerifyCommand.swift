import ArgumentParser
import Foundation
import Kernel
import Site

/// `tandem site verify`.
struct SiteVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check everything that a site has on disk against its hashes.",
        discussion: """
            A running site checks its log and documents, and mends what is damaged from the other sites; this command \
            starts a check and follows it. With --offline it reads the files of a site that does not run, changes \
            no record, and mends nothing. Exit code 65: something is damaged.

            Examples:
              TANDEM_PASSWORD=… tandem site verify --url http://127.0.0.1:8081
              tandem site verify --offline --config cluster-config/north.yaml
            """
    )

    @Flag(help: "Read the files of a site that does not run.")
    var offline = false
    @Option(help: "The site's YAML file, for --offline.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @Flag(help: "Print the findings as JSON.")
    var json = false
    @OptionGroup var api: APIOptions

    func validate() throws {
        if offline != (config != nil) { throw ValidationError("--offline and --config FILE go together.") }
    }

    func run() async throws {
        try await reporting {
            if let config {
                try await verifyOffline(SiteConfiguration.forCommand(config))
            } else {
                try await verifyOnline()
            }
        }
    }

    private func verifyOffline(_ configuration: SiteConfiguration) async throws {
        let found: OfflineOperations.Findings
        do {
            found = try await OfflineOperations.verify(configuration, progress: Terminal.progress(of:_:_:))
            Terminal.endProgress()
        } catch {
            Terminal.endProgress()
            throw CommandFailure(code: .failed, message: "\(configuration.site.name) was not checked: \(error)")
        }
        if json {
            try Terminal.json(found)
        } else {
            Terminal.say(
                """
                \(configuration.site.name): looked at \(found.documents) documents and \(found.ops) ops.
                  SQLite's structure: \(found.structure.isEmpty ? "sound" : found.structure.joined(separator: "; "))
                  damaged documents: \(count(found.damagedDocumentCount, found.damagedDocuments))
                  damaged or missing ops: \(count(found.damagedOpCount, found.damagedOps))
                  damaged attachments of \(found.attachments): \
                \(count(found.damagedAttachmentCount, found.damagedAttachments))
                """
            )
        }
        guard !found.isSound else { return }
        let next =
            found.structure.isEmpty
            ? "Start the site: it fetches them again from the others."
            : "Put the file aside and start the site with an empty folder: it refills from the others."
        throw CommandFailure(code: .data, message: "The records on disk are damaged. \(next)")
    }

    private func count(_ number: Int, _ first: [String]) -> String {
        guard number > 0 else { return "none" }
        let more = number > first.count ? ", …" : ""
        return "\(number) (\(first.joined(separator: ", "))\(more))"
    }

    private func verifyOnline() async throws {
        let client = try await api.client()
        let path = "/api/v1/site/verification"
        let before = try await client.ask("POST", path, at: api.url).read(VerificationAnswer.self)
        var answer = try await client.ask("GET", path, at: api.url)
        var now = try answer.read(VerificationAnswer.self)
        while now.rounds <= before.rounds {
            guard now.opsLookedAt >= before.opsLookedAt else {
                throw CommandFailure(code: .failed, message: "\(api.url) was restarted meanwhile; begin again.")
            }
            Terminal.progress("Checking: \(now.opsLookedAt - before.opsLookedAt) ops looked at…")
            try await Task.sleep(for: .milliseconds(200))
            answer = try await client.ask("GET", path, at: api.url)
            now = try answer.read(VerificationAnswer.self)
        }
        Terminal.endProgress()
        Terminal.say(json ? String(decoding: answer, as: UTF8.self) : "\(api.url): \(now.text).")
        guard !now.isSound else { return }
        throw CommandFailure(
            code: .data,
            message: "Something is damaged. The site mends it from the others; look again in a minute."
        )
    }
}
