package import ContactCenter
import Kernel

extension AgentResource {
    /// An agent's profile without its secrets.
    package init(_ agent: Agent, hasAccount: Bool) {
        self.init(
            id: agent.id.key,
            name: agent.name,
            site: agent.site?.name,
            tier: AgentTierName(agent.tier),
            skills: agent.skills.skills.map(\.description),
            sipUser: agent.sipUser,
            language: agent.language.nilIfEmpty,
            team: agent.team.nilIfEmpty,
            answersOn: agent.answersOn.rawValue,
            active: agent.isActive,
            hasAccount: hasAccount,
            version: agent.version
        )
    }
}

extension AccountRecord {
    /// An account as it is stored; one without a password cannot be signed in to.
    package init(_ account: Account) {
        self.init(
            id: account.id,
            name: account.name,
            role: account.role,
            passwordHash: account.passwordHash ?? "",
            agent: account.agent,
            sites: account.sites.map(\.name),
            active: account.isActive
        )
    }
}

extension ContactResource {
    /// A contact's record; `state` is where it stands while it lives.
    package init(_ record: ContactRecord, state: ContactState?) {
        self.init(
            id: record.id.key,
            live: record.endedAt == nil,
            state: state?.rawValue,
            ticket: record.ticket?.key,
            customer: record.customer?.key,
            queue: record.queue?.key,
            number: record.number.nilIfEmpty,
            callerNumber: record.callerNumber.nilIfEmpty,
            agent: record.agent?.key,
            agents: record.agents.map(\.key),
            originSite: record.originSite?.name,
            agentSite: record.agentSite?.name,
            channel: record.channel.rawValue,
            startedAt: record.startedAt.map(Timestamp.init),
            queuedAt: record.queuedAt.map(Timestamp.init),
            answeredAt: record.answeredAt.map(Timestamp.init),
            endedAt: record.endedAt.map(Timestamp.init),
            endedBy: record.endedBy?.rawValue,
            endReason: record.endReason.nilIfEmpty,
            waitMs: record.waitMs,
            talkMs: record.talkMs,
            wrapUpMs: record.wrapUpMs,
            outcome: record.outcome?.rawValue
        )
    }
}
