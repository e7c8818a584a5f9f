import ArgumentParser
import Foundation
import Kernel
import Site

/// `tandem site restore`.
struct SiteRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a backup the records of a site that does not run.",
        discussion: """
            The backup is checked against its manifest first; a database that stands there is put aside with \
            --replace, never removed. At its next start the site begins a new epoch, so that nothing it writes can be \
            mistaken for what it had written after the backup, and fetches from the other sites what came after.

            A site that only lost its disk needs no backup while another site lives: start it with an empty folder.

            Example:
              tandem site restore --config cluster-config/north.yaml --from var/north/backups/before-upgrade.sqlite
            """
    )

    @Option(help: "The site's YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String
    @Option(help: "The backup's file; its manifest stands beside it.", completion: .file(extensions: ["sqlite"]))
    var from: String
    @Flag(help: "Put the present database aside.")
    var replace = false
    @Flag(help: "Print what was done as JSON.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try SiteConfiguration.forCommand(config)
            let done: OfflineOperations.Restored
            do {
                done = try OfflineOperations.restore(
                    configuration,
                    from: from,
                    mayReplace: replace,
                    progress: Terminal.progress(of:_:_:)
                )
                Terminal.endProgress()
            } catch {
                Terminal.endProgress()
                let hint = replace ? "" : " (--replace puts a present database aside.)"
                throw CommandFailure(code: .failed, message: "Nothing was restored: \(error)\(hint)")
            }
            if json { return try Terminal.json(done) }
            let aside = done.putAside.map { "\nThe database before it was put aside: \($0)" } ?? ""
            let kept = done.putAside == nil ? "." : "; it is in what was put aside."
            Terminal.say(
                """
                \(configuration.site.name) has the records of \(done.madeAt) again: \(done.database)\(aside)
                When it starts it begins a new epoch and fetches from the other sites what came after the backup. \
                What only this site had after that is not in the backup\(kept)
                """
            )
        }
    }
}

extension SiteConfiguration {
    /// Reads a configuration for a command; what is wrong ends it with the exit code for that.
    static func forCommand(_ path: String) throws -> SiteConfiguration {
        do {
            return try load(path: path)
        } catch let error as ConfigurationError {
            throw CommandFailure(code: .configuration, message: error.description)
        }
    }
}

extension Terminal {
    /// How far a phase of long work has come, in whatever it counts.
    static func progress(of phase: String, _ done: Int64, _ total: Int64) {
        let share = total > 0 ? " \(min(100, done * 100 / total)) %" : ""
        progress("\(phase)\(share)…")
    }
}
