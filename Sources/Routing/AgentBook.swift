package import ContactCenter
package import Kernel

/// The truth about the agents who are logged in at one site: their states, and who is promised to whom.
///
/// Only this book grants reservations of its agents, one at a time for each (design §1). Every state that something
/// must end has an expiry: drive `expire` at `nextDeadline`, and nobody stays Reserved or Ringing for want of a
/// message. Handling time counts from answer to the end of wrap-up, on the site's day.
package struct AgentBook: Sendable {
    /// The site whose book this is.
    package let site: SiteID
    /// Bounds of the states.
    package var settings: AgentBookSettings
    /// True when the site takes no new contacts; reservations are then refused.
    package var isDraining = false

    var seats: [AgentID: AgentSeat] = [:]
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
    package func view(of agent: AgentID) -> AgentView? { seats[agent]?.view }

    /// What there is to publish about every agent here, by key.
    package var views: [AgentView] { seats.values.map(\.view).sorted { $0.agent < $1.agent } }

    /// The live reservation of an agent: granted, ringing, in conversation or in wrap-up.
    package func reservation(of agent: AgentID) -> Reservation? { seats[agent]?.reservation }

    /// The agent here to whom a contact is promised or bridged.
    package func agent(of contact: ContactID) -> AgentID? { byContact[contact] }

    /// When the present state of an agent ends by itself; nil in idle states.
    package func stateExpiry(of agent: AgentID) -> Instant? { seats[agent]?.deadline }

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
}

extension AgentBook {
    /// Moves a seat into a state and notes everything that follows from it.
    mutating func move(
        _ agent: AgentID,
        to state: AgentState,
        cause: AgentCause,
        until deadline: Instant? = nil,
        at now: Moment
    ) -> [AgentEvent] {
        startDay(at: now)
        guard var seat = seats[agent] else { return [] }
        let event = AgentEvent(
            agent: agent,
            fence: seat.fence,
            from: seat.state,
            to: state,
            cause: cause,
            reservation: seat.reservation,
            at: now.wall,
            spent: now.instant - seat.since.instant
        )
        if let old = seat.deadline { deadlines.remove(SeatDeadline(at: old, agent: agent)) }
        if let deadline { deadlines.insert(SeatDeadline(at: deadline, agent: agent)) }
        seat.deadline = deadline
        seat.state = state
        seat.since = now
        if state.kind == .wrapUp, let contact = seat.reservation?.contact { byContact[contact] = nil }
        if !state.kind.isBusy { settle(&seat, at: now) }
        seats[agent] = seat
        touch(agent)
        return [event]
    }

    /// Gives an agent's view a new version.
    mutating func touch(_ agent: AgentID) {
        changes += 1
        seats[agent]?.version = changes
        changed.insert(agent)
    }

    /// Ends what a seat had to do with its contact, and adds the time that it took.
    private mutating func settle(_ seat: inout AgentSeat, at now: Moment) {
        if let answered = seat.answeredAt {
            seat.load.handling = seat.load.handling + (now.instant - answered)
        }
        if let contact = seat.reservation?.contact, byContact[contact] == seat.profile.agent {
            byContact[contact] = nil
        }
        seat.answeredAt = nil
        seat.reservation = nil
        seat.queue = nil
        seat.breakReason = nil
        seat.wrapUpExtensions = 0
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
        for agent in seats.keys.sorted() where seats[agent]?.load != DayLoad() {
            seats[agent]?.load = DayLoad()
            touch(agent)
        }
    }

    /// The state of an agent who has nothing more to do with a contact.
    func idleState(of seat: AgentSeat) -> AgentState {
        if let reason = seat.breakReason { return .notReady(reason: reason) }
        if settings.requiresPhone && !seat.phoneRegistered { return .notReady(reason: AgentBook.phoneReason) }
        return .ready
    }

    /// The reason shown when the agent's phone is not registered.
    package static let phoneReason = "phone"
    /// The reason shown right after sign-in.
    package static let signedInReason = "signedIn"
    /// The reason shown when nobody came back after an unanswered call.
    package static let noAnswerReason = "noAnswer"
}
