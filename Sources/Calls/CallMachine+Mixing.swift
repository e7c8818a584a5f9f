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
            half.room?.isMixed != false, (half.room?.parties.count ?? 2) < Limits.mixPartiesMax
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

    /// Those who take part beside the customer and the agent, with their roles, and whether they hear already.
    package func guests(of contact: ContactID) -> [(agent: AgentID?, role: MixRole, isIn: Bool)] {
        (callers[contact]?.room?.parties ?? []).filter { $0.role != .customer && $0.role != .agent }
            .map { ($0.agent, $0.role, $0.isIn) }
    }

    // MARK: What the mixer says

    /// The mixer has a session for a party, or none.
    package mutating func mixOpened(
        _ contact: ContactID,
        party name: String,
        session: [UInt8]?,
        now: Moment
    ) -> [CallOutput] {
        guard var half = callers[contact], half.room?.isMixed == true, let index = half.room?.index(of: name) else {
            return settle(now)
        }
        guard let session else {
            failMixing(&half, name, now)
            return settle(now)
        }
        half.room?.parties[index].ours = session
        guard let party = half.room?.parties[index] else { return settle(now) }
        if let said = party.theirs, let bridge = party.bridge, let peer = party.peer {
            // It waits for the answer to its own offer.
            half.room?.parties[index].isIn = true
            half.room?.parties[index].theirs = nil
            store(half)
            tell(.agent, at: peer, .acknowledge(bridge, session: session))
            tell(.agent, at: peer, .connected(bridge))
            emit(.mix(contact, .mixTake(party: name, session: said)))
            openOthers(&half)
            tellHearing(half)
        } else {
            ask(index, &half)
            // A room that is made anew: its guests have talked in another one before.
            if party.role == .guest { openOthers(&half) }
        }
        return settle(now)
    }

    /// Offers a party the session that the mixer has for it.
    mutating func ask(_ index: Int, _ half: inout CallerHalf) {
        guard let party = half.room?.parties[index], let session = party.ours else { return }
        half.room?.parties[index].isAsked = true
        store(half)
        if let bridge = party.bridge, let peer = party.peer {
            tell(.agent, at: peer, .reoffer(bridge, session: session))
        } else {
            emit(.sip(.reoffer(half.leg, sdp: session)))
        }
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

    /// The mixer has no place for a party: it stays out, and the call goes on between the two unless more are in.
    private mutating func failMixing(_ half: inout CallerHalf, _ name: String, _ now: Moment) {
        let others = half.room?.parties.contains { !$0.role.isOfTwo && $0.name != name && $0.isIn } ?? false
        guard others, let party = half.room?.parties.first(where: { $0.name == name }), !party.role.isOfTwo else {
            return loseRoom(&half, keepsGuests: false, now)
        }
        drop(party, of: &half, reason: "the call cannot be mixed")
        emit(.event(.mixFailed(half.contact)))
    }

    // MARK: What parties say

    /// A party's phone answered the mixer's session; false when it was not asked for one.
    mutating func mixAnswered(
        _ half: inout CallerHalf,
        _ bridge: BridgeID?,
        _ session: [UInt8]?,
        _ now: Moment
    ) -> Bool {
        guard let index = half.room?.parties.firstIndex(where: { $0.bridge == bridge }),
            let party = half.room?.parties[index], party.isAsked, party.ours != nil
        else { return false }
        half.room?.parties[index].isAsked = false
        guard let session else {
            // Heard by nobody, but still in its call: asked again, since it was busy with another change as a rule.
            half.room?.askAgain(after: now)
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
        guard half.room?.isMixed == true, let party = half.room?.parties.first(where: { $0.bridge == bridge }),
            let ours = party.ours
        else { return nil }
        guard let session else { return ours }
        emit(.mix(half.contact, .mixTake(party: party.name, session: session)))
        if let index = half.room?.index(of: party.name) {
            // One that a broken link kept from saying so is in now.
            callers[half.contact]?.room?.parties[index].isUnsure = false
            callers[half.contact]?.room?.parties[index].isIn = true
            if !party.isIn, let half = callers[half.contact] { tellHearing(half) }
        }
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
        case .reofferAnswer(_, let session): _ = mixAnswered(&half, bridge, session, now)
        case .reofferReject: _ = mixAnswered(&half, bridge, nil, now)
        case .info(_, let info): emit(.sip(.info(half.leg, info)))
        default: break
        }
        return true
    }

    // MARK: Coming and going

    /// Those of a site out of reach who were on their way in do not come any more.
    mutating func dropAbsent(_ half: inout CallerHalf, _ peer: SiteID) {
        guard let room = half.room, room.isMixed else { return }
        for party in room.parties where party.peer == peer && !party.isIn && !party.role.isOfTwo {
            if let bridge = party.bridge { endings.remember(bridge, by: .network, reason: "link lost") }
            drop(party, of: &half, reason: nil)
        }
    }

    private mutating func drop(_ party: MixRoom.Party, of half: inout CallerHalf, reason: String?) {
        half.room?.parties.removeAll { $0.name == party.name }
        store(half)
        if let bridge = party.bridge {
            adopted[bridge] = nil
            if let reason, let peer = party.peer {
                tell(.agent, at: peer, .end(bridge, by: .system, reason: reason))
            }
        }
        if half.room?.isMixed == true { emit(.mix(half.contact, .mixClose(party: party.name))) }
        if half.room?.hasGuests == false, half.room?.isMixed == false {
            // Nobody waits for the mixer any more.
            half.room = nil
            store(half)
            return emit(.event(.partiesChanged(half.contact)))
        }
        tellHearing(half)
    }

    private mutating func tellHearing(_ half: CallerHalf) {
        guard let room = half.room else { return }
        if room.isMixed { emit(.mix(half.contact, .mixHearing(room.hearing))) }
        emit(.event(.partiesChanged(half.contact)))
    }

    /// The agent has left: whoever she brought in has the customer now; false when there is nobody.
    mutating func promoteGuest(_ half: inout CallerHalf, _ old: BridgeID) -> Bool {
        let isLost = half.room?.isMixed == false
        guard let guest = half.room?.parties.first(where: { $0.role == .guest && ($0.isIn || isLost) }),
            let bridge = guest.bridge, let peer = guest.peer
        else { return false }
        if let agent = half.room?.index(of: old) {
            let name = half.room?.parties[agent].name ?? ""
            half.room?.parties.remove(at: agent)
            if !isLost { emit(.mix(half.contact, .mixClose(party: name))) }
        }
        if let index = half.room?.index(of: bridge) { half.room?.parties[index].role = .agent }
        forgetAdopted(old)
        endings.remember(old, by: .agent, reason: CallMachine.passedOn)
        half.phase = .joined(bridge, peer: peer)
        if isLost {
            // The two who are left need no mixer, unless there are more.
            if half.room?.hasGuests == false { half.room = nil }
            joinAgain(&half)
        }
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
