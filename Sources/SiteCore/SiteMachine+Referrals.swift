import Calls
import ContactCenter
import Kernel
import Routing
import SIP

/// What phones ask for themselves: transfers by REFER, blind or with Replaces, and what follows at the desks.
extension SiteMachine {
    mutating func referred(_ half: ReferredHalf, _ leg: SIPLegID, _ referral: SIPReferral, _ now: Moment) {
        do {
            switch half {
            case .agent(let bridge): try refer(bridge, leg, referral, now)
            case .caller(let contact): try refer(caller: contact, leg, referral, now)
            }
        } catch {
            log(.info, "referral.refused", [("why", error.message)])
            push(sip.perform(.rejectReferral(leg, status: error.code == .notFound ? 404 : 403), now: now))
        }
    }

    private mutating func refer(
        _ bridge: BridgeID,
        _ leg: SIPLegID,
        _ referral: SIPReferral,
        _ now: Moment
    ) throws(Refusal) {
        if let replaced = referral.replaces {
            guard let contact = calls.callerContact(of: replaced) else {
                throw Refusal(.notFound, "That call is not known here.")
            }
            return try join(bridge, contact, leg, now)
        }
        let target = try target(dialled: referral.target)
        push(sip.perform(.acceptReferral(leg), now: now))
        do {
            try askToPass(bridge, to: target, for: .phone(leg), now)
        } catch {
            push(sip.perform(.referralProgress(leg, status: 503), now: now))
        }
    }

    /// The phone refers from the call that it placed itself; only to a customer's call of the same phone.
    private mutating func refer(
        caller contact: ContactID,
        _ leg: SIPLegID,
        _ referral: SIPReferral,
        _ now: Moment
    ) throws(Refusal) {
        guard let agent = contacts[contact]?.origin.agent, let replaced = referral.replaces,
            let bridge = calls.agentBridge(of: replaced), bridges[bridge]?.agent == agent
        else { throw Refusal(.conflict, "Callers cannot pass calls on.") }
        try join(bridge, contact, leg, now)
    }

    private mutating func join(
        _ bridge: BridgeID,
        _ contact: ContactID,
        _ leg: SIPLegID,
        _ now: Moment
    ) throws(Refusal) {
        let asked = contacts[contact]?.answer?.agent
        let (isDone, outputs) = calls.handOver(bridge, to: contact, agent: asked, now: now)
        guard isDone else { throw Refusal(.conflict, "Whoever is asked has not answered yet.") }
        push(sip.perform(.acceptReferral(leg), now: now))
        push(sip.perform(.referralProgress(leg, status: 200), now: now))
        push(outputs)
    }

    /// What an agent means by what she dials: a colleague's phone, a queue, or a number outside.
    func target(dialled: String) throws(Refusal) -> CallTarget {
        if let agent = directory.agent(sipUser: dialled) { return .agent(agent) }
        if let queue = directory.queue(dialled: dialled) { return .queue(queue.id) }
        guard boot.settings.outboundTrunk != nil, let number = PhoneNumber.normalised(dialled) else {
            throw Refusal(.notFound, "Nobody here has the number \(dialled.prefix(Limits.phoneDigitsMax)).")
        }
        return .number(number)
    }

    // MARK: At the desks

    /// At the consulted agent's site: her other party is the customer now.
    mutating func adopted(_ bridge: BridgeID, _ origin: SiteID, _ number: String, _ name: String, _ now: Moment) {
        guard let reservation = bridges[bridge], desks[reservation.number] != nil else { return }
        desks[reservation.number]?.originSite = origin
        desks[reservation.number]?.brief.callerNumber = number
        changedViews.insert(.desk(reservation.agent))
    }

    /// At the consulting agent's site: the other site would not.
    mutating func handOverRefused(_ bridge: BridgeID) {
        guard let agent = bridges[bridge]?.agent else { return }
        let text = "The customer's site cannot reach whoever you asked; you still have both."
        outbox.append(.notice(agent, SiteNotice(.warning, text)))
        changedViews.insert(.desk(agent))
    }

    /// An agent's own call could not be written down: nobody is rung.
    mutating func unrecordedOwn(_ live: LiveContact, _ now: Moment) {
        let refusal = Refusal(.unavailable, "The call could not be written down.")
        if let token = live.opening { reply(token, .refused(refusal)) }
        if let agent = live.origin.agent {
            outbox.append(.notice(agent, SiteNotice(.warning, refusal.message)))
            endOwnLine(of: agent, live.id, now)
        }
        if let own = live.ownCall, let desk = desks[UInt64(clamping: own.reservation)],
            let events = try? book.follow(.withdrawn, of: desk.reservation, at: now)
        {
            push(events)
        }
        push(calls.end(live.id, by: .system, reason: "not recorded", now: now))
    }
}
