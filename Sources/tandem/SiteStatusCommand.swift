import ArgumentParser
import Foundation

/// `tandem site status`.
struct SiteStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask a running site how it and its links do.",
        discussion: """
            Examples:
              TANDEM_PASSWORD=… tandem site status --url http://127.0.0.1:8081
              TANDEM_PASSWORD=… tandem site status --json | jq .peers
            """
    )

    @Flag(help: "Print the answer as JSON.")
    var json = false
    @OptionGroup var api: APIOptions

    func run() async throws {
        try await reporting {
            let client = try await api.client()
            let answer: Data
            do {
                answer = try await client.send("GET", "/api/v1/site/status")
            } catch let problem as APIProblem {
                throw CommandFailure(code: .failed, message: "\(api.url): \(problem)")
            }
            if json { return Terminal.say(String(decoding: answer, as: UTF8.self)) }
            Terminal.say(text(try JSONDecoder().decode(Status.self, from: answer)))
        }
    }

    private func text(_ status: Status) -> String {
        let up = status.uptimeMs / 1_000
        var lines = [
            "\(status.name) (\(status.site)) is \(status.state), for \(up / 3_600) h \(up / 60 % 60) min \(up % 60) s",
            "  agents signed in \(status.agentsSignedIn), phones registered \(status.phonesRegistered), "
                + "live contacts \(status.contactsLive)",
            "  documents \(status.records.documents), ops \(status.records.ops), "
                + "open conflicts \(status.records.conflicts), on disk \(status.records.storeBytes / 1_024) KiB",
        ]
        for peer in status.peers {
            let trip = peer.rttMs.map { String(format: ", round trip %.1f ms", $0) } ?? ""
            let behind =
                peer.opsBehind + peer.opsAhead == 0
                ? "in step" : "\(peer.opsAhead) ops to send, \(peer.opsBehind) to fetch"
            let cut = peer.cut ? " (cut for a drill)" : ""
            lines.append("  \(peer.site): \(peer.state), link \(peer.link)\(cut)\(trip), \(behind)")
        }
        lines += status.records.health?.lines ?? []
        return lines.joined(separator: "\n")
    }

    private struct Status: Decodable {
        struct Peer: Decodable {
            var site: String
            var state: String
            var link: String
            var cut: Bool
            var rttMs: Double?
            var opsBehind: UInt64
            var opsAhead: UInt64
        }

        struct Records: Decodable {
            var documents: UInt64
            var ops: UInt64
            var conflicts: UInt64
            var storeBytes: UInt64
            var health: RecordsHealth?
        }

        var site: String
        var name: String
        var state: String
        var uptimeMs: Int64
        var peers: [Peer]
        var records: Records
        var agentsSignedIn: Int
        var phonesRegistered: Int
        var contactsLive: Int
    }
}
