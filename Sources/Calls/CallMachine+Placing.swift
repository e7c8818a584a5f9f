package import ContactCenter
package import Kernel
import SIP

/// Calls that an agent places: her own phone is answered first, then the number is called.
///
/// Her phone's offer goes to the number; the phone itself gets an answer that is on hold at once, because its 200
/// cannot wait for somebody who may ring for a minute (RFC 3725 §4.3), and hears the network as soon as that says
/// something.
extension CallMachine {
    /// Prepares a call to a number; nobody is called before an agent has answered an `offer` of the contact.
    package mutating func place(
        _ contact: ContactID,
        number: String,
        by trunk: String,
        from: String,
        ringTime: Span,
        now: Moment
    ) {
        guard callers[contact] == nil else { return }
        let limit = now.instant + Limits.callWaitMax
        var half = CallerHalf(
            contact: contact,
            leg: newLeg(),
            session: nil,
            callerNumber: number,
            callerName: "",
            expiresAt: limit,
            waitUntil: limit
        )
        half.line = .toPlace(CallerHalf.Placing(number: number, trunk: trunk, from: from, ringTime: ringTime))
        legs[half.leg] = .caller(contact)
        store(half)
    }

    /// The agent's phone was answered: now the number is called.
    mutating func callNumber(
        _ half: inout CallerHalf,
        _ placing: CallerHalf.Placing,
        _ bridge: BridgeID,
        _ peer: SiteID,
        _ session: [UInt8],
        _ now: Moment
    ) {
        half.line = .placed
        half.phase = .joined(bridge, peer: peer)
        half.acknowledgement = SessionHold.inactive(session)
        half.expiresAt = now.instant + Limits.callTalkMax
        store(half)
        let invitation = SIPInvitation(
            target: .trunk(placing.trunk, number: placing.number),
            from: placing.from,
            sdp: session,
            ringTimeout: placing.ringTime
        )
        emit(.sip(.invite(half.leg, invitation)))
        tell(.agent, at: peer, .acknowledge(bridge, session: SessionHold.inactive(session)))
        tell(.agent, at: peer, .connected(bridge))
        emit(.event(.placing(bridge)))
    }

    /// The network or the called party has a session for the agent's phone.
    mutating func hear(_ half: inout CallerHalf, _ session: [UInt8], isAnswer: Bool, _ now: Moment) {
        guard half.line == .placed, let (bridge, peer) = half.joined else { return }
        if isAnswer {
            half.line = .answered
            store(half)
            emit(.event(.joined(bridge)))
        }
        guard half.reoffer.waiting == nil else {
            // The agent's phone is still busy with what the network said before.
            half.delayed = session
            return store(half)
        }
        half.reoffer = Reoffer(waiting: .nobody, expiresAt: now.instant + Limits.callReofferMax)
        store(half)
        tell(.agent, at: peer, .reoffer(bridge, session: session))
    }

    /// The agent's phone has taken a session that came while the number was called.
    mutating func heard(_ half: inout CallerHalf, _ now: Moment) {
        half.reoffer = Reoffer()
        guard let session = half.delayed, let (bridge, peer) = half.joined else { return store(half) }
        half.delayed = nil
        half.reoffer = Reoffer(waiting: .nobody, expiresAt: now.instant + Limits.callReofferMax)
        store(half)
        tell(.agent, at: peer, .reoffer(bridge, session: session))
    }
}
