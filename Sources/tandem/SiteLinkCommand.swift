import ArgumentParser
import Foundation

/// `tandem site link`.
struct SiteLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Cut the direct link to a peer for a drill, or join it again.",
        discussion: """
            Both sites go on serving; records and presence take the way through a third site where there is one. \
            A restart of the site joins the link again.

            Example: TANDEM_PASSWORD=… tandem site link south --cut --url http://127.0.0.1:8081
            """
    )

    /// What to do with the link.
    enum Change: String, EnumerableFlag {
        case cut
        case join
    }

    @Argument(help: "The peer's id.")
    var peer: String
    @Flag(help: "Cut the link, or join it.")
    var change: Change
    @OptionGroup var api: APIOptions

    func run() async throws {
        try await reporting {
            let client = try await api.client()
            do {
                _ = try await client.send(
                    "POST",
                    "/api/v1/site/links/\(peer)",
                    body: Data(#"{"cut":\#(change == .cut)}"#.utf8),
                    type: "application/json"
                )
            } catch let problem as APIProblem {
                throw CommandFailure(code: .failed, message: "\(api.url): \(problem)")
            }
            Terminal.say(change == .cut ? "The link to \(peer) is cut." : "The link to \(peer) is joined again.")
        }
    }
}
