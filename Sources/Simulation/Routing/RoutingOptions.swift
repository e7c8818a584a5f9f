package import Kernel

/// What goes wrong in a routing run: with links, sites and clocks, and with people.
package enum RoutingFault: String, Hashable, CaseIterable, Comparable, Sendable {
    /// The link between two sites is cut, and both ends notice.
    case cut
    /// Nothing passes in one direction for a while; no end is told, and what was sent arrives late.
    case oneWay
    /// A link comes and goes several times.
    case flap
    /// A link takes half a second and more each way.
    case slow
    /// SIP packets are lost and repeated.
    case sipLoss
    /// A site's process dies and starts again later; some of its callers dial again elsewhere.
    case crash
    /// A site's wall clock is set forward or back.
    case clock
    /// A site's disk takes long.
    case slowDisk
    /// An agent lets it ring.
    case noAnswer
    /// An agent takes a break.
    case pause
    /// An agent signs in at another site without having signed out.
    case move
    /// An agent's desktop is gone for a while.
    case deskLost
    /// An agent's phone is gone for a while, in the middle of a call perhaps.
    case phoneLost

    /// Orders by name.
    package static func < (left: RoutingFault, right: RoutingFault) -> Bool { left.rawValue < right.rawValue }
}

/// What a routing run simulates.
package struct RoutingOptions: Hashable, Sendable {
    /// Where all chance comes from: equal options give equal runs.
    package var seed: UInt64 = 1
    /// How many sites.
    package var sites = 3
    /// Agents of each.
    package var agentsPerSite = 2
    /// Calls a minute at all sites together, before the profile.
    package var callsPerMinute = 12
    /// How long calls come and faults happen.
    package var faultPhase = Span.minutes(10)
    /// How long the healed cluster may take to come to rest.
    package var settleMax = Span.seconds(240)
    /// What may go wrong.
    package var faults = Set(RoutingFault.allCases)

    /// Makes options with the defaults.
    package init() {}

    /// The command that repeats this run.
    package var replayCommand: String {
        let plain = RoutingOptions()
        var command = "tandem simulate routing --seed \(seed)"
        if sites != plain.sites { command += " --sites \(sites)" }
        if agentsPerSite != plain.agentsPerSite { command += " --agents \(agentsPerSite)" }
        if callsPerMinute != plain.callsPerMinute { command += " --calls \(callsPerMinute)" }
        if faultPhase != plain.faultPhase {
            let seconds = faultPhase.milliseconds / 1_000
            command += seconds % 60 == 0 ? " --minutes \(seconds / 60)" : " --seconds \(seconds)"
        }
        if faults != plain.faults {
            let names = faults.sorted().map(\.rawValue).joined(separator: ",")
            command += " --faults \(names.isEmpty ? "none" : names)"
        }
        return command
    }
}
