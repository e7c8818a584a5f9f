import Kernel
import SIP

/// What a caller is going to do.
struct CallPlan: Hashable, Sendable {
    /// The number to dial.
    var number: String
    /// The caller's own number.
    var from: String
    /// When the caller gives up if nobody answers.
    var patience: Span
    /// How long the caller talks; nil: the other side hangs up.
    var talk: Span?
    /// Whether the caller holds the call for a moment.
    var holds: Bool
}

/// Somebody who calls: a SIP phone with a person's patience.
struct VirtualCaller: Sendable {
    /// How far the call has come.
    enum State: Hashable, Sendable {
        case calling
        case talking
        /// Over, with the last status.
        case over(Int)
    }

    let address: SIPAddress
    let plan: CallPlan
    private var endpoint: SIPEndpoint
    private let leg = SIPLegID(2)
    private(set) var state = State.calling
    private var actAt: Instant?
    private var holdAt: Instant?
    /// When the person gives the whole thing up, whatever the phone says.
    private var leaveAt: Instant?

    init(address: SIPAddress, plan: CallPlan, random: SeededRandom) {
        self.address = address
        self.plan = plan
        let configuration = SIPConfiguration(
            advertised: [.udp: address],
            secret: Array("caller \(address)".utf8),
            isRegistrar: false
        )
        endpoint = SIPEndpoint(configuration, random: random)
    }

    var isOver: Bool {
        if case .over = state { true } else { false }
    }

    var nextDeadline: Instant? {
        [endpoint.nextDeadline, actAt, holdAt, leaveAt].compactMap { $0 }.min()
    }

    /// Dials a site.
    mutating func dial(_ site: SIPAddress, now: Moment) -> [SIPPacket] {
        actAt = now.instant + plan.patience
        let invitation = SIPInvitation(
            target: .address(user: plan.number, site, .udp),
            from: plan.from,
            sdp: VirtualSession.offer(address)
        )
        return take(endpoint.perform(.invite(leg, invitation), now: now), now)
    }

    mutating func receive(_ packet: SIPPacket, now: Moment) -> [SIPPacket] {
        take(endpoint.receive(packet, now: now), now)
    }

    mutating func advance(now: Moment) -> [SIPPacket] {
        var packets = take(endpoint.advance(now: now), now)
        if let at = actAt, at <= now.instant {
            actAt = nil
            switch state {
            case .calling:
                packets += take(endpoint.perform(.cancel(leg), now: now), now)
                state = .over(487)
            case .talking:
                packets += take(endpoint.perform(.hangUp(leg, reason: nil), now: now), now)
                state = .over(200)
            case .over: break
            }
        }
        if let at = holdAt, at <= now.instant {
            holdAt = nil
            if state == .talking {
                packets += take(endpoint.perform(.reoffer(leg, sdp: VirtualSession.hold(address)), now: now), now)
            }
        }
        if let at = leaveAt, at <= now.instant {
            leaveAt = nil
            if state == .talking {
                packets += take(endpoint.perform(.hangUp(leg, reason: nil), now: now), now)
                state = .over(200)
            }
        }
        return packets
    }

    /// The person hangs up, or gives up, now.
    mutating func hangUp(now: Moment) -> [SIPPacket] {
        guard !isOver else { return [] }
        let command: SIPCommand = state == .talking ? .hangUp(leg, reason: nil) : .cancel(leg)
        finish(state == .talking ? 200 : 487)
        return take(endpoint.perform(command, now: now), now)
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
        case .answered where state == .calling:
            state = .talking
            actAt = plan.talk.map { now.instant + $0 }
            if plan.holds { holdAt = now.instant + .milliseconds(700) }
            leaveAt = now.instant + .seconds(60)
        case .failed(_, let status, _): finish(status)
        case .ended: finish(200)
        case .reoffered(_, let offer):
            guard offer != nil else {
                return take(endpoint.perform(.rejectReoffer(leg, status: 488), now: now), now)
            }
            return take(endpoint.perform(.answerReoffer(leg, sdp: VirtualSession.offer(address)), now: now), now)
        default: break
        }
        return []
    }

    private mutating func finish(_ status: Int) {
        guard !isOver else { return }
        state = .over(status)
        actAt = nil
        holdAt = nil
        leaveAt = nil
    }
}

/// Session descriptions that mean nothing but have the right shape.
enum VirtualSession {
    static func offer(_ address: SIPAddress) -> [UInt8] {
        Array("v=0\r\no=- 1 1 IN IP4 \(address.host)\r\ns=-\r\nc=IN IP4 \(address.host)\r\nt=0 0\r\n".utf8)
            + Array("m=audio 4000 RTP/AVP 8\r\n".utf8)
    }

    static func hold(_ address: SIPAddress) -> [UInt8] {
        offer(address) + Array("a=sendonly\r\n".utf8)
    }
}
