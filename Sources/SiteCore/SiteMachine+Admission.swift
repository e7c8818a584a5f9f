import Calls
import ContactCenter
import Kernel
import Routing

/// The way into a queue: what the queue says when it is closed or full, then the waiting room.
extension SiteMachine {
    /// Lets a recorded contact into its queue, or does with it what the queue's rules say.
    mutating func enqueue(_ contact: LiveContact, _ now: Moment) {
        for _ in 0...Limits.overflowHopsMax {
            guard let live = contacts[contact.id] else { return }
            guard let (action, why) = objection(to: live, now) else { return enter(live, now) }
            carry(out: action, live.id, why, now)
            if case .queue = action {
                if contacts[live.id]?.queue != live.queue { continue }
                // It leads nowhere: whoever came waits where they are.
                break
            }
            guard !action.isFinal else { return }
            break
        }
        if let live = contacts[contact.id] { enter(live, now) }
    }

    /// What a queue does with a contact that it does not take as usual, and why; nil when it takes it.
    ///
    /// One who was here before closing time, or has spoken with an agent already, is not turned away; mail and tasks
    /// wait until somebody is at work.
    private mutating func objection(to live: LiveContact, _ now: Moment) -> (OverflowAction, String)? {
        guard live.place == nil, live.answer == nil, live.channel == .voice || live.channel == .chat,
            let rules = directory.rules[live.queue]
        else { return nil }
        if let closing = directory.closing(of: live.queue, at: site, now.wall) {
            return (rules.closedAction ?? .hangUp(ClosingAnnouncement(closing)), "closed")
        }
        if let step = dueStep(of: live, now) { return (step.action, "\(step.condition)") }
        if let most = rules.maxWaiting, router.waiting.waiting(in: live.queue) >= Int(clamping: most) {
            return (.hangUp(.busy), "the queue is full")
        }
        return nil
    }

    /// Puts a contact into the waiting room and looks for an agent.
    mutating func enter(_ live: LiveContact, _ now: Moment) {
        guard let queue = directory.queues[live.queue] else {
            return turnAway(live, status: 404, "the queue was deleted", now)
        }
        do {
            try router.waiting.add(ContactPresence(live).waiting(at: site, queue: queue))
        } catch {
            return turnAway(live, status: 503, "too many waiting", now)
        }
        beginEstimate(live, now)
        planExpiry(live, now)
        if live.channel == .voice {
            push(calls.announce(live.id))
            answerQueue(live, now)
        }
        show(live, now)
        work.append(.match(live.id))
        if directory.rules[live.queue]?.overflow.isEmpty == false {
            timers.set(.overflow(live.id), now.instant + Limits.overflowLookAfter)
        }
    }

    /// Ends a contact that cannot wait, or can wait no longer.
    mutating func turnAway(_ live: LiveContact, status: Int, _ reason: String, _ now: Moment) {
        if live.channel == .voice {
            push(calls.refuse(live.id, status: status, reason: reason, now: now))
        } else {
            work.append(.close(live.id, .system, reason))
        }
    }
}
