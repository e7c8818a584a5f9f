package import ContactCenter
package import Kernel
import SIP

/// Asking somebody beside a call: the agent's leg serves two bridges in turn.
///
/// The consultation is a contact of its own, whose caller is the agent's leg: it is offered, answered and ended like
/// any other. `legs` names the half that the leg leads to at the moment; it alone takes the phone's changes of session.
extension CallMachine {
    /// Lets an agent's leg be the caller of a consultation; her customer is put on hold.
    ///
    /// False when that cannot be done.
    package mutating func consult(
        beside bridge: BridgeID,
        as contact: ContactID,
        number: String,
        name: String,
        now: Moment
    ) -> (isDone: Bool, outputs: [CallOutput]) {
        guard let half = agents[bridge], half.phase == .joined, half.consult == nil, callers[contact] == nil,
            turn(bridge, isHold: true, now)
        else { return (false, settle(now)) }
        agents[bridge]?.consult = contact
        let limit = now.instant + Limits.callWaitMax
        var consultation = CallerHalf(
            contact: contact,
            leg: half.leg,
            session: nil,
            callerNumber: number,
            callerName: name,
            expiresAt: limit,
            waitUntil: limit
        )
        consultation.line = .answered
        consultation.borrowed = bridge
        store(consultation)
        return (true, settle(now))
    }

    /// Changes between the customer and whoever is consulted; false when that cannot be done now.
    package mutating func swap(_ bridge: BridgeID, now: Moment) -> (isDone: Bool, outputs: [CallOutput]) {
        guard let half = agents[bridge], let contact = half.consult, var asked = callers[contact],
            half.reoffer.waiting == nil, asked.reoffer.waiting == nil, let (other, peer) = asked.joined,
            isReachable(peer), isReachable(half.peer), let session = sessions[half.leg]?.theirs
        else { return (false, settle(now)) }
        if half.consults {
            lead(half.leg, to: .agent(bridge))
            asked.reoffer = Reoffer(waiting: .desk, expiresAt: now.instant + Limits.callReofferMax, isHold: true)
            store(asked)
            tell(.agent, at: peer, .reoffer(other, session: SessionHold.inactive(session)))
            _ = turn(bridge, isHold: false, now)
        } else {
            lead(half.leg, to: .caller(contact))
            _ = turn(bridge, isHold: true, now)
            asked.reoffer = Reoffer(waiting: .desk, expiresAt: now.instant + Limits.callReofferMax)
            store(asked)
            tell(.agent, at: peer, .reoffer(other, session: SessionHold.active(session)))
        }
        return (true, settle(now))
    }

    /// Ends a consultation and takes the customer back.
    package mutating func endConsult(_ bridge: BridgeID, now: Moment) -> [CallOutput] {
        guard let contact = agents[bridge]?.consult else { return settle(now) }
        endCaller(contact, by: .agent, reason: "the consultation is over", status: 480, now)
        _ = turn(bridge, isHold: false, now)
        return settle(now)
    }

    /// Whether an agent's bridge has a consultation, and whom she talks with at the moment.
    package func consultation(of bridge: BridgeID) -> (contact: ContactID, isTalking: Bool, leads: Bool)? {
        guard let half = agents[bridge], let contact = half.consult else { return nil }
        let isTalking = callers[contact]?.joined != nil
        return (contact, isTalking, half.consults)
    }

    /// The party that is consulted has been put on hold or taken back: the agent's phone follows the one it leads to.
    mutating func consultTurned(_ half: inout CallerHalf, _ session: [UInt8]?, _ now: Moment) {
        let isHold = half.reoffer.isHold
        half.reoffer = Reoffer()
        guard let session, !isHold, let bridge = half.borrowed, agents[bridge]?.consults == true else {
            return store(half)
        }
        half.reoffer = Reoffer(waiting: .ownPhone, expiresAt: now.instant + Limits.callReofferMax)
        store(half)
        emit(.sip(.reoffer(half.leg, sdp: SessionHold.active(session))))
    }

    /// Lets the media of an agent's leg lead to one of her two bridges.
    mutating func lead(_ leg: SIPLegID, to key: HalfKey) {
        legs[leg] = key
        switch key {
        case .agent(let bridge):
            agents[bridge]?.consults = false
            emit(.event(.swapped(bridge, isConsulting: false)))
        case .caller(let contact):
            guard let bridge = callers[contact]?.borrowed else { return }
            agents[bridge]?.consults = true
            emit(.event(.swapped(bridge, isConsulting: true)))
        }
    }

    /// A consultation is over: the agent's leg belongs to her customer's bridge alone again.
    mutating func giveLegBack(_ half: CallerHalf) {
        guard let bridge = half.borrowed, agents[bridge]?.consult == half.contact else { return }
        agents[bridge]?.consult = nil
        if agents[bridge]?.consults == true { lead(half.leg, to: .agent(bridge)) }
    }
}
