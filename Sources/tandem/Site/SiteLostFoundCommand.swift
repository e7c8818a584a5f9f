import ArgumentParser
import Foundation

/// `tandem site lost-found`.
struct SiteLostFoundCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lost-found",
        abstract: "List what was written to documents that others had deleted, and settle it.",
        discussion: """
            A deleted document never returns. What somebody wrote to it without knowing is kept here for a supervisor, \
            who writes it where it belongs and then settles it.

            Examples:
              TANDEM_PASSWORD=… tandem site lost-found
              TANDEM_PASSWORD=… tandem site lost-found settle customer north-28036800-42-0
            """,
        subcommands: [List.self, Settle.self],
        defaultSubcommand: List.self
    )

    /// `tandem site lost-found list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List it, newest first.")

        @Option(help: "At most so many documents, 1 to 200.")
        var limit = 50
        @Flag(help: "Print the answer as JSON.")
        var json = false
        @OptionGroup var api: APIOptions

        func run() async throws {
            try await reporting {
                let answer = try await api.client().ask("GET", "/api/v1/lost-found?limit=\(limit)", at: api.url)
                if json { return Terminal.say(String(decoding: answer, as: UTF8.self)) }
                let list = try answer.read(LostFound.self)
                guard !list.items.isEmpty else { return Terminal.say("Nothing was lost in deleted documents.") }
                let more = list.next == nil ? "" : "\nThere is more; ask with a higher --limit."
                Terminal.say(list.items.map(\.text).joined(separator: "\n") + more)
            }
        }
    }

    /// `tandem site lost-found settle`.
    struct Settle: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget what was lost in a deleted document.")

        @Argument(help: "The document's type, as listed.")
        var type: String
        @Argument(help: "The document's key, as listed.")
        var key: String
        @Flag(help: "Print the answer as JSON.")
        var json = false
        @OptionGroup var api: APIOptions

        func run() async throws {
            try await reporting {
                let path = "/api/v1/lost-found/\(type.pathPart)/\(key.pathPart)"
                let answer = try await api.client().ask("DELETE", path, at: api.url)
                if json { return Terminal.say(String(decoding: answer, as: UTF8.self)) }
                Terminal.say("What was lost in \(type) \(key) is settled, at all sites.")
            }
        }
    }

    private struct LostFound: Decodable {
        struct Document: Decodable {
            var type: String
            var key: String
        }

        struct Value: Decodable {
            var field: String
            var value: String?
            var by: String?
            var site: String
            var at: String?

            var text: String {
                let author = by.map { "\($0) at \(site)" } ?? "somebody at \(site)"
                return "  \(field): \(value.map { "'\($0)'" } ?? "nothing") by \(author)\(at.map { ", \($0)" } ?? "")"
            }
        }

        struct Item: Decodable {
            var document: Document
            var deletedBy: String
            var deletedAtSite: String
            var deletedAt: String?
            var items: [Value]
            var more: Int

            var text: String {
                let head =
                    "\(document.type) \(document.key), deleted by \(deletedBy) at \(deletedAtSite)"
                    + (deletedAt.map { ", \($0)" } ?? " so long ago that all had forgotten it")
                let rest = more > 0 ? ["  and \(more) more"] : []
                return ([head] + items.map(\.text) + rest).joined(separator: "\n")
            }
        }

        var items: [Item]
        var next: String?
    }
}
