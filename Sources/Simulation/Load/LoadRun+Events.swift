import Calls
import Kernel
import SIP

extension LoadRun {
    /// Carries out commands and what follows from them.
    mutating func perform(_ commands: [SIPCommand], _ now: Moment) -> [SIPOutput] {
        var outputs: [SIPOutput] = []
        for command in commands { outputs += settle(endpoint.perform(command, now: now), now) }
        return outputs
    }

    /// Keeps events to itself and passes packets on.
    ///
    /// Each round's commands can only answer or refuse, so the rounds end.
    mutating func settle(_ outputs: [SIPOutput], _ now: Moment) -> [SIPOutput] {
        var packets: [SIPOutput] = []
        for output in outputs {
            guard case .event(let event) = output else {
                packets.append(output)
                continue
            }
            packets += perform(take(event, now), now)
        }
        return packets
    }

    private mutating func take(_ event: SIPEvent, _ now: Moment) -> [SIPCommand] {
        switch event {
        case .registrationResult(let user, let status): return registered(user, status, event, now)
        case .incomingCall(let call):
            guard let index = phoneByUser[call.dialled] else {
                return [.reject(call.leg, status: 404, reason: nil, headers: [])]
            }
            return toPhone(index, event, now)
        case .ringing(let leg, _, _), .answered(let leg, _), .failed(let leg, _, _), .cancelled(let leg, _),
            .ended(let leg, _), .reoffered(let leg, _), .reofferAnswered(let leg, _), .reofferRejected(let leg, _),
            .acknowledged(let leg, _):
            if let index = phoneByLeg[leg] { return toPhone(index, event, now) }
            let commands = callers[leg.number]?.handle(event, now: now) ?? []
            noteCaller(leg.number)
            return commands
        // The load has no trunks, and its phones neither send digits nor transfer.
        case .registered, .unregistered, .info, .referred, .trunk: return []
        }
    }

    private mutating func toPhone(_ index: Int, _ event: SIPEvent, _ now: Moment) -> [SIPCommand] {
        let before = phones[index].leg
        let collisions = phones[index].collisions
        let commands = phones[index].handle(event, now: now)
        figures.collisions += phones[index].collisions - collisions
        notePhone(index, before: before)
        return commands
    }

    private mutating func registered(_ user: String, _ status: Int, _ event: SIPEvent, _ now: Moment) -> [SIPCommand] {
        guard let index = phoneByUser[user] else { return [] }
        let before = phones[index].isRegistered
        let commands = phones[index].handle(event, now: now)
        let after = phones[index].isRegistered
        if before != after { figures.phonesRegistered += after ? 1 : -1 }
        if status >= 300 { figures.phonesRefused[status, default: 0] += 1 }
        return commands
    }

    /// Keeps the indexes of a phone up to date.
    mutating func notePhone(_ index: Int, before: SIPLegID?) {
        let leg = phones[index].leg
        if let before, before != leg { phoneByLeg[before] = nil }
        if let leg { phoneByLeg[leg] = index }
        alarms.set(.phone(index), phones[index].nextDeadline)
    }

    /// Counts what became of a caller since the last look, and forgets one whose call is over.
    mutating func noteCaller(_ number: UInt64) {
        guard let caller = callers[number] else { return }
        alarms.set(.caller(number), caller.nextDeadline)
        if caller.state == .talking, !talkingCallers.contains(number) {
            talkingCallers.insert(number)
            figures.answered += 1
            figures.talking += 1
            figures.answerWaits.add(caller.waited)
        }
        guard let outcome = caller.outcome else { return }
        callers[number] = nil
        figures.open -= 1
        if talkingCallers.remove(number) != nil { figures.talking -= 1 }
        switch outcome {
        case .hungUp: figures.endedByCaller += 1
        case .hungUpByPeer: figures.endedByAgent += 1
        case .lost: figures.lost += 1
        case .abandoned:
            figures.abandoned += 1
            figures.abandonWaits.add(caller.waited)
        case .failed(let status):
            figures.failed += 1
            figures.failures[status, default: 0] += 1
        }
    }
}
