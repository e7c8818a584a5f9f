import Kernel
import SiteCore

/// Nothing that an operator must be woken for happens, except what a full disk brings.
struct NoAlarmChecker: ClusterChecker {
    let name = "no alarm"

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        for (site, directive) in cluster.lastDirectives {
            guard case .alarm(let line) = directive else { continue }
            let why = line.fields.map(\.value).joined(separator: " ")
            let isDisk = line.event == "disk.failed" || (line.event == "contact.unrecorded" && why.hasSuffix("disk"))
            if !isDisk { return "\(cluster.sites[site].id): \(line.event) \(why)" }
        }
        return nil
    }
}
