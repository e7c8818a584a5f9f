import Calls
import ContactCenter
import Kernel
import Routing

/// The end of contacts that arrived here: the last line of the record, the figures, the wall.
extension SiteMachine {
    /// The caller is gone, or the call machine has ended the call.
    mutating func ended(_ id: ContactID, _ by: EndedBy, _ reason: String, _ now: Moment) {
        guard var live = contacts[id] else { return }
        switch live.stage {
        case .lookingUp(let token):
            // Even who gives up in the first moments has called: the record is made, then closed.
            lookUps[token] = nil
            live.endedEarly = (by, reason, now)
            contacts[id] = live
            record(id, now)
        case .recording:
            live.endedEarly = (by, reason, now)
            contacts[id] = live
        case .reserving(let candidate, _):
            giveBack(candidate, of: id, now)
            finish(live, by, reason, now, now)
        case .textOffering, .textTalking:
            releaseText(live, reason, now)
            finish(live, by, reason, now, now)
        case .waiting, .offering, .talking, .placing, .outside:
            finish(live, by, reason, now, now)
        }
    }

    /// The last line of the contact's record, its figures, and its place on the wall.
    mutating func finish(
        _ live: LiveContact,
        _ by: EndedBy,
        _ reason: String,
        _ at: Moment,
        _ now: Moment
    ) {
        contacts[live.id] = nil
        if let old = live.place?.contact, heirs[old] == live.id { heirs[old] = nil }
        timers.set(.contact(live.id), nil)
        timers.set(.overflow(live.id), nil)
        timers.set(.callback(live.id), nil)
        dropClaim(of: live.id, now)
        if let pass = passes.removeValue(forKey: live.id) {
            timers.set(.promise(live.id), nil)
            giveBack(pass.agent, at: pass.fence, of: live.id, now)
        }
        if let agent = live.origin.agent {
            changedViews.insert(.desk(agent))
            endOwnLine(of: agent, live.id, now)
        }
        endEstimate(live, isAnswered: false, now)
        router.waiting.remove(live.id)
        stopAnnouncing(live.id)
        let outcome: ContactOutcome =
            if let known = live.outcome {
                known
            } else if live.answer != nil || live.reachedAt != nil {
                .answered
            } else if live.movedTo != nil {
                .moved
            } else if live.origin != .incoming {
                .notReached
            } else {
                by == .system ? .refused : .abandoned
            }
        let talked = (live.answer?.at ?? live.reachedAt).map { at.instant - $0.instant }
        // The figures of queues are about customers who came.
        if live.origin == .incoming { countEnd(of: live, outcome, talked, waited: live.waited(until: at), now) }
        let ending = ContactEdits.Ending(
            contact: live.id,
            ticket: live.ticket,
            agent: live.answer?.agent,
            agents: live.tookPart.sorted(),
            startedAt: live.arrived.wall,
            endedAt: at.wall,
            by: by,
            reason: reason,
            outcome: outcome,
            waited: live.waited(until: at),
            talked: talked
        )
        pipeline.add(ContactEdits.ended(ending), for: .record(live.id))
        publish(ContactPresence.key(live.id), nil, now)
        changedViews.insert(.wall)
        log(
            .info,
            "contact.ended",
            [
                ("contact", live.id.key), ("by", by.rawValue), ("outcome", outcome.rawValue), ("reason", reason),
            ]
        )
    }

    /// Counts how a customer's contact ended, in the queue of its first answer or where it waited last.
    private mutating func countEnd(
        of live: LiveContact,
        _ outcome: ContactOutcome,
        _ talked: Span?,
        waited: Span,
        _ now: Moment
    ) {
        let queue = live.answer?.queue ?? live.queue
        if let talked {
            statistics.count(queue, at: now.wall) { $0.counts.handle(talk: talked, wrapUp: .zero) }
        } else {
            statistics.unanswered(definition(of: queue), outcome, after: waited, at: now.wall)
        }
        publishStatistics(queue, now)
    }
}
