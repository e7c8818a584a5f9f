import ContactCenter
package import Kernel
import SIP

/// A mixer that dies loses its rooms: nobody hears anybody in them any more.
///
/// Customer and agent are joined directly again at once, by the way that mends a change which a broken link has cut
/// (`+Repeating`): the agent's half offers her phone's session anew. Supervisors are let go. Whoever else was in waits
/// for the mixer, on a silent line and not for long; when it is back the room is made anew.
extension CallMachine {
    /// The mixer is gone with all rooms.
    package mutating func mixerLost(now: Moment) -> [CallOutput] {
        for contact in roomContacts {
            guard var half = callers[contact] else { continue }
            half.room?.isMixerBack = false
            half.room?.askAgainAt = nil
            store(half)
            loseRoom(&half, keepsGuests: true, now)
        }
        return settle(now)
    }

    /// The mixer is there again, with no rooms: those are made for which somebody waits.
    package mutating func mixerBack(now: Moment) -> [CallOutput] {
        for contact in roomContacts {
            guard var half = callers[contact], let lostAt = half.room?.lostAt else { continue }
            half.room?.isMixerBack = true
            // Not while customer and agent are being joined directly.
            half.room?.askAgainAt = max(now.instant, lostAt + Limits.mixAskAgain)
            roomDue(&half, now)
            store(half)
        }
        return settle(now)
    }

    /// Does for a room what is due: phones are asked again, the room is made anew, or nobody waits for it any longer.
    mutating func roomDue(_ half: inout CallerHalf, _ now: Moment) {
        if let at = half.room?.askAgainAt, at <= now.instant {
            half.room?.askAgainAt = nil
            if half.room?.isMixed == true { askOthersAgain(&half) } else { rebuild(&half, now) }
        }
        if let lostAt = half.room?.lostAt, lostAt + Limits.mixRebuildMax <= now.instant { giveUpRoom(&half) }
    }

    private mutating func askOthersAgain(_ half: inout CallerHalf) {
        for index in half.room?.parties.indices ?? 0..<0 {
            guard let party = half.room?.parties[index], party.ours != nil, !party.isIn, !party.isAsked else {
                continue
            }
            ask(index, &half)
        }
    }

    /// Makes the room anew, guests first; the others follow with the first of them.
    private mutating func rebuild(_ half: inout CallerHalf, _ now: Moment) {
        guard half.room?.isMixerBack == true else { return }
        guard half.reoffer.waiting == nil else {
            half.room?.askAgain(after: now)
            return store(half)
        }
        half.room?.lostAt = nil
        half.room?.isMixerBack = false
        store(half)
        for party in half.room?.parties ?? [] where party.role == .guest {
            emit(.mix(half.contact, .mixOpen(party: party.name)))
        }
    }

    private var roomContacts: [ContactID] { callers.filter { $0.value.room != nil }.keys.sorted() }

    /// The reason for those who leave a call because its mixer is gone.
    package static let mixerGone = "the mixer is gone"

    /// A room is no more; guests may wait for another one, the call goes on between the two.
    mutating func loseRoom(_ half: inout CallerHalf, keepsGuests: Bool, _ now: Moment) {
        guard let room = half.room, room.isMixed else { return }
        let isTouched = room.parties.contains {
            $0.role == .guest || (($0.role == .customer || $0.role == .agent) && $0.ours != nil)
        }
        for party in room.parties where !party.role.isOfTwo && (party.role != .guest || !keepsGuests) {
            letGo(party, of: &half)
        }
        half.room?.forgetMixer()
        if half.room?.hasGuests == true { half.room?.lostAt = now.instant } else { half.room = nil }
        emit(.mix(half.contact, .mixEnd))
        if isTouched { joinAgain(&half) }
        store(half)
        emit(.event(.partiesChanged(half.contact)))
        if half.room == nil { emit(.event(.mixFailed(half.contact))) }
    }

    /// The mixer has not come back in time: whoever waits for it is let go.
    private mutating func giveUpRoom(_ half: inout CallerHalf) {
        for party in half.room?.parties ?? [] where party.role == .guest { letGo(party, of: &half) }
        half.room = nil
        store(half)
        emit(.event(.partiesChanged(half.contact)))
        emit(.event(.mixFailed(half.contact)))
    }

    /// Has the agent's half offer its session anew; a link that is down does so when it is back.
    mutating func joinAgain(_ half: inout CallerHalf) {
        guard let (bridge, peer) = half.joined else { return }
        half.isUnsure = !isReachable(peer)
        if isReachable(peer) { tell(.agent, at: peer, .status(bridge, .caller, .unsure)) }
    }

    private mutating func letGo(_ party: MixRoom.Party, of half: inout CallerHalf) {
        half.room?.parties.removeAll { $0.name == party.name }
        guard let bridge = party.bridge, let peer = party.peer else { return }
        adopted[bridge] = nil
        endings.remember(bridge, by: .system, reason: CallMachine.mixerGone)
        tell(.agent, at: peer, .end(bridge, by: .system, reason: CallMachine.mixerGone))
    }
}
