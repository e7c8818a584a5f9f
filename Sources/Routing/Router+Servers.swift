package import ContactCenter

extension Router {
    /// How many agents of reachable sites fit a requirement, and how many of them could take such a contact now.
    ///
    /// For questions before a contact waits; its index is the one that routing would use.
    package mutating func servers(
        meeting requirement: Requirement,
        strategy: RoutingStrategy,
        cost: Int
    ) -> ServerCount {
        let pool = agents.pools[agents.pool(PoolKey(requirement: requirement, strategy: strategy, cost: cost))]
        var found = ServerCount(fit: 0, free: 0)
        for (other, known) in pool.known where agents.isReachable(other) {
            found.fit += known
            found.free += pool.sites[other]?.count ?? 0
        }
        return found
    }
}
