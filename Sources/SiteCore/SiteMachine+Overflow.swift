import Calls
import ContactCenter
import Kernel
import Routing

/// What becomes of contacts that cannot be served as usual: closed queues, full ones, waits that grow too long
/// (requirement B7).
///
/// A queue's steps are looked at in their order; the first whose condition holds and that this contact has not taken
/// is taken. A contact keeps its time of arrival on its way, and goes through `Limits.overflowHopsMax` queues at most.
extension SiteMachine {
    /// What a contact has been through beside waiting.
    struct Overflow: Hashable, Sendable {
        /// Steps of the present queue that were taken, by place.
        var taken: Set<Int> = []
        /// Queues that it has left.
        var hops = 0
        /// Where agents are looked for, when a step narrowed it.
        var sites: [SiteID] = []
        /// Whether others are out of the question.
        var onlyThere = false
        /// True once the caller may ask to be called back.
        var callbackIsOffered = false
    }

    /// Looks whether a waiting contact takes a step, and when to look again.
    mutating func overflow(_ id: ContactID, _ now: Moment) {
        guard let live = contacts[id], live.answer == nil, live.outcome == nil, let rules = directory.rules[live.queue],
            !rules.overflow.isEmpty
        else { return timers.set(.overflow(id), nil) }
        if live.stage == .waiting, takeStep(id, now) { work.append(.match(id)) }
        timers.set(.overflow(id), now.instant + Limits.overflowLookAfter)
    }

    /// Takes the first step whose condition holds; false when none does.
    private mutating func takeStep(_ id: ContactID, _ now: Moment) -> Bool {
        guard let live = contacts[id], let step = dueStep(of: live, now) else { return false }
        carry(out: step.action, id, "\(step.condition)", now)
        return true
    }

    /// The first step whose condition holds and that was not taken yet; it counts as taken from now on.
    mutating func dueStep(of live: LiveContact, _ now: Moment) -> OverflowStep? {
        let steps = directory.rules[live.queue]?.overflow ?? []
        for (place, step) in steps.enumerated() where !live.overflow.taken.contains(place) {
            guard holds(step.condition, live, now) else { continue }
            contacts[live.id]?.overflow.taken.insert(place)
            return step
        }
        return nil
    }

    private mutating func holds(_ condition: OverflowCondition, _ live: LiveContact, _ now: Moment) -> Bool {
        switch condition {
        case .waited(let seconds): live.waited(until: now) >= .seconds(seconds)
        case .estimate(let seconds): estimate(for: live.id, at: now).map { $0.high >= .seconds(seconds) } ?? false
        case .waiting(let count): router.waiting.waiting(in: live.queue) >= Int(clamping: count)
        case .noAgents: servers(for: live).fit == 0
        case .closed: directory.closing(of: live.queue, at: site, now.wall) != nil
        }
    }

    private mutating func servers(for live: LiveContact) -> ServerCount {
        let queue = definition(of: live.queue)
        return router.servers(
            meeting: queue.requirement(severity: live.severity, customer: live.tier),
            strategy: queue.strategy,
            cost: queue.cost(of: live.channel)
        )
    }

    mutating func carry(out action: OverflowAction, _ id: ContactID, _ why: String, _ now: Moment) {
        guard let live = contacts[id] else { return }
        log(
            .info,
            "contact.overflowed",
            [("contact", id.key), ("queue", live.queue.key), ("why", why), ("action", action.description)]
        )
        switch action {
        case .queue(let next): move(live, to: next, now)
        case .sites(let sites, let only):
            contacts[id]?.overflow.sites = sites
            contacts[id]?.overflow.onlyThere = only
            if var waiting = router.waiting.contact(id) {
                waiting.sites = sites
                waiting.onlyThere = only
                router.waiting.update(waiting)
            }
        case .callback:
            contacts[id]?.overflow.callbackIsOffered = true
            if let told = contacts[id] { show(told, now) }
        case .message:
            contacts[id]?.outcome = .message
            turnAway(live, status: 480, "message taken as ticket: \(why)", now)
        case .hangUp(let announcement):
            close(live, announcement, status: announcement == .busy ? 486 : 480, announcement.rawValue, now)
        }
    }

    /// A contact goes on in another queue with the time that it has waited.
    private mutating func move(_ contact: LiveContact, to next: QueueID, _ now: Moment) {
        guard directory.queues[next] != nil, contact.overflow.hops < Limits.overflowHopsMax else {
            return log(
                .warning,
                "contact.overflowStopped",
                [("contact", contact.id.key), ("queue", next.key), ("hops", "\(contact.overflow.hops)")]
            )
        }
        var live = contact
        statistics.count(live.queue, at: now.wall) { $0.counts.leave() }
        publishStatistics(live.queue, now)
        live.queue = next
        live.overflow = Overflow(hops: contact.overflow.hops + 1)
        contacts[live.id] = live
        statistics.count(next, at: now.wall) { $0.counts.enter() }
        publishStatistics(next, now)
        pipeline.add(ContactEdits.moved(live.id, ticket: live.ticket, to: next), for: .record(live.id))
        // One who has not entered yet is looked at by the next queue's rules first.
        guard router.waiting.contact(live.id) != nil else { return }
        endEstimate(contact, isAnswered: false, now)
        router.waiting.remove(live.id)
        enter(live, now)
    }
}

extension ClosingAnnouncement {
    init(_ closing: CalendarState) {
        switch closing {
        case .holiday: self = .holiday
        case .emergency: self = .emergency
        case .open, .afterHours: self = .closed
        }
    }
}
