import ContactCenter
import Kernel
import SIP

/// The consulted transfer at the consulted one's site: the customer's half takes the place of the consulting one's.
///
/// Nothing changes for her before the customer's session has come. Until then both sites may speak for the bridge: the
/// one that asks for it, and the one that has it. If neither says what became of it, her call ends after
/// `Limits.callAdoptionMax`, because nobody may be left on it.
extension CallMachine {
    mutating func receiveAdoption(_ bridge: BridgeID, by peer: SiteID, number: String, name: String, _ now: Moment) {
        guard var half = agents[bridge], half.phase == .joined, half.adoption == nil,
            let session = sessions[half.leg]?.theirs
        else { return tell(.caller, at: peer, .reject(bridge, .phoneUnreachable)) }
        dropReoffer(&half.reoffer, half.leg)
        half.adoption = AgentHalf.Adoption(
            by: peer,
            expiresAt: now.instant + Limits.callAdoptionMax,
            number: number,
            name: name
        )
        store(half)
        tell(.caller, at: peer, .answer(bridge, session: SessionHold.active(session)))
    }

    /// What changes for a party that a hand-over is being made to; false when it is nothing of the kind.
    mutating func adopterSays(
        _ message: BridgeMessage,
        _ half: inout AgentHalf,
        from peer: SiteID,
        _ now: Moment
    ) -> Bool {
        guard let adoption = half.adoption else { return false }
        let isAdopter = adoption.by == peer
        switch message {
        case .acknowledge(_, let session) where isAdopter:
            take(&half, adoption, session, now)
        case .connected where half.peer == peer, .handOverRefused where isAdopter,
            .unknown where isAdopter && half.peer != peer:
            half.adoption = nil
            store(half)
        case .end(let bridge, let by, let reason) where isAdopter && half.peer != peer:
            endAgent(bridge, by: by, reason: reason, tellPeer: true, now)
        case .end(_, _, CallMachine.handedOver): break
        default:
            // Anything else counts only from whoever has the bridge.
            return half.peer != peer
        }
        return true
    }

    /// The customer's session has come: the bridge leads there from now on.
    private mutating func take(
        _ half: inout AgentHalf,
        _ adoption: AgentHalf.Adoption,
        _ session: [UInt8],
        _ now: Moment
    ) {
        let bridge = half.bridge
        let former = half.peer
        half.adoption = nil
        half.formerPeer = former
        half.peer = adoption.by
        half.isHeld = false
        half.isUnsure = false
        // Her 200 was acknowledged long ago; the new party's session comes as an offer.
        half.reoffer = Reoffer(waiting: .ownPhone, expiresAt: now.instant + Limits.callReofferMax)
        store(half)
        emit(.sip(.reoffer(half.leg, sdp: session)))
        tell(.caller, at: adoption.by, .taken(bridge))
        if former != adoption.by {
            tell(.caller, at: former, .end(bridge, by: .agent, reason: CallMachine.handedOver))
        }
        emit(.event(.adopted(bridge, by: adoption.by, number: adoption.number, name: adoption.name)))
    }

    /// A site that could not be reached from the customer's is told over the agent's that a bridge is over.
    mutating func stranded(_ bridge: BridgeID, at lost: SiteID, from peer: SiteID, _ now: Moment) {
        guard lost == site else { return emit(.bridge(.stranded(bridge, at: lost), to: lost)) }
        guard let half = agents[bridge], half.formerPeer == peer || half.adoption != nil && half.peer == peer else {
            return
        }
        endAgent(bridge, by: .network, reason: "the link was lost while the call was passed on", tellPeer: true, now)
    }
}
