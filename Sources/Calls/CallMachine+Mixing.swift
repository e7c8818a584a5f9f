package import ContactCenter
package import Kernel
import SIP

/// Calls of more than two: conferences, and supervisors who listen, whisper or barge in.
///
/// The caller's half is the hub: every party is offered a session of the mixer by its own half, and nothing is passed
/// from one to another any more. The first further party makes the room; it lasts until the caller's half is over or
/// the call is passed on.
extension CallMachine {
    /// Asks a supervisor's phone to take part in a contact's talk; her site has promised her to that bridge.
    ///
    /// False when nobody talks there.
    package mutating func supervise(
        _ contact: ContactID,
        over bridge: BridgeID,
        by agent: AgentID,
        reservation: Int64,
        at peer: SiteID,
        _ mode: SupervisionMode,
        now: Moment
    ) -> (isDone: Bool, outputs: [CallOutput]) {
        guard var half = callers[contact], half.joined != nil, isReachable(peer), adopted[bridge] == nil,
            (half.room?.parties.count ?? 2) < Limits.mixPartiesMax
        else { return (false, settle(now)) }
        adopted[bridge] = contact
        half.openRoom()
        half.room?.parties.append(
            MixRoom.Party(name: bridge.description, role: .supervisor(mode), bridge: bridge, peer: peer, agent: agent)
        )
        store(half)
        let offer = BridgeOffer(
            bridge: bridge,
            agent: agent,
            reservation: reservation,
            session: nil,
            callerNumber: half.callerNumber,
            callerName: half.callerName
        )
        tell(.agent, at: peer, .offer(offer))
        return (true, settle(now))
    }

    /// Changes how a supervisor takes part; false when she does not.
    package mutating func supervise(
        over bridge: BridgeID,
        _ mode: SupervisionMode,
        now: Moment
    ) -> (
        isDone: Bool, outputs: [CallOutput]
    ) {
        guard var half = callers[owner(of: bridge)], let index = half.room?.index(of: bridge) else {
            return (false, settle(now))
        }
        half.room?.parties[index].role = .supervisor(mode)
        store(half)
        tellHearing(half)
        return (true, settle(now))
    }

    /// Those who take part beside the customer and the agent, with their roles.
    package func guests(of contact: ContactID) -> [(agent: AgentID?, role: MixRole)] {
        (callers[contact]?.room?.parties ?? []).filter { $0.role != .customer && $0.role != .agent }
            .map { ($0.agent, $0.role) }
    }

    // MARK: What the mixer says

    /// The mixer has a session for a party, or none.
    package mutating func mixOpened(
        _ contact: ContactID,
        party name: String,
        session: [UInt8]?,
        now: Moment
    ) -> [CallOutput] {
        guard var half = callers[contact], let index = half.room?.index(of: name) else { return settle(now) }
        guard let session else {
            failMixing(&half, name, now)
            return settle(now)
        }
        half.room?.parties[index].ours = session
        guard let party = half.room?.parties[index] else { return settle(now) }
        if let said = party.theirs, let bridge = party.bridge, let peer = party.peer {
            // It waits for the answer to its own offer.
            half.room?.parties[index].isIn = true
            store(half)
            tell(.agent, at: peer, .acknowledge(bridge, session: session))
            tell(.agent, at: peer, .connected(bridge))
            emit(.mix(contact, .mixTake(party: name, session: said)))
            openOthers(&half)
            tellHearing(half)
        } else {
            half.room?.parties[index].isAsked = true
            store(half)
            if let bridge = party.bridge, let peer = party.peer {
                tell(.agent, at: peer, .reoffer(bridge, session: session))
            } else {
                emit(.sip(.reoffer(half.leg, sdp: session)))
            }
        }
        return settle(now)
    }

    /// With the first further party in, customer and agent come into the room.
    private mutating func openOthers(_ half: inout CallerHalf) {
        for index in half.room?.parties.indices ?? 0..<0 {
            guard let party = half.room?.parties[index], party.role == .customer || party.role == .agent,
                !party.isIn, party.ours == nil, !party.isAsked
            else { continue }
            half.room?.parties[index].isAsked = true
            emit(.mix(half.contact, .mixOpen(party: party.name)))
        }
        store(half)
    }

    private mutating func failMixing(_ half: inout CallerHalf, _ name: String, _ now: Moment) {
        emit(.event(.mixFailed(half.contact)))
        for party in half.room?.parties ?? [] where party.role != .customer && party.role != .agent {
            drop(party, of: &half, reason: "the call cannot be mixed")
        }
    }

    // MARK: What parties say

    /// A party's phone answered the mixer's session; false when it was not asked for one.
    mutating func mixAnswered(_ half: inout CallerHalf, _ bridge: BridgeID?, _ session: [UInt8]?) -> Bool {
        guard let index = half.room?.parties.firstIndex(where: { $0.bridge == bridge }),
            let party = half.room?.parties[index], party.isAsked, party.ours != nil
        else { return false }
        half.room?.parties[index].isAsked = false
        // One that refuses the change is heard by nobody; it still has its call.
        guard let session else {
            store(half)
            return true
        }
        half.room?.parties[index].isIn = true
        store(half)
        emit(.mix(half.contact, .mixTake(party: party.name, session: session)))
        tellHearing(half)
        return true
    }

    /// A party of a room changes its own session: the mixer follows; nil when there is no room.
    mutating func mixReoffered(_ half: CallerHalf, _ bridge: BridgeID?, _ session: [UInt8]?) -> [UInt8]? {
        guard let party = half.room?.parties.first(where: { $0.bridge == bridge }), let ours = party.ours else {
            return nil
        }
        if let session { emit(.mix(half.contact, .mixTake(party: party.name, session: session))) }
        return ours
    }

    /// What the half of a guest or supervisor says; false when it is none.
    mutating func guestReceives(_ message: BridgeMessage, from peer: SiteID, _ now: Moment) -> Bool {
        let bridge = message.bridge
        guard var half = callers[owner(of: bridge)], half.bridge != bridge, let index = half.room?.index(of: bridge),
            let party = half.room?.parties[index], party.peer == peer
        else { return false }
        switch message {
        case .answer(_, let session):
            half.room?.parties[index].theirs = session
            store(half)
            emit(.mix(half.contact, .mixOpen(party: party.name)))
        case .reject, .unknown: drop(party, of: &half, reason: nil)
        case .end: drop(party, of: &half, reason: nil)
        case .reoffer(_, let session):
            if let ours = mixReoffered(half, bridge, session) {
                tell(.agent, at: peer, .reofferAnswer(bridge, session: ours))
            } else {
                tell(.agent, at: peer, .reofferReject(bridge, status: 491))
            }
        case .info(_, let info): emit(.sip(.info(half.leg, info)))
        default: break
        }
        return true
    }

    // MARK: Coming and going

    private mutating func drop(_ party: MixRoom.Party, of half: inout CallerHalf, reason: String?) {
        half.room?.parties.removeAll { $0.name == party.name }
        store(half)
        if let bridge = party.bridge {
            adopted[bridge] = nil
            if let reason, let peer = party.peer {
                tell(.agent, at: peer, .end(bridge, by: .system, reason: reason))
            }
        }
        emit(.mix(half.contact, .mixClose(party: party.name)))
        tellHearing(half)
    }

    private mutating func tellHearing(_ half: CallerHalf) {
        guard let room = half.room else { return }
        emit(.mix(half.contact, .mixHearing(room.hearing)))
        emit(.event(.partiesChanged(half.contact)))
    }

    /// The agent has left: whoever she brought in has the customer now; false when there is nobody.
    mutating func promoteGuest(_ half: inout CallerHalf, _ old: BridgeID) -> Bool {
        guard let guest = half.room?.parties.first(where: { $0.role == .guest && $0.isIn }), let bridge = guest.bridge,
            let peer = guest.peer
        else { return false }
        if let agent = half.room?.index(of: old) {
            let name = half.room?.parties[agent].name ?? ""
            half.room?.parties.remove(at: agent)
            emit(.mix(half.contact, .mixClose(party: name)))
        }
        if let index = half.room?.index(of: bridge) { half.room?.parties[index].role = .agent }
        forgetAdopted(old)
        endings.remember(old, by: .agent, reason: CallMachine.passedOn)
        half.phase = .joined(bridge, peer: peer)
        store(half)
        tellHearing(half)
        emit(.event(.handedOver(half.contact, HandOver(bridge: bridge, peer: peer, agent: guest.agent))))
        emit(.event(.joined(bridge)))
        return true
    }

    /// The room is over: guests and supervisors leave.
    mutating func closeRoom(_ half: inout CallerHalf, by: EndedBy, reason: String) {
        guard let room = half.room else { return }
        half.room = nil
        for party in room.parties where party.role != .customer && party.bridge != half.bridge {
            guard let bridge = party.bridge, let peer = party.peer else { continue }
            adopted[bridge] = nil
            endings.remember(bridge, by: by, reason: reason)
            tell(.agent, at: peer, .end(bridge, by: by, reason: reason))
        }
        emit(.mix(half.contact, .mixEnd))
    }
}

extension CallerHalf {
    /// Makes a room of customer and agent, when there is none.
    mutating func openRoom() {
        guard room == nil, let (bridge, peer) = joined else { return }
        room = MixRoom(parties: [
            MixRoom.Party(name: "customer", role: .customer),
            MixRoom.Party(name: bridge.description, role: .agent, bridge: bridge, peer: peer),
        ])
    }
}
