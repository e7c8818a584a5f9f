import ContactCenter
import Kernel

extension Router {
    /// What is wrong with the indexes, in words; empty when each agent and contact stands exactly where it should.
    ///
    /// For tests and simulators: compares every index with what the views and contacts say, in linear time.
    package func audit() -> [String] { agents.audit() + waiting.audit() }
}

extension AgentDirectory {
    func audit() -> [String] {
        var wrong: [String] = []
        for (number, pool) in pools.enumerated() {
            let fit = views.values.filter { pool.key.requirement.admits(tier: $0.tier, skills: $0.skills) }
            var known: [SiteID: Int] = [:]
            var free: [SiteID: Set<FreeAgent>] = [:]
            for view in fit {
                known[view.site, default: 0] += 1
                guard view.takes(cost: pool.key.cost) else { continue }
                free[view.site, default: []].insert(
                    FreeAgent(view, key: pool.key, offered: offered[view.agent] ?? 0)
                )
            }
            if known != pool.known { wrong.append("pool \(number) knows the wrong agents") }
            if free != pool.sites.mapValues({ Set($0.elements) }) {
                wrong.append("pool \(number) has wrong free agents")
            }
            if poolIndex[pool.key] != number { wrong.append("pool \(number) is not found") }
        }
        var counts: [SiteID: Census] = [:]
        for view in views.values { counts[view.site, default: Census()].add(1, view) }
        if census.filter({ $0.value.agents != 0 }) != counts { wrong.append("the census is wrong") }
        if offered.keys.contains(where: { views[$0] == nil }) { wrong.append("an offer of an unknown agent is kept") }
        return wrong
    }
}

extension WaitingRoom {
    func audit() -> [String] {
        var expected = WaitingRoom(site: site)
        expected.clock = clock
        var wrong: [String] = []
        for (id, entry) in entries {
            if id != entry.waiting.contact { wrong.append("\(id.key) is filed under another name") }
            if entry.isOffered, entry.isHeld { wrong.append("\(id.key) is offered and held") }
            if entry.isHeld, entry.isPatienceOver { wrong.append("\(id.key) is held without patience") }
            if !entry.isOffered { expected.file(entry) }
            if let due = entry.due { expected.dues.insert(Due(at: due, contact: id)) }
            if let until = entry.pausedUntil { expected.pauses.insert(Due(at: until.milliseconds, contact: id)) }
            if !entry.isPatienceOver, let agent = entry.waiting.lastAgent {
                expected.awaited[agent, default: []].insert(id)
            }
            expected.bySite[entry.waiting.site, default: []].insert(id)
        }
        if orders.mapValues(\.elements) != expected.orders.mapValues(\.elements) { wrong.append("orders") }
        if held.mapValues(\.elements) != expected.held.mapValues(\.elements) { wrong.append("held") }
        if lines.mapValues(\.service.elements) != expected.lines.mapValues(\.service.elements) {
            wrong.append("lines of service")
        }
        if lines.mapValues(\.arrival.elements) != expected.lines.mapValues(\.arrival.elements) {
            wrong.append("lines of arrival")
        }
        if dues.elements != expected.dues.elements { wrong.append("dues") }
        if pauses.elements != expected.pauses.elements { wrong.append("pauses") }
        if awaited != expected.awaited { wrong.append("awaited agents") }
        if bySite != expected.bySite { wrong.append("contacts of sites") }
        if !unsettled.isSubset(of: entries.keys) { wrong.append("an unknown contact is unsettled") }
        if !released.isSubset(of: entries.keys) { wrong.append("an unknown contact is released") }
        return wrong
    }
}
