import ArgumentParser
import Foundation

/// `tandem site conflicts`.
struct SiteConflictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "List overwritten values, and decide about them.",
        discussion: """
            When two people change one field without seeing each other, the later value stands and the other is kept \
            here, until somebody restores or dismisses it. A decision holds at all sites.

            Examples:
              TANDEM_PASSWORD=… tandem site conflicts
              TANDEM_PASSWORD=… tandem site conflicts restore 1.4~north.28036800.42~…
              TANDEM_PASSWORD=… tandem site conflicts --json | jq -r '.items[].id'
            """,
        subcommands: [List.self, Restore.self, Dismiss.self],
        defaultSubcommand: List.self
    )

    /// `tandem site conflicts list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List them, newest first.")

        @Flag(help: "Print the answer as JSON.")
        var json = false
        @OptionGroup var api: APIOptions

        func run() async throws {
            try await reporting {
                let answer = try await api.client().ask("GET", "/api/v1/conflicts", at: api.url)
                if json { return Terminal.say(String(decoding: answer, as: UTF8.self)) }
                let items = try answer.read(Conflicts.self).items
                guard !items.isEmpty else { return Terminal.say("No overwritten value waits for a decision.") }
                Terminal.say(items.map(\.text).joined(separator: "\n"))
            }
        }
    }

    /// `tandem site conflicts restore`.
    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write an overwritten value again.")

        @Argument(help: "The conflict's id, as listed.")
        var id: String
        @Flag(help: "Print the answer as JSON.")
        var json = false
        @OptionGroup var api: APIOptions

        func run() async throws {
            let done = "The overwritten value stands again, at all sites."
            try await SiteConflictsCommand.decide(id, "restore", json: json, api, done: done)
        }
    }

    /// `tandem site conflicts dismiss`.
    struct Dismiss: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Leave the value that stands.")

        @Argument(help: "The conflict's id, as listed.")
        var id: String
        @Flag(help: "Print the answer as JSON.")
        var json = false
        @OptionGroup var api: APIOptions

        func run() async throws {
            let done = "The value that stands stays; the overwritten one is forgotten, at all sites."
            try await SiteConflictsCommand.decide(id, "dismiss", json: json, api, done: done)
        }
    }

    fileprivate static func decide(
        _ id: String,
        _ decision: String,
        json: Bool,
        _ api: APIOptions,
        done: String
    ) async throws {
        try await reporting {
            let path = "/api/v1/conflicts/\(id.pathPart)/\(decision)"
            let answer = try await api.client().ask("POST", path, at: api.url)
            Terminal.say(json ? String(decoding: answer, as: UTF8.self) : done)
        }
    }

    private struct Conflicts: Decodable {
        struct Document: Decodable {
            var type: String
            var key: String
            var title: String?
        }

        struct Side: Decodable {
            var value: String?
            var by: String
            var site: String
            var at: String

            var text: String { "\(value.map { "'\($0)'" } ?? "nothing") by \(by) at \(site), \(at)" }
        }

        struct Item: Decodable {
            var id: String
            var document: Document
            var field: String
            var lost: Side
            var won: Side

            var text: String {
                """
                \(document.type) \(document.title ?? document.key), \(field)   \(id)
                  overwritten: \(lost.text)
                  stands:      \(won.text)
                """
            }
        }

        var items: [Item]
    }
}
