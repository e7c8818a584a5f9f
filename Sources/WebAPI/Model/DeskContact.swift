/// A contact on an agent's desk.
package struct DeskContact: Codable, Hashable, Sendable {
    /// The contact.
    package var id: String
    /// How it came: `voice`, `chat`, `email`, `portal` or `callback`.
    package var channel: String
    /// What it is about; empty for calls.
    package var title: String
    /// The queue.
    package var queue: NamedResource
    /// The caller's number, or the address that a text came from; empty when unknown.
    package var callerNumber: String
    /// `inbound`, or `outbound` when an agent made the call.
    package var direction: String
    /// `offered`, `talking`, `held` or `wrapUp`.
    package var state: String
    /// Since when in this state.
    package var since: Timestamp
    /// When an offer or the paperwork ends by itself.
    @Nullable package var stateExpiresAt: Timestamp?
    /// True when the agent took the offer and the contact's site has yet to agree.
    package var taken: Bool
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
    /// What can be done with the call; null while nobody speaks, and for contacts of text.
    @Nullable package var call: DeskCallResource?

    /// Puts one together.
    package init(
        id: String,
        channel: String,
        title: String = "",
        queue: NamedResource,
        callerNumber: String,
        direction: String,
        state: String,
        since: Timestamp,
        stateExpiresAt: Timestamp? = nil,
        taken: Bool = false,
        originSite: String,
        agentSite: String,
        ticket: TicketSummaryResource? = nil,
        customer: CustomerResource? = nil,
        latestTicket: TicketResource? = nil,
        history: [TicketSummaryResource],
        call: DeskCallResource? = nil
    ) {
        self.id = id
        self.channel = channel
        self.title = title
        self.queue = queue
        self.callerNumber = callerNumber
        self.direction = direction
        self.state = state
        self.since = since
        self.stateExpiresAt = stateExpiresAt
        self.taken = taken
        self.originSite = originSite
        self.agentSite = agentSite
        self.ticket = ticket
        self.customer = customer
        self.latestTicket = latestTicket
        self.history = history
        self.call = call
    }
}
