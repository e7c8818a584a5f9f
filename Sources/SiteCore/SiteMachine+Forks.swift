import Calls
import ContactCenter
import Kernel
import Routing

/// A contact that several agents are asked for at once: the first answer wins, everybody else goes back to ready.
extension SiteMachine {
    /// One of several agents does not take a contact; the others are still asked, or ring.
    mutating func goOn(_ live: LiveContact, without candidate: Candidate, _ reason: String, _ now: Moment) {
        contacts[live.id] = live
        router.noteRefusal(live.id, candidate: candidate, at: now)
        log(
            .info,
            "contact.passedOver",
            [("contact", live.id.key), ("agent", candidate.agent.key), ("why", reason), ("others", "true")]
        )
        show(live, now)
        dropLate(of: live.id, now)
    }

    /// Another agent has answered: this one is nobody's business any more, nor are those who were only asked.
    mutating func lose(_ candidate: Candidate, _ id: ContactID, _ now: Moment) {
        guard var live = contacts[id], live.drop(candidate) else { return }
        while let asked = live.candidate(where: \.isReserving), live.drop(asked) { giveBack(asked, of: id, now) }
        contacts[id] = live
        log(.debug, "contact.answeredElsewhere", [("contact", id.key), ("agent", candidate.agent.key)])
    }

    /// Ends all offers but the leading one.
    mutating func withdrawForks(of live: inout LiveContact, _ reason: String, _ now: Moment) {
        let others = live.forks.others
        live.forks = ContactForks()
        contacts[live.id] = live
        for fork in others { withdraw(fork.stage, of: live.id, reason, now) }
    }

    /// Tells an agent's site that she is not wanted; bridges are ended by the call machine.
    mutating func withdraw(_ stage: LiveContact.Stage, of id: ContactID, _ reason: String, _ now: Moment) {
        switch stage {
        case .reserving(let candidate, _): giveBack(candidate, of: id, now)
        case .textOffering(let candidate, let reservation):
            say(TextMessage(.gone, id, candidate.agent, reservation, reason: reason), to: candidate.fence.site, now)
        case .lookingUp, .recording, .waiting, .offering, .talking, .textTalking, .placing, .outside: break
        }
    }

    /// Gives up those of several agents whose sites have been silent for too long, and sets the time for the rest.
    mutating func dropLate(of id: ContactID, _ now: Moment) {
        guard let live = contacts[id] else { return }
        guard let late = live.late(at: now.instant), let candidate = late.candidate else { return watch(live) }
        withdraw(late, of: id, "no word in time", now)
        // Comes back here while others are left.
        passOver(candidate, of: id, "no answer in time", now)
    }

    /// Sets the contact's time to the soonest limit of all who are asked.
    mutating func watch(_ live: LiveContact) {
        let limits = live.forks.others.map(\.until) + [live.forks.leadUntil]
        timers.set(.contact(live.id), limits.compactMap { $0 }.min())
    }
}

extension LiveContact {
    /// The first of those who are asked whose time is over.
    func late(at now: Instant) -> Stage? {
        if let until = forks.leadUntil, until <= now, stage.candidate != nil { return stage }
        return forks.others.first { $0.until.map { $0 <= now } ?? false }?.stage
    }

    /// Lets the offer lead that a message is about; false when it is about none.
    mutating func leadStands(_ message: TextMessage, at peer: SiteID) -> Bool {
        let meant = candidate { stage in
            if case .textOffering(let candidate, message.reservation) = stage {
                candidate.agent == message.agent && candidate.fence.site == peer
            } else {
                false
            }
        }
        if let meant { lead(by: meant) }
        return stands(message, at: peer)
    }
}

extension LiveContact.Stage {
    /// Whether it stands on the desk of an agent of that site.
    func isTextOffer(at peer: SiteID) -> Bool {
        if case .textOffering(let candidate, _) = self { candidate.fence.site == peer } else { false }
    }
}
