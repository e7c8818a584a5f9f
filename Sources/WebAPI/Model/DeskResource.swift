/// Everything that an agent's desk shows.
package struct DeskResource: Codable, Hashable, Sendable {
    /// The agent.
    package var agent: DeskAgent
    /// The contact that has most of the agent's attention; its state is the agent's.
    @Nullable package var contact: DeskContact?
    /// All contacts in hand and offered, in the order in which they came.
    package var contacts: [DeskContact]
    /// The keys of `breaks`.
    package var breakReasons: [String]
    /// What can be given as the reason of a break.
    package var breaks: [DeskBreak]
    /// The call of somebody else that this desk supervises.
    @Nullable package var supervision: DeskSupervisionResource?

    /// Puts one together.
    package init(
        agent: DeskAgent,
        contact: DeskContact? = nil,
        contacts: [DeskContact] = [],
        breaks: [DeskBreak],
        supervision: DeskSupervisionResource? = nil
    ) {
        self.agent = agent
        self.contact = contact
        self.contacts = contacts
        self.breaks = breaks
        self.supervision = supervision
        breakReasons = breaks.map(\.key)
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
    /// Where calls are answered: `phone` or `page`.
    package var answersOn: String
    /// What of the agent's capacity the contacts in hand take, 0 to 100.
    package var occupied: Int
    /// Whether further contacts come beside those in hand.
    package var isOpen: Bool
    /// The break that begins when the last contact in hand is done.
    @Nullable package var breakAhead: String?

    /// Puts one together.
    package init(
        id: String,
        name: String,
        site: String,
        state: String,
        reason: String? = nil,
        since: Timestamp,
        stateExpiresAt: Timestamp? = nil,
        phone: PhoneCondition,
        answersOn: String = "phone",
        occupied: Int = 0,
        isOpen: Bool = false,
        breakAhead: String? = nil
    ) {
        self.id = id
        self.name = name
        self.site = site
        self.state = state
        self.reason = reason
        self.since = since
        self.stateExpiresAt = stateExpiresAt
        self.phone = phone
        self.answersOn = answersOn
        self.occupied = occupied
        self.isOpen = isOpen
        self.breakAhead = breakAhead
    }
}

/// Whether a phone can ring.
package enum PhoneCondition: String, Codable, Hashable, Sendable, CaseIterable {
    /// The phone is registered.
    case registered
    /// No phone is registered.
    case unregistered
}
