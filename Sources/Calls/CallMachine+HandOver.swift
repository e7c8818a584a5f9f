package import ContactCenter
package import Kernel
import SIP

/// The consulted transfer: the customer's half joins with the bridge of the consultation, and the agent leaves.
///
/// Three sites may take part: the customer's, the consulting agent's, the consulted one's. The customer's site decides:
/// until it has said `end` to the agent, she keeps both calls.
extension CallMachine {
    /// Joins the customer of an agent's bridge with whoever her consultation talks with; false when they do not talk.
    ///
    /// `contact` is the consultation: on the same leg, or the call of another leg of the same phone. In a conference
    /// the agent stays.
    package mutating func handOver(
        _ bridge: BridgeID,
        to contact: ContactID,
        agent: AgentID?,
        isConference: Bool = false,
        now: Moment
    ) -> (isDone: Bool, outputs: [CallOutput]) {
        guard let half = agents[bridge], half.phase == .joined, let asked = callers[contact],
            let (other, peer) = asked.joined, isReachable(half.peer)
        else { return (false, settle(now)) }
        tell(
            .caller,
            at: half.peer,
            .handOver(bridge, HandOver(bridge: other, peer: peer, agent: agent, isConference: isConference))
        )
        handOvers[bridge] = contact
        return (true, settle(now))
    }

    /// At the customer's site: the agent wants to leave.
    mutating func receiveHandOver(_ half: inout CallerHalf, _ old: BridgeID, _ other: HandOver, _ now: Moment) {
        guard case .joined(old, let agentSite) = half.phase else { return }
        guard isReachable(other.peer) else {
            return tell(.agent, at: agentSite, .handOverRefused(old))
        }
        guard !other.isConference else { return takeGuest(&half, old, other, agentSite) }
        dropReoffer(&half.reoffer, half.leg)
        closeRoom(&half, by: .agent, reason: CallMachine.passedOn)
        forgetAdopted(old)
        endings.remember(old, by: .agent, reason: CallMachine.passedOn)
        tell(.agent, at: agentSite, .end(old, by: .agent, reason: CallMachine.passedOn))
        adopted[other.bridge] = half.contact
        half.phase = .offering(other.bridge, peer: other.peer)
        half.waitUntil = now.instant + Limits.callWaitMax
        half.expiresAt = now.instant + Limits.callReofferMax
        store(half)
        tell(.agent, at: other.peer, .adopt(other.bridge, number: half.callerNumber, name: half.callerName))
        emit(.event(.handedOver(half.contact, other)))
    }

    /// At the customer's site: whoever was consulted comes into the call as well.
    private mutating func takeGuest(_ half: inout CallerHalf, _ old: BridgeID, _ other: HandOver, _ agentSite: SiteID) {
        guard adopted[other.bridge] == nil, (half.room?.parties.count ?? 2) < Limits.mixPartiesMax else {
            return tell(.agent, at: agentSite, .handOverRefused(old))
        }
        dropReoffer(&half.reoffer, half.leg)
        adopted[other.bridge] = half.contact
        half.openRoom()
        half.room?.parties.append(
            MixRoom.Party(
                name: other.bridge.description,
                role: .guest,
                bridge: other.bridge,
                peer: other.peer,
                agent: other.agent
            )
        )
        store(half)
        tell(.agent, at: agentSite, .guestTaken(old))
        tell(.agent, at: other.peer, .adopt(other.bridge, number: half.callerNumber, name: half.callerName))
    }

    /// At the consulted agent's site: the customer's half takes the place of the consulting one's.
    mutating func receiveAdoption(
        _ bridge: BridgeID,
        by peer: SiteID,
        number: String,
        name: String,
        _ now: Moment
    ) {
        guard var half = agents[bridge], half.phase == .joined, let session = sessions[half.leg]?.theirs else {
            return tell(.caller, at: peer, .reject(bridge, .phoneUnreachable))
        }
        dropReoffer(&half.reoffer, half.leg)
        half.peer = peer
        half.isAdopted = true
        store(half)
        tell(.caller, at: peer, .answer(bridge, session: SessionHold.active(session)))
        emit(.event(.adopted(bridge, by: peer, number: number, name: name)))
    }

    /// At the consulting agent's site: her part is over; the consultation goes on without her and is not ended.
    mutating func leave(_ bridge: BridgeID) {
        guard let contact = handOvers.removeValue(forKey: bridge), var half = callers[contact] else { return }
        if half.borrowed != nil { giveLegBack(half) }
        // The bridge is the customer's now: how it ends is told when it does.
        half.phase = .waiting
        closeCaller(half, by: .agent, reason: CallMachine.passedOn, tellsPeer: false, hangsUp: half.borrowed == nil)
    }

    /// The hand-over came to nothing: the agent keeps both.
    mutating func stay(_ bridge: BridgeID) {
        guard handOvers.removeValue(forKey: bridge) != nil else { return }
        emit(.event(.handOverRefused(bridge)))
    }

    /// The contact whose caller's half has a bridge: another than the bridge names after a consulted transfer.
    package func owner(of bridge: BridgeID) -> ContactID { adopted[bridge] ?? bridge.contact }

    mutating func forgetAdopted(_ bridge: BridgeID) {
        adopted[bridge] = nil
    }

    /// The reason on a bridge whose agent has passed the call on.
    package static let passedOn = "passed on"
}
