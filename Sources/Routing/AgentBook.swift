package import ContactCenter
package import Kernel

/// The truth about the agents who are logged in at one site: their states, and which contacts they have.
///
/// Only this book grants reservations of its agents, as many for each as capacity allows (design §1): costs of the
/// contacts in hand never exceed `Channel.fullCapacity`, promises and paperwork included, and at most one is spoken.
/// Everything that something must end has an expiry: drive `expire` at `nextDeadline`, and nobody stays Reserved or
/// Ringing for want of a message. Handling time is the time with at least one answered contact in hand, from answer
/// to the end of wrap-up, on the site's day: two chats side by side count once, because it is the agent's time that
/// is shared out, not the customers'.
package struct AgentBook: Sendable {
    /// The site whose book this is.
    package let site: SiteID
    /// Bounds of the states.
    package var settings: AgentBookSettings
    /// True when the site takes no new contacts; reservations are then refused.
    package var isDraining = false

    var seats: [AgentID: AgentSeat] = [:]
    /// Who has a contact alone, until its conversation is over; of those who share it, the one who answered.
    var byContact: [ContactID: AgentID] = [:]
    var deadlines = OrderedIndex<SeatDeadline>()
    var grants: UInt64 = 0
    var changes: UInt64 = 0
    /// The highest epoch ever granted here or seen elsewhere, so that a fence never comes twice.
    var epochs: [AgentID: UInt64] = [:]
    var day: Int64 = .min
    var dayEnds: Instant?
    var changed: Set<AgentID> = []

    /// Makes the empty book of a site.
    package init(site: SiteID, settings: AgentBookSettings = AgentBookSettings()) {
        self.site = site
        self.settings = settings
    }

    /// The agents logged in here.
    package var count: Int { seats.count }

    /// What there is to publish about one agent; nil when not logged in here.
    package func view(of agent: AgentID) -> AgentView? { seats[agent]?.view(requiresPhone: settings.requiresPhone) }

    /// What there is to publish about every agent here, by key.
    package var views: [AgentView] {
        seats.values.map { $0.view(requiresPhone: settings.requiresPhone) }.sorted { $0.agent < $1.agent }
    }

    /// The contacts in an agent's hands and those promised, in the order of their grants.
    package func engagements(of agent: AgentID) -> [Engagement] { seats[agent]?.engagements ?? [] }

    /// What became of a reservation; nil when it is over or was never granted here.
    package func engagement(_ reservation: Reservation) -> Engagement? {
        seats[reservation.agent]?.engagements.first { $0.reservation == reservation }
    }

    /// An agent's part in a contact: the live one, else the paperwork of it; nil when there is none.
    package func engagement(of agent: AgentID, with contact: ContactID) -> Engagement? {
        let all = engagements(of: agent).filter { $0.contact == contact }
        return all.first { $0.phase != .wrapUp } ?? all.last
    }

    /// The live reservations of an agent: granted, ringing, in conversation or in wrap-up, in the order of grants.
    package func reservations(of agent: AgentID) -> [Reservation] { engagements(of: agent).map(\.reservation) }

    /// The reservation whose state the agent shows; nil when nothing is in hand.
    package func reservation(of agent: AgentID) -> Reservation? { seats[agent]?.shown?.reservation }

    /// The agent here to whom a contact is promised alone, or bridged.
    package func agent(of contact: ContactID) -> AgentID? { byContact[contact] }

    /// When the state that an agent shows ends by itself; nil in idle states.
    package func stateExpiry(of agent: AgentID) -> Instant? { seats[agent]?.deadline }

    /// The reason why an agent with contacts in hand takes no more; nil when she is open or has none.
    package func breakAhead(of agent: AgentID) -> String? { seats[agent]?.breakReason }

    /// Whether an agent's phone is registered here, as the book was last told.
    package func isPhoneRegistered(_ agent: AgentID) -> Bool { seats[agent]?.phoneRegistered ?? false }

    /// When `expire` has something to do next.
    package var nextDeadline: Instant? {
        guard let dayEnds, !seats.isEmpty else { return deadlines.first?.at }
        return min(deadlines.first?.at ?? dayEnds, dayEnds)
    }

    /// The agents whose view changed since this was last called, those who logged out too: for each, publish
    /// `view(of:)`, or that there is none, and tell the router.
    package mutating func takeChanged() -> [AgentID] {
        defer { changed = [] }
        return changed.sorted()
    }

    /// The reason shown when the agent's phone is not registered.
    package static let phoneReason = "phone"
    /// The reason shown right after sign-in.
    package static let signedInReason = "signedIn"
    /// The reason shown when nobody came back after an unanswered call.
    package static let noAnswerReason = "noAnswer"
}

extension AgentBook {
    /// Gives an agent's view a new version.
    mutating func touch(_ agent: AgentID) {
        changes += 1
        seats[agent]?.version = changes
        changed.insert(agent)
    }

    /// Starts the counts of the day anew when the site's midnight has passed.
    mutating func startDay(at now: Moment) {
        let dayLength: Int64 = 86_400_000
        let local = (now.wall + settings.zoneOffset).milliseconds
        let intoDay = ((local % dayLength) + dayLength) % dayLength
        dayEnds = now.instant + .milliseconds(dayLength - intoDay)
        let today = (local - intoDay) / dayLength
        // A clock that was set back does not bring yesterday's counts back, nor begin a day twice.
        guard today > day else { return }
        let isFirst = day == .min
        day = today
        guard !isFirst else { return }
        for agent in seats.keys.sorted() {
            if seats[agent]?.idleSince != nil { seats[agent]?.idleSince = now.instant }
            guard seats[agent]?.load != DayLoad() else { continue }
            seats[agent]?.load = DayLoad()
            touch(agent)
        }
    }

    /// The state of an agent who has nothing more to do with any contact.
    func idleState(of seat: AgentSeat) -> AgentState {
        if let reason = seat.breakReason { return .notReady(reason: reason) }
        if settings.requiresPhone && !seat.phoneRegistered { return .notReady(reason: AgentBook.phoneReason) }
        return .ready
    }
}
