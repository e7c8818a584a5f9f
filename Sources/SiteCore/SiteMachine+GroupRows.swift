import ContactCenter
import Kernel

/// Figures of groups of agents: teams, and the staff of each site.
extension SiteMachine {
    /// Adds up agents by a name; those without one are in no group.
    func groups(
        of agents: [SiteView.AgentRow],
        by name: (SiteView.AgentRow) -> String
    ) -> [SiteView.GroupRow] {
        var groups: [String: SiteView.GroupRow] = [:]
        for agent in agents {
            let name = name(agent)
            guard !name.isEmpty else { continue }
            var group =
                groups[name]
                ?? SiteView.GroupRow(
                    name: name,
                    agents: 0,
                    agentsReady: 0,
                    agentsBusy: 0,
                    agentsNotReady: 0,
                    contacts: 0,
                    handling: .zero,
                    idle: .zero
                )
            // Who has gone home has worked today all the same.
            group.contacts += agent.contactsToday
            group.handling = group.handling + agent.handlingToday
            group.idle = group.idle + agent.idleToday
            if agent.state != .loggedOut { group.agents += 1 }
            if agent.state == .ready { group.agentsReady += 1 }
            if agent.state.kind.isBusy { group.agentsBusy += 1 }
            if agent.state.kind == .notReady || agent.state == .notResponding { group.agentsNotReady += 1 }
            groups[name] = group
        }
        return groups.values.sorted { $0.name < $1.name }
    }
}
