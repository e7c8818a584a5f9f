/// A contact, live or finished.
package struct ContactResource: Codable, Hashable, Sendable {
    /// The contact.
    package var id: String
    /// False once it has ended.
    package var live: Bool
    /// Where a live contact stands.
    @Nullable package var state: String?
    /// Its ticket.
    @Nullable package var ticket: String?
    /// Who called.
    @Nullable package var customer: String?
    /// The queue.
    @Nullable package var queue: String?
    /// The number that was dialled.
    @Nullable package var number: String?
    /// The caller's number.
    @Nullable package var callerNumber: String?
    /// Who answered or is asked to.
    @Nullable package var agent: String?
    /// All agents who have spoken with the customer, sorted.
    package var agents: [String]
    /// Where it arrived.
    @Nullable package var originSite: String?
    /// The agent's site.
    @Nullable package var agentSite: String?
    /// `voice`.
    @Nullable package var channel: String?
    /// When it arrived.
    @Nullable package var startedAt: Timestamp?
    /// When it began to wait.
    @Nullable package var queuedAt: Timestamp?
    /// When it was answered.
    @Nullable package var answeredAt: Timestamp?
    /// When it ended.
    @Nullable package var endedAt: Timestamp?
    /// `customer`, `agent`, `system` or `network`.
    @Nullable package var endedBy: String?
    /// Why it ended.
    @Nullable package var endReason: String?
    /// How long the caller waited, in milliseconds.
    @Nullable package var waitMs: Int64?
    /// How long they spoke, in milliseconds.
    @Nullable package var talkMs: Int64?
    /// How long the paperwork took, in milliseconds.
    @Nullable package var wrapUpMs: Int64?
    /// `answered`, `abandoned`, `refused` or `siteLost`.
    @Nullable package var outcome: String?

    /// Puts one together.
    package init(
        id: String,
        live: Bool,
        state: String? = nil,
        ticket: String? = nil,
        customer: String? = nil,
        queue: String? = nil,
        number: String? = nil,
        callerNumber: String? = nil,
        agent: String? = nil,
        agents: [String] = [],
        originSite: String? = nil,
        agentSite: String? = nil,
        channel: String? = nil,
        startedAt: Timestamp? = nil,
        queuedAt: Timestamp? = nil,
        answeredAt: Timestamp? = nil,
        endedAt: Timestamp? = nil,
        endedBy: String? = nil,
        endReason: String? = nil,
        waitMs: Int64? = nil,
        talkMs: Int64? = nil,
        wrapUpMs: Int64? = nil,
        outcome: String? = nil
    ) {
        self.id = id
        self.live = live
        self.state = state
        self.ticket = ticket
        self.customer = customer
        self.queue = queue
        self.number = number
        self.callerNumber = callerNumber
        self.agent = agent
        self.agents = agents
        self.originSite = originSite
        self.agentSite = agentSite
        self.channel = channel
        self.startedAt = startedAt
        self.queuedAt = queuedAt
        self.answeredAt = answeredAt
        self.endedAt = endedAt
        self.endedBy = endedBy
        self.endReason = endReason
        self.waitMs = waitMs
        self.talkMs = talkMs
        self.wrapUpMs = wrapUpMs
        self.outcome = outcome
    }
}
