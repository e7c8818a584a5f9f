import Kernel

/// One fault of a run: all chance of it was drawn beforehand, so that leaving out others does not change it.
struct PlannedFault: Hashable, Sendable {
    /// Its place in the seed's schedule.
    let number: Int
    let kind: RecordsFault
    let at: Instant
    let length: Span
    let site: Int
    let other: Int
    /// For whatever else there is to choose.
    let chance: UInt64

    /// For people.
    func text(_ sites: [SiteID]) -> String {
        "\(number): \(kind.rawValue) at \(at.milliseconds) ms for \(length.milliseconds) ms, "
            + "\(sites[site].name), \(sites[other].name)"
    }
}

/// What goes wrong in a run, and when.
enum FaultSchedule {
    static func make(_ options: RecordsOptions) -> [PlannedFault] {
        var random = SeededRandom(seed: options.seed &* 0xA24B_AED4_963E_E407 &+ 7)
        let sites = options.sites
        let kinds = options.faults.subtracting([.joiner]).sorted()
        var faults: [PlannedFault] = []
        // Sites forget their votes with their disks; decisions need a majority that does not.
        let first = Int.random(in: 0..<sites, using: &random)
        let fragile = (0..<max(1, (sites - 1) / 2)).map { (first + $0) % sites }
        let forgetting: Set<RecordsFault> = [.lostDisk, .restoredBackup, .setBackDisk, .tornHeadFile]
        func add(_ kind: RecordsFault, at: Int64, site: Int? = nil) {
            var chosen = site ?? Int.random(in: 0..<sites, using: &random)
            if forgetting.contains(kind) { chosen = fragile[chosen % fragile.count] }
            faults.append(
                PlannedFault(
                    number: faults.count,
                    kind: kind,
                    at: Instant(milliseconds: at),
                    length: .milliseconds(Int64.random(in: 300...9_000, using: &random)),
                    site: chosen,
                    other: (chosen + Int.random(in: 1..<sites, using: &random)) % sites,
                    chance: random.next()
                )
            )
        }
        let end = options.faultPhase.milliseconds
        if options.faults.contains(.joiner), Int.random(in: 0..<3, using: &random) == 0 {
            add(.joiner, at: Int64.random(in: (end / 4)...max(end / 4, end * 3 / 4), using: &random), site: sites - 1)
        }
        var at = Int64.random(in: 1_500...4_000, using: &random)
        while at < end, !kinds.isEmpty {
            add(kinds[Int.random(in: 0..<kinds.count, using: &random)], at: at)
            at += Int64.random(in: 200...4_000, using: &random)
        }
        guard let kept = options.kept else { return faults }
        return faults.filter { kept.contains($0.number) }
    }
}
