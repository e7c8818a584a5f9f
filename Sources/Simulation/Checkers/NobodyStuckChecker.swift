import Kernel

/// Once everything works again nobody waits, rings, or talks to a dead line for ever.
struct NobodyStuckChecker: ClusterChecker {
    let name = "nobody is stuck"

    func finally(_ cluster: SimulatedCluster) -> String? {
        let reasons = cluster.unsettled
        return reasons.isEmpty ? nil : reasons.prefix(6).joined(separator: "; ")
    }
}
