package import Kernel

/// What to simulate.
package struct SimulationOptions: Hashable, Sendable {
    /// Where all chance comes from: equal options give equal runs.
    package var seed: UInt64 = 0
    /// How many sites, two to six.
    package var sites = 3
    /// Agents at each site.
    package var agentsPerSite = 3
    /// Customers in the records.
    package var customers = 12
    /// Calls a minute at all sites together.
    package var callsPerMinute = 40
    /// How long faults happen while safety is checked.
    package var faultPhase = Span.seconds(90)
    /// How long the healed cluster may take to come to rest.
    package var settleMax = Span.seconds(240)
    /// Which faults may happen.
    package var faults = Set(FaultKind.allCases)

    /// Makes options with the defaults.
    package init() {}

    /// The command that repeats this run.
    package var replayCommand: String {
        var command = "tandem simulate --seed \(seed)"
        let plain = SimulationOptions()
        if sites != plain.sites { command += " --sites \(sites)" }
        if callsPerMinute != plain.callsPerMinute { command += " --calls \(callsPerMinute)" }
        if faultPhase != plain.faultPhase { command += " --seconds \(faultPhase.milliseconds / 1_000)" }
        if faults != plain.faults {
            command += " --faults \(faults.map(\.rawValue).sorted().joined(separator: ","))"
        }
        return command
    }
}

/// What can go wrong.
package enum FaultKind: String, Hashable, CaseIterable, Comparable, Sendable {
    /// The link between two sites is cut for a while.
    case cut
    /// A site's process dies and starts again later from its disk.
    case crash
    /// A site's disk takes long.
    case slowDisk
    /// A site's disk refuses to write.
    case fullDisk
    /// SIP packets are lost more often.
    case sipLoss
    /// An agent signs in at another site without having signed out.
    case doubleSignIn
    /// A site's phone book answers too late.
    case slowLookUp

    /// Orders by name.
    package static func < (left: FaultKind, right: FaultKind) -> Bool {
        left.rawValue < right.rawValue
    }
}
