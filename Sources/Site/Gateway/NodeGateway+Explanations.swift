import ContactCenter
import Kernel
import Routing
import SiteCore
import Transport
import WebAPI

extension NodeGateway {
    func explanation(_ id: ContactID) async throws -> ExplanationResource? {
        let found = try await core.ask { shell in
            shell.explanation(of: id).map { ($0, shell.view.sites) }
        }
        guard let (explanation, sites) = found else { return nil }
        let states = Dictionary(uniqueKeysWithValues: sites.map { ($0.id, SiteCondition($0.state)) })
        return ExplanationResource(
            contact: id.key,
            decisions: [DecisionResource(explanation, servedBy: configuration.site, states: states)]
        )
    }
}

extension DecisionResource {
    fileprivate init(_ explanation: Explanation, servedBy: SiteID, states: [SiteID: SiteCondition]) {
        let chosen = explanation.chosen
        self.init(
            at: Timestamp(explanation.at),
            site: servedBy.name,
            result: chosen == nil ? "waits" : "offers",
            rule: chosen?.rule.rawValue ?? explanation.waits?.rawValue ?? "",
            agent: chosen?.agent.key,
            agentSite: chosen?.fence.site.name,
            candidates: explanation.agents.map(CandidateResource.init),
            sites: explanation.sites.map { site in
                DecisionSite(
                    site: site.site.name,
                    state: states[site.site] ?? .unreachable,
                    ageMs: site.age.milliseconds
                )
            }
        )
    }
}

extension CandidateResource {
    fileprivate init(_ agent: ExplainedAgent) {
        self.init(
            agent: agent.agent.key,
            site: agent.site.name,
            chosen: agent.verdict.isChosen,
            reason: agent.verdict.words,
            handlingTodayMs: agent.handlingToday.milliseconds,
            idleMs: agent.inState.milliseconds
        )
    }
}

extension Verdict {
    fileprivate var isChosen: Bool {
        if case .chosen = self { true } else { false }
    }

    /// A short name with its particulars, for programs and people alike.
    fileprivate var words: String {
        switch self {
        case .chosen(let rule): "chosen: \(rule.rawValue)"
        case .behind(let rule): "behind: \(rule.rawValue)"
        case .notFree(let state): "notFree: \(state.name)"
        case .noCapacity(let taken): "noCapacity: \(taken) of \(Channel.fullCapacity) taken"
        case .lacksSkill(let skill): "lacksSkill: \(skill)"
        case .wrongTier(let tier): "wrongTier: \(AgentTierName(tier).rawValue)"
        case .siteUnreachable: "siteUnreachable"
        case .refusedLately: "refusedLately"
        }
    }
}
