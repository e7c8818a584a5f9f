import ArgumentParser
import Foundation

/// `tandem site backup`.
struct SiteBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a running site's records into its backup folder.",
        discussion: """
            The copy is what the site had at one moment; it goes on serving. It is whole once its manifest stands \
            beside it. Folder: backups.folder of the site's configuration, on the site's machine.

            Examples:
              TANDEM_PASSWORD=… tandem site backup
              TANDEM_PASSWORD=… tandem site backup --name before-upgrade
              TANDEM_PASSWORD=… tandem site backup --list
            """
    )

    @Option(help: "A name of lower-case letters, digits and hyphens; default: site and time.")
    var name: String?
    @Flag(help: "Only list the backups that are there.")
    var list = false
    @Flag(help: "Print the answer as JSON.")
    var json = false
    @OptionGroup var api: APIOptions

    private static let path = "/api/v1/site/backups"

    func run() async throws {
        try await reporting {
            let client = try await api.client()
            if list {
                let answer = try await client.ask("GET", Self.path, at: api.url)
                return Terminal.say(json ? String(decoding: answer, as: UTF8.self) : try answer.read(Backups.self).text)
            }
            try await make(client)
        }
    }

    private func make(_ client: APIClient) async throws {
        let wish = name.map { ["name": $0] } ?? [:]
        let begun = try await client.ask("POST", Self.path, wish, at: api.url).read(Run.self)
        while true {
            let now = try await client.ask("GET", Self.path, at: api.url).read(Backups.self)
            if let last = now.last, last.name == begun.name, last.startedAt == begun.startedAt {
                Terminal.endProgress()
                return try tell(last, now)
            }
            guard let running = now.running, running.name == begun.name else {
                Terminal.endProgress()
                throw CommandFailure(code: .failed, message: "\(api.url) was restarted; the backup is not whole.")
            }
            Terminal.progress(of: running.phase, running.done, running.total)
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func tell(_ run: Run, _ backups: Backups) throws {
        if let problem = run.problem {
            throw CommandFailure(code: .failed, message: "The backup \(run.name) was not made: \(problem)")
        }
        guard let made = backups.items.first(where: { $0.name == run.name }) else {
            throw CommandFailure(code: .failed, message: "The backup \(run.name) was made and is gone again.")
        }
        if json { return try Terminal.json(made) }
        Terminal.say(
            """
            The backup \(made.name) is made: \(made.path), \(made.bytes / 1_024) KiB, with its manifest beside it.
            Copy both files away from this machine. To go back to it: stop the site, then \
            tandem site restore --config FILE --from \(made.path) --replace
            """
        )
    }

    private struct Run: Decodable {
        var name: String
        var startedAt: String
        var phase: String
        var done: Int64
        var total: Int64
        var problem: String?
    }

    private struct Backup: Codable {
        struct Manifest: Codable {
            var madeAt: String
            var epoch: UInt32
            var sha256: String
        }

        var name: String
        var path: String
        var bytes: Int64
        var manifest: Manifest?
        var problem: String?
    }

    private struct Backups: Decodable {
        var folder: String
        var running: Run?
        var last: Run?
        var items: [Backup]

        var text: String {
            guard !items.isEmpty else { return "There is no backup in \(folder)." }
            let lines = items.map { item in
                let made = item.manifest.map { "made \($0.madeAt)" } ?? "not usable"
                return "  \(item.name)  \(item.bytes / 1_024) KiB, \(made)\(item.problem.map { ": \($0)" } ?? "")"
            }
            return (["Backups in \(folder):"] + lines).joined(separator: "\n")
        }
    }
}
