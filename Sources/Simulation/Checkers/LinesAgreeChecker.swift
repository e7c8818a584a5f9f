import Kernel
import SIP
import SiteCore

/// Whoever sends sound is heard by the one it goes to, and whoever listens is spoken to, once nothing hinders.
///
/// Read from what each telephone has said and was told last. A change takes a moment, so only what lasts counts.
struct LinesAgreeChecker: ClusterChecker {
    let name = "lines lead to each other"
    /// How long the ends of a call may differ: repetitions and second tries of a change on a wire that loses little.
    private static let agreed = Span.seconds(12)
    private static let between = Span.seconds(1)
    private var lookAgainAt = Instant.zero
    /// The calls in which sites say that people talk.
    ///
    /// Others may lead to somebody who has left, until somebody else comes.
    private var talking: Set<String> = []
    /// Lines that do not agree, and since when.
    private var since: [SIPAddress: Instant] = [:]

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        guard cluster.now >= lookAgainAt else { return nil }
        lookAgainAt = cluster.now + Self.between
        guard let sound = cluster.soundSince else {
            since = [:]
            return nil
        }
        let lines = cluster.openLines
        talking = cluster.sites.reduce(into: []) { $0.formUnion($1.machine?.talkingCalls ?? []) }
        let byMedia = Dictionary(lines.map { ($0.line.media, $0) }) { first, _ in first }
        var seen: [SIPAddress: Instant] = [:]
        for one in lines {
            guard !one.isForgotten, let wrong = wrong(with: one, byMedia, cluster.lostMedia) else { continue }
            let from = max(since[one.line.media] ?? cluster.now, sound)
            seen[one.line.media] = from
            if cluster.now - from > Self.agreed { return "\(one.name) \(wrong)" }
        }
        since = seen
        return nil
    }

    private func wrong(
        with one: OpenLine,
        _ lines: [SIPAddress: OpenLine],
        _ lost: Set<SIPAddress>
    ) -> String? {
        let isTalking = talking.contains(one.callID)
        if let address = one.line.sendsTo ?? one.line.hears, lines[address] == nil {
            // Nobody can tell a site that a telephone has lost its power.
            return isTalking && !lost.contains(address) ? "talks with \(address), where nobody is" : nil
        }
        if let address = one.line.sendsTo {
            guard let other = lines[address] else { return nil }
            if other.line.hears != one.line.media {
                return "sends to \(other.name), who hears \(describe(other.line.hears, lines))"
            }
        }
        if let address = one.line.hears {
            guard let other = lines[address] else { return nil }
            if other.line.sendsTo != one.line.media {
                return "listens to \(other.name), who sends to \(describe(other.line.sendsTo, lines))"
            }
        }
        guard isTalking, one.line.sendsTo == nil, one.line.hears == nil, !one.line.holds,
            let address = one.line.other, let other = lines[address], !other.line.holds
        else { return nil }
        return "talks with \(other.name) in silence"
    }

    private func describe(_ address: SIPAddress?, _ lines: [SIPAddress: OpenLine]) -> String {
        guard let address else { return "nobody" }
        return lines[address]?.name ?? "\(address)"
    }
}
