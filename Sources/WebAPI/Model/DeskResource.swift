/// Everything that an agent's desk shows.
package struct DeskResource: Codable, Hashable, Sendable {
    /// The agent.
    package var agent: DeskAgent
    /// The contact at hand.
    @Nullable package var contact: DeskContact?
    /// What can be given as the reason of a break.
    package var breakReasons: [String]

    /// Puts one together.
    package init(
        agent: DeskAgent,
        contact: DeskContact? = nil,
        breakReasons: [String]
    ) {
        self.agent = agent
        self.contact = contact
        self.breakReasons = breakReasons
    }
}

/// The agent at the desk.
package struct DeskAgent: Codable, Hashable, Sendable {
    /// The login.
    package var id: String
    /// The name.
    package var name: String
    /// The site where the agent is signed in, or the serving one.
    package var site: String
    /// `loggedOut`, `notReady`, `ready`, `reserved`, `ringing`, `talking`, `held`, `wrapUp` or `notResponding`.
    package var state: String
    /// Why not ready.
    @Nullable package var reason: String?
    /// Since when in this state.
    package var since: Timestamp
    /// When the state ends by itself.
    @Nullable package var stateExpiresAt: Timestamp?
    /// Whether the agent's phone is registered.
    package var phone: PhoneCondition

    /// Puts one together.
    package init(
        id: String,
        name: String,
        site: String,
        state: String,
        reason: String? = nil,
        since: Timestamp,
        stateExpiresAt: Timestamp? = nil,
        phone: PhoneCondition
    ) {
        self.id = id
        self.name = name
        self.site = site
        self.state = state
        self.reason = reason
        self.since = since
        self.stateExpiresAt = stateExpiresAt
        self.phone = phone
    }
}

/// Whether a phone can ring.
package enum PhoneCondition: String, Codable, Hashable, Sendable, CaseIterable {
    /// The phone is registered.
    case registered
    /// No phone is registered.
    case unregistered
}

/// The contact at hand.
package struct DeskContact: Codable, Hashable, Sendable {
    /// The contact.
    package var id: String
    /// The queue.
    package var queue: NamedResource
    /// The caller's number.
    package var callerNumber: String
    /// `inbound`.
    package var direction: String
    /// `offered`, `talking`, `held` or `wrapUp`.
    package var state: String
    /// Since when in this state.
    package var since: Timestamp
    /// Where it arrived.
    package var originSite: String
    /// Where the agent is.
    package var agentSite: String
    /// Its ticket.
    @Nullable package var ticket: TicketSummaryResource?
    /// Who calls, when known.
    @Nullable package var customer: CustomerResource?
    /// The customer's latest earlier ticket.
    @Nullable package var latestTicket: TicketResource?
    /// The customer's tickets, newest first; at most `Limits.deskHistoryMax`.
    package var history: [TicketSummaryResource]

    /// Puts one together.
    package init(
        id: String,
        queue: NamedResource,
        callerNumber: String,
        direction: String,
        state: String,
        since: Timestamp,
        originSite: String,
        agentSite: String,
        ticket: TicketSummaryResource? = nil,
        customer: CustomerResource? = nil,
        latestTicket: TicketResource? = nil,
        history: [TicketSummaryResource]
    ) {
        self.id = id
        self.queue = queue
        self.callerNumber = callerNumber
        self.direction = direction
        self.state = state
        self.since = since
        self.originSite = originSite
        self.agentSite = agentSite
        self.ticket = ticket
        self.customer = customer
        self.latestTicket = latestTicket
        self.history = history
    }
}
