package import ContactCenter
package import Kernel
import SIP

/// The consulted transfer: the customer's half joins with the bridge of the consultation, and the agent leaves.
///
/// Three sites may take part: the customer's, the consulting agent's, the consulted one's. The customer's site decides,
/// once the consulted one's has answered: until it has said `end` to the agent, she keeps both calls.
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
        guard let half = agents[bridge], half.phase == .joined, half.adoption == nil, handOvers[bridge] == nil,
            let asked = callers[contact], let (other, peer) = asked.joined, isReachable(half.peer)
        else { return (false, settle(now)) }
        handOvers[bridge] = contact
        tell(
            .caller,
            at: half.peer,
            .handOver(bridge, HandOver(bridge: other, peer: peer, agent: agent, isConference: isConference))
        )
        return (true, settle(now))
    }

    // MARK: At the customer's site

    /// The agent wants to leave: whoever was consulted is asked first.
    mutating func receiveHandOver(_ half: inout CallerHalf, _ old: BridgeID, _ other: HandOver, _ now: Moment) {
        guard case .joined(old, let agentSite) = half.phase else { return }
        guard isReachable(other.peer), half.handOver == nil, adopted[other.bridge] == nil,
            wanted[other.bridge] == nil, !other.isConference || (half.room?.parties.count ?? 2) < Limits.mixPartiesMax
        else { return tell(.agent, at: agentSite, .handOverRefused(old)) }
        half.handOver = WantedHandOver(other: other, expiresAt: now.instant + Limits.callHandOverMax)
        wanted[other.bridge] = half.contact
        store(half)
        tell(.agent, at: other.peer, .adopt(other.bridge, number: half.callerNumber, name: half.callerName))
    }

    /// What the consulted one's half says before the customer's has its bridge; false when it is for another half.
    mutating func wantedReceives(_ message: BridgeMessage, from peer: SiteID, _ now: Moment) -> Bool {
        guard let contact = wanted[message.bridge], var half = callers[contact], let wish = half.handOver,
            wish.other.peer == peer
        else { return false }
        switch message {
        case .answer(_, let session):
            complete(&half, wish.other, session, now)
            return true
        case .reject:
            dropHandOver(&half)
            store(half)
            return true
        case .end:
            // The consultation may be here as well, and hears it too.
            dropHandOver(&half)
            store(half)
            return false
        default: return false
        }
    }

    /// Whoever was consulted is there: from here on the agent is out of it.
    private mutating func complete(_ half: inout CallerHalf, _ other: HandOver, _ session: [UInt8], _ now: Moment) {
        guard case .joined(let old, let agentSite) = half.phase else { return }
        half.handOver = nil
        wanted[other.bridge] = nil
        adopted[other.bridge] = half.contact
        dropReoffer(&half.reoffer, half.leg)
        guard !other.isConference else { return takeGuest(&half, old, other, agentSite, session) }
        let reason = CallMachine.handedOver
        closeRoom(&half, by: .agent, reason: reason)
        forgetAdopted(old)
        endings.remember(old, by: .agent, reason: reason)
        tell(.agent, at: agentSite, .end(old, by: .agent, reason: reason))
        half.handedBy = agentSite
        half.waitUntil = now.instant + Limits.callWaitMax
        emit(.event(.handedOver(half.contact, other)))
        join(&half, other.bridge, other.peer, session, now)
    }

    /// Whoever was consulted comes into the call as well.
    private mutating func takeGuest(
        _ half: inout CallerHalf,
        _ old: BridgeID,
        _ other: HandOver,
        _ agentSite: SiteID,
        _ session: [UInt8]
    ) {
        half.openRoom()
        var guest = MixRoom.Party(
            name: other.bridge.description,
            role: .guest,
            bridge: other.bridge,
            peer: other.peer,
            agent: other.agent
        )
        guest.theirs = session
        half.room?.parties.append(guest)
        store(half)
        emit(.mix(half.contact, .mixOpen(party: guest.name)))
        tell(.agent, at: agentSite, .guestTaken(old))
    }

    /// Nothing comes of a hand-over that was being prepared: the agent keeps both.
    mutating func dropHandOver(_ half: inout CallerHalf, tellsAgent: Bool = true) {
        guard let wish = half.handOver else { return }
        half.handOver = nil
        wanted[wish.other.bridge] = nil
        tell(.agent, at: wish.other.peer, .handOverRefused(wish.other.bridge))
        guard tellsAgent, case .joined(let old, let agentSite) = half.phase else { return }
        tell(.agent, at: agentSite, .handOverRefused(old))
    }

    /// The link to the consulted one is lost while the customer is joined with her: the customer waits again, and the
    /// agent's site, which may reach her, tells her so.
    mutating func strand(_ half: CallerHalf, _ bridge: BridgeID, at lost: SiteID) {
        guard let witness = half.handedBy, witness != site, witness != lost else { return }
        tell(.agent, at: witness, .stranded(bridge, at: lost))
    }

    // MARK: At the consulting agent's site

    /// Her part is over; the consultation goes on without her.
    ///
    /// The consulted one is told as well, for whom that is the end if no customer is on the way.
    mutating func leave(_ bridge: BridgeID) {
        guard let contact = handOvers.removeValue(forKey: bridge), var half = callers[contact] else { return }
        if half.borrowed != nil { giveLegBack(half) }
        let reason = CallMachine.handedOver
        // At the customer's own site nobody can mistake whose it is.
        if let (other, peer) = half.joined, agents[bridge]?.peer != site {
            tell(.agent, at: peer, .end(other, by: .agent, reason: reason))
        }
        // The bridge is the customer's now: how it ends is told when it does.
        half.phase = .waiting
        closeCaller(half, by: .agent, reason: reason, tellsPeer: false, hangsUp: half.borrowed == nil)
    }

    /// The consulted one has the customer: whoever handed over is out of it, whether her own site heard so or not.
    mutating func leaveBehind(_ contact: ContactID, _ now: Moment) {
        for old in handOvers.keys.sorted() where handOvers[old] == contact {
            handOvers[old] = nil
            endAgent(old, by: .agent, reason: CallMachine.handedOver, tellPeer: false, now)
        }
    }

    /// The hand-over came to nothing: the agent keeps both, and so does the consulted one.
    mutating func stay(_ bridge: BridgeID) {
        guard let contact = handOvers.removeValue(forKey: bridge) else { return }
        if let (other, peer) = callers[contact]?.joined { tell(.agent, at: peer, .connected(other)) }
        emit(.event(.handOverRefused(bridge)))
    }

    // MARK: Whose a bridge is

    /// The contact whose caller's half has a bridge: another than the bridge names after a consulted transfer.
    package func owner(of bridge: BridgeID) -> ContactID { adopted[bridge] ?? bridge.contact }

    mutating func forgetAdopted(_ bridge: BridgeID) {
        adopted[bridge] = nil
    }

    /// The reason on a bridge whose agent has passed the call on.
    package static let passedOn = "passed on"

    /// The reason on a bridge whose agent has passed the call on to somebody whom she had asked.
    package static let handedOver = "passed on after asking"
}
