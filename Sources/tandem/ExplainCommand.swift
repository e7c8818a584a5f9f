import ArgumentParser
import Foundation

/// `tandem explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a contact went where it went, or why it waits.",
        discussion: """
            Shows what was decided about a contact, newest first: the rule that settled it, who was looked at and why \
            each was passed over, and how old the deciding site's knowledge of each site was. For a contact that waits \
            anywhere in the cluster, the first is what would be decided now, with every agent.

            Examples:
              TANDEM_PASSWORD=… tandem explain north-12-34
              TANDEM_PASSWORD=… tandem explain north-12-34 --json | jq '.decisions[0].candidates'
            """
    )

    @Argument(help: "The contact's id, as the wall, the ticket and the log show it.")
    var contact: String
    @Flag(help: "Print the answer as JSON.")
    var json = false
    @OptionGroup var api: APIOptions

    func run() async throws {
        try await reporting {
            let path = "/api/v1/contacts/\(contact.pathPart)/explanation"
            let answer = try await api.client().ask("GET", path, at: api.url)
            if json { return Terminal.say(String(decoding: answer, as: UTF8.self)) }
            let told = try answer.read(Explanation.self)
            guard !told.decisions.isEmpty else {
                return Terminal.say("\(contact) is on record, but no decision about it is: nobody answered it.")
            }
            Terminal.say(told.decisions.map(\.text).joined(separator: "\n\n"))
        }
    }

    private struct Explanation: Decodable {
        struct Candidate: Decodable {
            var agent: String
            var site: String
            var chosen: Bool
            var reason: String
            var handlingTodayMs: Int64?
            var idleMs: Int64?

            var text: String {
                let minutes = (handlingTodayMs ?? 0) / 60_000
                let seconds = (idleMs ?? 0) / 1_000
                return "  \(chosen ? "→" : " ") \(agent) at \(site): \(reason); "
                    + "\(minutes) min on contacts today, \(seconds) s in this state"
            }
        }

        struct Site: Decodable {
            var site: String
            var state: String
            var ageMs: Int64
            var agents: Int
            var fit: Int

            var text: String {
                "    \(site) (\(state)): \(agents) signed in, \(fit) could take it; known as of \(ageMs) ms before"
            }
        }

        struct Decision: Decodable {
            var at: String
            var site: String
            var result: String
            var rule: String
            var agent: String?
            var agentSite: String?
            var demand: String
            var candidates: [Candidate]
            var omitted: Int
            var nearest: [String]
            var sites: [Site]

            var text: String {
                let whither = agent.map { "goes to \($0) at \(agentSite ?? "?")" } ?? "waits"
                var lines = ["\(at), \(site): \(whither) (\(rule))"]
                if !demand.isEmpty { lines.append("  wanted: \(demand)") }
                lines += candidates.map(\.text)
                if omitted > 0 { lines.append("    and \(omitted) more who could take it") }
                lines += nearest.map { "  nearest: \($0)" }
                return (lines + sites.map(\.text)).joined(separator: "\n")
            }
        }

        var contact: String
        var decisions: [Decision]
    }
}
