import ContactCenter
package import Kernel

extension DecisionRecord {
    /// The form in which a contact's record keeps it.
    package var value: Value {
        .list([
            .int(at.milliseconds), .string(by.name), .string(rule), .string(agent?.key ?? ""),
            .string(agentSite?.name ?? ""), .string(demand), .int(Int64(omitted)),
            .list(
                agents.prefix(Limits.explanationVerdictsMax + 1).map { one in
                    .list([
                        .string(one.agent.key), .string(one.site.name), .string(one.verdict),
                        .int(one.handlingToday.milliseconds), .int(one.inState.milliseconds),
                    ])
                }
            ),
            .list(
                sites.prefix(Limits.sitesMax).map { one in
                    .list([
                        .string(one.site.name), .bool(one.isReachable), .int(one.age.milliseconds),
                        .int(Int64(one.agents)), .int(Int64(one.fit)),
                    ])
                }
            ),
            .list(nearest.map { .string($0) }),
        ])
    }

    /// Reads the form of a record; nil when it is none, or one of a newer node.
    package init?(_ value: Value?) {
        guard let parts = value?.list, parts.count >= 10, let at = parts[0].int,
            let by = parts[1].string.flatMap({ SiteID($0) }), let rule = parts[2].string
        else { return nil }
        self.at = WallTime(milliseconds: min(max(at, 0), 1 << 52))
        self.by = by
        self.rule = rule
        agent = parts[3].string.flatMap { $0.isEmpty ? nil : AgentID($0) }
        agentSite = parts[4].string.flatMap { SiteID($0) }
        demand = parts[5].string ?? ""
        omitted = Int(clamping: parts[6].int ?? 0)
        agents = (parts[7].list ?? []).compactMap(Agent.init)
        sites = (parts[8].list ?? []).compactMap(Site.init)
        nearest = (parts[9].list ?? []).compactMap(\.string)
    }
}

extension DecisionRecord.Agent {
    init?(_ value: Value) {
        guard let parts = value.list, parts.count >= 5, let agent = parts[0].string,
            let site = parts[1].string.flatMap({ SiteID($0) }), let verdict = parts[2].string
        else { return nil }
        self.init(
            agent: AgentID(agent),
            site: site,
            verdict: verdict,
            handlingToday: .milliseconds(parts[3].int ?? 0),
            inState: .milliseconds(parts[4].int ?? 0)
        )
    }
}

extension DecisionRecord.Site {
    init?(_ value: Value) {
        guard let parts = value.list, parts.count >= 5, let site = parts[0].string.flatMap({ SiteID($0) }) else {
            return nil
        }
        self.init(
            site: site,
            isReachable: parts[1].bool ?? false,
            age: .milliseconds(parts[2].int ?? 0),
            agents: Int(clamping: parts[3].int ?? 0),
            fit: Int(clamping: parts[4].int ?? 0)
        )
    }
}
