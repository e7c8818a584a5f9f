package import ContactCenter
package import Kernel
import SIP

/// Joining two parties of whom one has talked before: the agent's phone is asked for an offer, which the party that
/// waits is asked to take by a re-INVITE (third party call control, RFC 3725 §4.1).
extension CallMachine {
    /// An agent has answered for a caller whose leg stands: this party is asked to take the agent's session.
    mutating func join(_ half: inout CallerHalf, _ bridge: BridgeID, _ peer: SiteID, _ session: [UInt8], _ now: Moment)
    {
        half.phase = .joining(bridge, peer: peer)
        half.expiresAt = now.instant + Limits.callReofferMax
        half.delayed = session
        store(half)
        goOn(half.contact)
    }

    /// Something else is being negotiated on the leg.
    private func isBusy(_ half: CallerHalf) -> Bool {
        half.reoffer.waiting != nil || half.borrowed.flatMap { agents[$0]?.reoffer.waiting } != nil
    }

    /// The leg is free again: goes on with what has waited for it.
    mutating func goOn(_ contact: ContactID) {
        guard var half = callers[contact], case .joining = half.phase, let session = half.delayed, !isBusy(half)
        else { return }
        half.delayed = nil
        store(half)
        if half.borrowed != nil { lead(half.leg, to: .caller(contact)) }
        emit(.sip(.reoffer(half.leg, sdp: session)))
    }

    /// The party took the agent's session, or refused it.
    mutating func joinAnswered(_ half: inout CallerHalf, _ session: [UInt8]?, _ now: Moment) {
        guard case .joining(let bridge, let peer) = half.phase else { return }
        guard let session else {
            tell(.agent, at: peer, .end(bridge, by: .network, reason: "the other phone refused the change"))
            half.phase = .offering(bridge, peer: peer)
            if let own = half.borrowed { lead(half.leg, to: .agent(own)) }
            backToQueue(&half, bridge, .phoneUnreachable)
            return
        }
        half.acknowledgement = session
        guard half.handedBy == nil else {
            // A consulted transfer: joined when the other phone is sure to get this session.
            half.expiresAt = now.instant + Limits.callConfirmMax
            store(half)
            return tell(.agent, at: peer, .acknowledge(bridge, session: session))
        }
        tell(.agent, at: peer, .acknowledge(bridge, session: session))
        joined(&half, bridge, peer, now)
    }

    /// Both parties have each other's session.
    mutating func joined(_ half: inout CallerHalf, _ bridge: BridgeID, _ peer: SiteID, _ now: Moment) {
        half.phase = .joined(bridge, peer: peer)
        half.handedBy = nil
        half.expiresAt = now.instant + Limits.callTalkMax
        store(half)
        tell(.agent, at: peer, .connected(bridge))
        emit(.event(.joined(bridge)))
    }

    /// Tells the phone of an answered caller who waits, without a relay that would play something, to be silent.
    ///
    /// Whoever it sent to last has left.
    package mutating func silence(_ contact: ContactID, now: Moment) -> [CallOutput] {
        guard var half = callers[contact], half.line == .answered, half.borrowed == nil,
            let last = sessions[half.leg]?.ours
        else { return settle(now) }
        switch half.phase {
        case .waiting, .offering: break
        case .joining, .joined: return settle(now)
        }
        dropReoffer(&half.reoffer, half.leg)
        half.reoffer = Reoffer(waiting: .ownPhone, expiresAt: now.instant + Limits.callReofferMax)
        store(half)
        emit(.sip(.reoffer(half.leg, sdp: SessionHold.inactive(last))))
        return settle(now)
    }

    /// A party that waits for somebody changes its own session: it gets what it has.
    mutating func answerFromMemory(_ leg: SIPLegID) {
        guard let last = sessions[leg]?.ours else { return emit(.sip(.rejectReoffer(leg, status: 500))) }
        emit(.sip(.answerReoffer(leg, sdp: last)))
    }
}
