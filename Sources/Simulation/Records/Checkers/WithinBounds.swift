import Kernel
import Replication

/// Queues stay below their caps.
struct WithinBounds: RecordsChecker {
    let name = "12 everything within bounds"

    mutating func eachSecond(_ world: RecordsWorld) -> String? {
        for site in world.sites where site.isUp {
            let origins = world.held.heads.count + world.sites.count
            let applications = site.pipeline.applications.count
            if applications > origins * Limits.unappliedBatchesMax {
                return "\(applications) batches wait for the disk of \(site.id)"
            }
            if site.pipeline.tasks.count > Limits.simulatedTasksMax {
                return "\(site.pipeline.tasks.count) tasks wait for the disk of \(site.id)"
            }
            let held = Dictionary(grouping: site.storage.heldBack(), by: \.dot.origin)
            if held.values.contains(where: { $0.count > Limits.heldBackOpsMax }) {
                return "\(site.id) holds back too many ops"
            }
        }
        return nil
    }
}
