import ContactCenter
import Kernel
import SiteCore
import Store
import Transport
import WebAPI

extension NodeGateway {
    /// What was decided about a contact: by the core while it lives or waits anywhere in the cluster, and from its
    /// record once it was answered.
    func explanation(_ id: ContactID) async throws -> ExplanationResource? {
        let (live, sites) = try await core.ask { ($0.decisions(about: id), $0.view.sites) }
        let states = Dictionary(uniqueKeysWithValues: sites.map { ($0.id, SiteCondition($0.state)) })
        var decisions = live.map { DecisionResource($0, states: states) }
        let record = try await storeReading { try await reader.contact(id) }
        if let kept = DecisionRecord(record?.decision), !live.contains(where: { $0.at == kept.at }) {
            decisions.append(DecisionResource(kept, states: [:]))
        }
        guard record != nil || !decisions.isEmpty else { return nil }
        return ExplanationResource(contact: id.key, decisions: decisions)
    }
}

extension DecisionResource {
    /// - Parameter states: how the sites stand now; a decision of the past knows only whether they could be reached.
    fileprivate init(_ record: DecisionRecord, states: [SiteID: SiteCondition]) {
        self.init(
            at: Timestamp(record.at),
            site: record.by.name,
            result: record.agent == nil ? "waits" : "offers",
            rule: record.rule,
            agent: record.agent?.key,
            agentSite: record.agentSite?.name,
            demand: record.demand,
            candidates: record.agents.map { one in
                CandidateResource(
                    agent: one.agent.key,
                    site: one.site.name,
                    chosen: one.agent == record.agent,
                    reason: one.verdict,
                    handlingTodayMs: one.handlingToday.milliseconds,
                    idleMs: one.inState.milliseconds
                )
            },
            omitted: record.omitted,
            nearest: record.nearest,
            sites: record.sites.map { one in
                let past: SiteCondition = one.site == record.by ? .itself : .up
                return DecisionSite(
                    site: one.site.name,
                    state: one.isReachable ? states[one.site] ?? past : .unreachable,
                    ageMs: one.age.milliseconds,
                    agents: one.agents,
                    fit: one.fit
                )
            }
        )
    }
}
