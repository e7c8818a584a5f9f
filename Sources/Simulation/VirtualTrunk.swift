import Kernel
import SIP

/// A carrier, and all the people outside whom it reaches: each takes a call or does not, talks, and hangs up.
struct VirtualTrunk: Sendable {
    /// Somebody outside whose phone rings.
    struct Person: Sendable {
        var line: VirtualLine
        /// When the call was answered.
        var answeredAt: Instant?
        /// What the hand does when it acts: nil is take the call.
        var refusal: Int?
        var talk: Span?
        var actAt: Instant?
    }

    static let name = "world"

    let address: SIPAddress
    private(set) var endpoint: SIPEndpoint
    private(set) var people: [SIPLegID: Person] = [:]
    /// True in the second part of a run: every call is taken.
    var isDiligent = false
    /// What people do; nil: as chance will have it.
    var habit: PhoneHabit?
    private var random: SeededRandom

    init(address: SIPAddress, random: SeededRandom) {
        self.address = address
        var random = random
        let configuration = SIPConfiguration(
            advertised: [.udp: address],
            secret: Array("carrier \(address)".utf8),
            isRegistrar: false
        )
        endpoint = SIPEndpoint(configuration, random: random.split())
        self.random = random
    }

    var nextDeadline: Instant? {
        (people.values.compactMap(\.actAt) + [endpoint.nextDeadline].compactMap { $0 }).min()
    }

    mutating func receive(_ packet: SIPPacket, now: Moment) -> [SIPPacket] {
        take(endpoint.receive(packet, now: now), now)
    }

    mutating func advance(now: Moment) -> [SIPPacket] {
        var packets = take(endpoint.advance(now: now), now)
        for leg in people.keys.sorted() {
            guard let person = people[leg], let at = person.actAt, at <= now.instant else { continue }
            packets += act(leg, person, now)
        }
        return packets
    }

    /// Everybody outside hangs up, or gives up ringing.
    mutating func hangUp(now: Moment) -> [SIPPacket] {
        var packets: [SIPPacket] = []
        for leg in people.keys.sorted() where people[leg]?.answeredAt != nil {
            people[leg] = nil
            packets += perform(.hangUp(leg, reason: nil), now)
        }
        return packets
    }

    private mutating func act(_ leg: SIPLegID, _ person: Person, _ now: Moment) -> [SIPPacket] {
        var person = person
        person.actAt = nil
        if person.answeredAt != nil {
            people[leg] = nil
            return perform(.hangUp(leg, reason: nil), now)
        }
        if let refusal = person.refusal {
            people[leg] = nil
            return perform(.reject(leg, status: refusal, reason: nil, headers: []), now)
        }
        person.answeredAt = now.instant
        person.actAt = person.talk.map { now.instant + $0 }
        let session = person.line.answer(now: now.instant)
        people[leg] = person
        return perform(.answer(leg, sdp: session), now)
    }

    private mutating func perform(_ command: SIPCommand, _ now: Moment) -> [SIPPacket] {
        take(endpoint.perform(command, now: now), now)
    }

    private mutating func take(_ outputs: [SIPOutput], _ now: Moment) -> [SIPPacket] {
        var packets: [SIPPacket] = []
        for output in outputs {
            switch output {
            case .send(let packet): packets.append(packet)
            case .closeFlow: break
            case .event(let event): packets += handle(event, now)
            }
        }
        return packets
    }

    private mutating func handle(_ event: SIPEvent, _ now: Moment) -> [SIPPacket] {
        switch event {
        case .incomingCall(let call): return ring(call, now)
        case .cancelled(let leg, _), .ended(let leg, _): people[leg] = nil
        case .reoffered(let leg, let offer):
            guard let session = people[leg]?.line.reoffered(offer, now: now.instant) else {
                return perform(.rejectReoffer(leg, status: 500), now)
            }
            return perform(.answerReoffer(leg, sdp: session), now)
        case .reofferAnswered(let leg, let session): people[leg]?.line.agreed(session, now: now.instant)
        case .reofferRejected(let leg, _): people[leg]?.line.refused()
        case .acknowledged(let leg, let session): people[leg]?.line.acknowledged(session, now: now.instant)
        default: break
        }
        return []
    }

    private mutating func ring(_ call: SIPIncomingCall, _ now: Moment) -> [SIPPacket] {
        let media = SIPAddress(host: address.host, port: 4_000 + UInt16(call.leg.number % 20_000) * 2)
        var person = Person(line: VirtualLine(media: media, session: call.leg.number, now: now.instant))
        person.line.called(with: call.sdp, now: now.instant)
        switch habit ?? chance() {
        case .ignores:
            person.refusal = 480
            person.actAt = now.instant + .seconds(70)
        case .refuses(let status, let delay):
            person.refusal = status
            person.actAt = now.instant + delay
        case .answers(let delay, let talks):
            person.talk = talks
            person.actAt = now.instant + delay
        }
        // Some networks say something before anybody answers: an announcement, a tone.
        let speaks = call.sdp != nil && Int.random(in: 0..<3, using: &random) == 0
        let early = speaks ? person.line.answer(now: now.instant) : nil
        people[call.leg] = person
        return perform(.ring(call.leg, status: early == nil ? 180 : 183, sdp: early), now)
    }

    private mutating func chance() -> PhoneHabit {
        let mood = isDiligent ? 99 : Int.random(in: 0..<100, using: &random)
        let delay = Span.milliseconds(Int64.random(in: 200...5_000, using: &random))
        switch mood {
        case 0..<8: return .ignores
        case 8..<22: return .refuses(status: [486, 404, 503][mood % 3], after: delay)
        default:
            let talk = Span.milliseconds(Int64.random(in: 2_000...30_000, using: &random))
            return .answers(after: delay, talks: talk)
        }
    }
}
