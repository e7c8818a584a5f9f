import ContactCenter
import Kernel

extension AgentDirectory {
    /// The pool of a requirement; made on first use from all known agents.
    mutating func pool(_ key: PoolKey) -> Int {
        if let index = poolIndex[key] { return index }
        if pools.count >= Limits.routingPoolsMax {
            pools = []
            poolIndex = [:]
            fitting = [:]
        }
        var pool = AgentPool(key: key)
        for view in views.values.sorted(by: { $0.agent < $1.agent })
        where key.requirement.admits(tier: view.tier, skills: view.skills) {
            pool.insert(view, offered: offered[view.agent] ?? 0)
        }
        pools.append(pool)
        let index = pools.count - 1
        poolIndex[key] = index
        for capability in fitting.keys
        where key.requirement.admits(tier: capability.tier, skills: capability.skills) {
            fitting[capability]?.append(index)
        }
        return index
    }

    /// Puts an agent into the pools that it fits.
    mutating func enter(_ view: AgentView) {
        let number = offered[view.agent] ?? 0
        for index in poolsFitting(view) { pools[index].insert(view, offered: number) }
    }

    /// Takes an agent out of them.
    mutating func leave(_ view: AgentView) {
        let number = offered[view.agent] ?? 0
        for index in poolsFitting(view) { pools[index].remove(view, offered: number) }
    }

    private mutating func poolsFitting(_ view: AgentView) -> [Int] {
        let capability = Capability(view)
        if let known = fitting[capability] { return known }
        // Capabilities are as few as the combinations of skills and tiers in use; forget when they are not.
        if fitting.count >= Limits.routingCapabilitiesMax { fitting = [:] }
        let found = pools.indices.filter { pools[$0].key.requirement.admits(tier: view.tier, skills: view.skills) }
        fitting[capability] = found
        return found
    }
}

/// How many agents could serve a contact.
package struct ServerCount: Hashable, Sendable {
    /// Logged in at a reachable site and fit, whatever they do.
    package var fit: Int
    /// Of those, the ones that could take it now.
    package var free: Int
}
