/// An agent on the wall.
package struct WallAgent: Codable, Hashable, Sendable {
    /// The login.
    package var id: String
    /// The name.
    package var name: String
    /// Where the agent is signed in.
    package var site: String
    /// `ready`, `notReady`, `reserved`, `ringing`, `talking`, `held`, `wrapUp`, `notResponding` or `unreachable`.
    package var state: String
    /// Why not ready.
    @Nullable package var reason: String?
    /// Since when in this state.
    package var since: Timestamp
    /// The queue of the contact.
    @Nullable package var queueContact: String?
    /// The contact.
    @Nullable package var contact: String?
    /// How old this news is, in milliseconds.
    package var ageMs: Int64
    /// True when the agent's site is not heard.
    package var stale: Bool
    /// Time spent on contacts since midnight UTC, in milliseconds.
    package var handlingTodayMs: Int64

    /// Puts one together.
    package init(
        id: String,
        name: String,
        site: String,
        state: String,
        reason: String? = nil,
        since: Timestamp,
        queueContact: String? = nil,
        contact: String? = nil,
        ageMs: Int64,
        stale: Bool,
        handlingTodayMs: Int64
    ) {
        self.id = id
        self.name = name
        self.site = site
        self.state = state
        self.reason = reason
        self.since = since
        self.queueContact = queueContact
        self.contact = contact
        self.ageMs = ageMs
        self.stale = stale
        self.handlingTodayMs = handlingTodayMs
    }
}

/// A live contact on the wall.
package struct WallContact: Codable, Hashable, Sendable {
    /// The contact.
    package var id: String
    /// How it came: `voice`, `chat`, `email`, `portal` or `callback`.
    package var channel: String
    /// The queue.
    package var queue: String
    /// Where it arrived.
    package var site: String
    /// The caller's number.
    package var callerNumber: String
    /// The caller's name, when known.
    @Nullable package var customerName: String?
    /// `waiting`, `offered`, `talking`, `held` or `wrapUp`.
    package var state: String
    /// Since when in this state.
    package var since: Timestamp
    /// The agent who has it.
    @Nullable package var agent: String?
    /// That agent's site.
    @Nullable package var agentSite: String?
    /// Its place in the queue over all sites, from 1, while it waits.
    @Nullable package var position: Int?
    /// How long it probably waits still; null beyond the first few of the queues.
    @Nullable package var estimate: WallEstimate?
    /// True when its queue's rules offer the caller to be called back.
    package var callbackOffered: Bool

    /// Puts one together.
    package init(
        id: String,
        channel: String = "voice",
        queue: String,
        site: String,
        callerNumber: String,
        customerName: String? = nil,
        state: String,
        since: Timestamp,
        agent: String? = nil,
        agentSite: String? = nil,
        position: Int? = nil,
        estimate: WallEstimate? = nil,
        callbackOffered: Bool = false
    ) {
        self.id = id
        self.channel = channel
        self.queue = queue
        self.site = site
        self.callerNumber = callerNumber
        self.customerName = customerName
        self.state = state
        self.since = since
        self.agent = agent
        self.agentSite = agentSite
        self.position = position
        self.estimate = estimate
        self.callbackOffered = callbackOffered
    }
}
