import Kernel
import Replication

/// No log is trimmed beyond what every counted member has, and no number stands for two decisions.
struct FloorBehindMembers: RecordsChecker {
    let name = "10 floor behind members, one decision a number"
    private var decided: [UInt64: [UInt8]] = [:]

    mutating func eachSecond(_ world: RecordsWorld) -> String? {
        for site in world.sites {
            guard let membership = site.machine?.membership else { continue }
            for number in 0...membership.number {
                guard let lineage = membership.lineage(at: number) else { continue }
                if let known = decided[number], known != lineage, number > 0 {
                    return "decision \(number) is another one at \(site.id)"
                }
                if number > 0 { decided[number] = lineage }
            }
            let floor = VersionVector(site.storage.bases().map(\.dot))
            // Who came by a snapshot never had the log before it; those who gave it have.
            guard !floor.isEmpty, !site.hasJoined else { continue }
            for other in world.sites where other.exists && !world.isForgiven(other) {
                let state = membership.state(of: other.id)
                guard state == .active || state == .draining else { continue }
                if !other.stored.covers(floor) {
                    return "\(site.id) trimmed its log to \(floor.text) and \(other.id) has \(other.stored.text)"
                }
            }
        }
        return nil
    }
}

extension RecordsWorld {
    /// True for a site whose disk was taken away or that did not count for a while: it may have less than others
    /// trimmed to, and comes back by a snapshot.
    func isForgiven(_ site: RecordsSite) -> Bool {
        if site.hasLostMemory || site.isNewcomer { return true }
        return schedule.contains { $0.kind == .suspendedMember && $0.at <= now && sites[$0.site].id == site.id }
    }
}
