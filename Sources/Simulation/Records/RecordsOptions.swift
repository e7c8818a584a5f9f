package import Kernel

/// What `tandem simulate records` is to run: equal options give equal runs.
package struct RecordsOptions: Hashable, Sendable {
    /// Where all chance comes from.
    package var seed: UInt64 = 0
    /// How many sites, `Limits.simulatedSitesRange`.
    package var sites = 3
    /// How long faults happen while safety is checked.
    package var faultPhase = Span.seconds(60)
    /// How long the healed cluster may take to come to rest.
    package var settleMax = Limits.simulatedSettleMax
    /// Edits a minute, all sites together.
    package var editsPerMinute = 150
    /// Which faults may happen.
    package var faults = Set(RecordsFault.byDefault)
    /// Whether links lose, repeat and swap single frames, as no TCP link does.
    package var isHostile = false
    /// The places in the seed's schedule of the faults that are to happen; nil for all of them.
    package var kept: [Int]?

    /// Makes options with the defaults.
    package init() {}

    /// The command that repeats this run.
    package var replayCommand: String {
        var command = "tandem simulate records --seed \(seed)"
        let plain = RecordsOptions()
        if sites != plain.sites { command += " --sites \(sites)" }
        if faultPhase != plain.faultPhase { command += " --seconds \(faultPhase.milliseconds / 1_000)" }
        if editsPerMinute != plain.editsPerMinute { command += " --edits \(editsPerMinute)" }
        if faults != plain.faults {
            let names = faults.sorted().map(\.rawValue).joined(separator: ",")
            command += " --faults \(names.isEmpty ? "none" : names)"
        }
        if isHostile { command += " --hostile" }
        if let kept {
            command += " --keep \(kept.isEmpty ? "none" : kept.map(String.init).joined(separator: ","))"
        }
        return command
    }
}
