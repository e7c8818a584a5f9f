package import Kernel
import SIP

/// What a person does when the phone rings.
package enum PhoneHabit: Hashable, Sendable {
    /// Takes the call after a while, and hangs up after another unless the caller does first.
    case answers(after: Span, talks: Span?)
    /// Lets it ring.
    case ignores
    /// Refuses with a SIP status after a while.
    case refuses(status: Int, after: Span)
}

/// An agent's desk phone, and the hand that takes it up or does not.
struct VirtualPhone: Sendable {
    /// What the phone is doing.
    enum State: Hashable, Sendable {
        case idle
        case ringing(SIPLegID)
        case talking(SIPLegID)
    }

    let address: SIPAddress
    let user: String
    var endpoint: SIPEndpoint
    var random: SeededRandom
    private(set) var state = State.idle
    /// The sound of the call in hand.
    var line: VirtualLine?
    /// When the call in hand was answered.
    private(set) var talksSince: Instant?
    /// The site where it registers.
    private(set) var registrar: SIPAddress?
    /// True in the second part of a run: every call is taken.
    var isDiligent = false
    /// What the person does; nil: as chance will have it.
    var habit: PhoneHabit?
    /// Whom the person may pass a call on to, by the phone's own button.
    var known: [String] = []
    /// What the fingers do next while the person talks.
    var fidget: (what: Fidget, at: Instant)?
    /// How long the person talks; nil: until the caller hangs up.
    private var talk: Span?
    private var actAt: Instant?
    private var registerAt: Instant?
    /// What the hand will do: nil is let it ring.
    private var refusal: Int?
    /// How often a call came in while another was up.
    private(set) var collisions = 0
    /// How many telephones have stood on this desk before it.
    private let life: Int

    init(address: SIPAddress, user: String, life: Int = 0, random: SeededRandom) {
        self.address = address
        self.user = user
        self.life = life
        var random = random
        let configuration = SIPConfiguration(
            advertised: [.udp: address],
            secret: Array("phone \(user)".utf8),
            isRegistrar: false
        )
        endpoint = SIPEndpoint(configuration, random: random.split())
        self.random = random
    }

    static func password(of user: String) -> String { "secret of \(user)" }

    var nextDeadline: Instant? {
        [endpoint.nextDeadline, actAt, registerAt, fidget?.at].compactMap { $0 }.min()
    }

    /// The leg that the person talks on.
    var talkingLeg: SIPLegID? {
        if case .talking(let leg) = state { leg } else { nil }
    }

    /// Registers at a site, from now on.
    mutating func register(at site: SIPAddress, now: Moment) -> [SIPPacket] {
        registrar = site
        registerAt = nil
        let registration = SIPRegistration(
            user: user,
            password: VirtualPhone.password(of: user),
            registrar: site,
            expires: .seconds(60)
        )
        return perform(.register(registration), now)
    }

    mutating func receive(_ packet: SIPPacket, now: Moment) -> [SIPPacket] {
        take(endpoint.receive(packet, now: now), now)
    }

    mutating func advance(now: Moment) -> [SIPPacket] {
        var packets = take(endpoint.advance(now: now), now)
        if let at = registerAt, at <= now.instant, let registrar {
            packets += register(at: registrar, now: now)
        }
        if let next = fidget, next.at <= now.instant { packets += carryOut(next.what, now) }
        guard let at = actAt, at <= now.instant else { return packets }
        actAt = nil
        switch state {
        case .idle: break
        case .ringing(let leg):
            if let refusal {
                hookOn()
                packets += perform(.reject(leg, status: refusal, reason: nil, headers: []), now)
            } else {
                state = .talking(leg)
                talksSince = now.instant
                actAt = talk.map { now.instant + $0 }
                if habit == nil { planFidget(now) }
                guard let session = line?.answer(now: now.instant) else { return packets }
                packets += perform(.answer(leg, sdp: session), now)
            }
        case .talking: packets += hangUp(now: now)
        }
        return packets
    }

    mutating func perform(_ command: SIPCommand, _ now: Moment) -> [SIPPacket] {
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
        case .cancelled(let leg, _), .ended(let leg, _):
            if state == .ringing(leg) || state == .talking(leg) { hookOn() }
        case .reoffered(let leg, let offer):
            guard state == .talking(leg), let session = line?.reoffered(offer, now: now.instant) else {
                return perform(.rejectReoffer(leg, status: 500), now)
            }
            return perform(.answerReoffer(leg, sdp: session), now)
        case .reofferAnswered(_, let session): line?.agreed(session, now: now.instant)
        case .reofferRejected: line?.refused()
        case .acknowledged(_, let session): line?.acknowledged(session, now: now.instant)
        case .registrationResult(_, let status) where status != 200:
            registerAt = now.instant + .seconds(3)
        default: break
        }
        return []
    }

    private mutating func ring(_ call: SIPIncomingCall, _ now: Moment) -> [SIPPacket] {
        guard state == .idle else {
            collisions += 1
            return perform(.reject(call.leg, status: 486, reason: nil, headers: []), now)
        }
        state = .ringing(call.leg)
        refusal = nil
        // Whoever still speaks to the telephone that stood here before must not be heard by this one.
        let place = (call.leg.number + UInt64(life) * 1_500) % 20_000
        let media = SIPAddress(host: address.host, port: 4_000 + UInt16(place) * 2)
        line = VirtualLine(media: media, session: call.leg.number, now: now.instant)
        line?.called(with: call.sdp, now: now.instant)
        switch habit ?? chance() {
        case .ignores:
            // Nobody comes; in the end the phone itself gives up, even when its site has died.
            refusal = 480
            actAt = now.instant + .seconds(60)
        case .refuses(let status, let delay):
            refusal = status
            actAt = now.instant + delay
        case .answers(let delay, let talks):
            talk = talks
            actAt = now.instant + delay
        }
        return perform(.ring(call.leg, status: 180, sdp: nil), now)
    }

    private mutating func chance() -> PhoneHabit {
        let mood = isDiligent ? 99 : Int.random(in: 0..<100, using: &random)
        let delay = Span.milliseconds(Int64.random(in: 300...4_000, using: &random))
        switch mood {
        case 0..<10: return .ignores
        case 10..<16: return .refuses(status: mood < 13 ? 486 : 603, after: delay)
        default:
            return .answers(
                after: delay,
                talks: .milliseconds(Int64.random(in: 2_000...35_000, using: &random))
            )
        }
    }

    private mutating func hookOn() {
        state = .idle
        line = nil
        actAt = nil
        fidget = nil
    }

    /// The person hangs up now.
    mutating func hangUp(now: Moment) -> [SIPPacket] {
        guard case .talking(let leg) = state else { return [] }
        hookOn()
        return perform(.hangUp(leg, reason: nil), now)
    }

    /// The person holds the call, or takes it back.
    mutating func hold(_ holds: Bool, now: Moment) -> [SIPPacket] {
        guard case .talking(let leg) = state, let offer = line?.turn(holds: holds, now: now.instant) else { return [] }
        return perform(.reoffer(leg, sdp: offer), now)
    }

    /// The person passes the call on by the phone's own button.
    mutating func refer(to target: String, now: Moment) -> [SIPPacket] {
        guard case .talking(let leg) = state else { return [] }
        return perform(.refer(leg, to: target), now)
    }
}
