import Foundation

/// What the API tells of the cluster, as far as it is printed.
struct ClusterAnswer: Decodable {
    struct Decision: Decodable {
        var number: UInt64
        var site: String
        var change: String
        var by: String
        var at: String
        var forced: Bool
        var proposer: String

        /// `south is suspended`.
        var text: String {
            let words = [
                "add": "is active", "drain": "drains", "activate": "is active", "suspend": "is suspended",
                "retire": "is retired",
            ]
            return "\(site) \(words[change] ?? change)"
        }
    }

    struct Clock: Decodable {
        var offsetMs: Int64
        var errorMs: Int64
        var off: Bool
    }

    struct Member: Decodable {
        var site: String
        var state: String
        var linked: Bool
        var heardAt: String?
        var opsMissing: UInt64
        var clock: Clock?
        var decision: Decision?
    }

    var site: String
    var origin: String
    var decisions: UInt64
    var voting: Bool
    var members: [Member]
    var digest: String?
    var health: RecordsHealth

    /// The list for people.
    var text: String {
        let newest = decisions == 0 ? "no decision on membership yet" : "decision \(decisions) is the newest"
        var lines = ["The cluster as \(site) sees it (\(origin)): \(newest); \(site) has \(voting ? "a" : "no") vote."]
        let width = members.map(\.site.count).max() ?? 0
        for member in members {
            let name = member.site.padding(toLength: width, withPad: " ", startingAt: 0)
            let state = member.state.padding(toLength: 9, withPad: " ", startingAt: 0)
            lines.append("  \(name)  \(state)  \(member.site == site ? "this site" : parts(member))")
            guard let decision = member.decision else { continue }
            let forced = decision.forced ? ", forced" : ""
            let indent = String(repeating: " ", count: width + 15)
            lines.append(
                "\(indent)\(decision.change) by \(decision.by) at \(decision.proposer), \(decision.at) "
                    + "(decision \(decision.number)\(forced))"
            )
        }
        lines += health.lines
        return lines.joined(separator: "\n")
    }

    private func parts(_ member: Member) -> String {
        var parts = [member.linked ? "linked" : "no link"]
        if !member.linked { parts.append(member.heardAt.map { "heard \($0)" } ?? "never heard") }
        parts.append(member.opsMissing == 0 ? "has all" : "lacks \(member.opsMissing) ops")
        if let clock = member.clock {
            let sign = clock.offsetMs < 0 ? "" : "+"
            parts.append("clock \(sign)\(clock.offsetMs) ms ± \(clock.errorMs) ms\(clock.off ? ", OFF" : "")")
        }
        return parts.joined(separator: ", ")
    }
}

/// How records do, as far as it is printed.
struct RecordsHealth: Decodable {
    struct Clock: Decodable {
        var basis: String
        var sources: Int?
        var of: Int?
        var offsetMs: Int64?
        var trusted: Bool
    }

    struct Join: Decodable {
        var phase: String
        var donor: String?
        var documents: UInt64
    }

    struct Floor: Decodable {
        var origins: Int
        var ops: UInt64
    }

    var acknowledged: String?
    var clock: Clock
    var join: Join?
    var verification: VerificationAnswer
    var logFloor: Floor
    var halted: [String]

    /// One line for each thing that is worth one.
    var lines: [String] {
        var lines: [String] = []
        if let acknowledged { lines.append("  newest change of this site: acknowledged by '\(acknowledged)'") }
        let agreed = clock.sources.flatMap { sources in clock.of.map { " (\(sources) of \($0) clocks)" } } ?? ""
        let offset = clock.offsetMs.map { ", off by \(-$0) ms" } ?? ""
        let trust = clock.trusted ? "" : "; NOT TRUSTED: only 'local' is acknowledged"
        lines.append("  clock: \(clock.basis)\(agreed)\(offset)\(trust)")
        if let join {
            let donor = join.donor.map { " from \($0)" } ?? ", nobody gives it at the moment"
            lines.append("  taking in a snapshot\(donor): \(join.phase), \(join.documents) documents so far")
        }
        if logFloor.ops > 0 {
            lines.append("  log: \(logFloor.ops) ops of \(logFloor.origins) origins were dropped, as all have them")
        }
        lines.append("  disk: \(verification.text)")
        return lines + halted.map { "  HALTED: two histories of \($0) exist; nothing more of it is applied" }
    }
}

/// What the checks of the disk found, as far as it is printed.
struct VerificationAnswer: Decodable {
    struct Document: Decodable {
        var type: String
        var key: String
    }

    var rounds: Int
    var opsLookedAt: Int
    var damagedOps: [String]
    var damagedDocuments: [Document]
    var differing: [String]

    var isSound: Bool { damagedOps.isEmpty && damagedDocuments.isEmpty && differing.isEmpty }

    var text: String {
        let times = rounds == 1 ? "once" : "\(rounds) times"
        let head = rounds == 0 ? "no whole check since the start yet" : "checked \(times) since the start"
        guard !isSound else { return head + ", nothing found damaged (\(opsLookedAt) ops looked at)" }
        var parts: [String] = []
        if !damagedOps.isEmpty { parts.append("\(damagedOps.count) damaged ops") }
        if !damagedDocuments.isEmpty { parts.append("\(damagedDocuments.count) damaged documents") }
        if !differing.isEmpty { parts.append("other documents than \(differing.joined(separator: ", "))") }
        return head + ": " + parts.joined(separator: ", ") + "; they are being mended from other sites"
    }
}
