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
    /// Whether the phone asks the other side for the first offer.
    var isLate = false
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
    private(set) var endpoint: SIPEndpoint
    /// The sound of the call.
    private(set) var line: VirtualLine
    /// When the call was answered.
    private(set) var answeredAt: Instant?
    let leg = SIPLegID(2)
    private(set) var state = State.calling
    private var actAt: Instant?
    private var holdAt: Instant?
    /// When the person gives the whole thing up, whatever the phone says.
    private var leaveAt: Instant?

    init(address: SIPAddress, plan: CallPlan, random: SeededRandom) {
        self.address = address
        self.plan = plan
        line = VirtualLine(media: SIPAddress(host: address.host, port: 4_000), session: 1, now: .zero)
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
        let offer = line.invite(now: now.instant)
        let invitation = SIPInvitation(
            target: .address(user: plan.number, site, .udp),
            from: plan.from,
            sdp: plan.isLate ? nil : offer
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
                packets += turn(holds: !line.holds, now: now)
                // Most people come back before they leave for good.
                if line.holds { holdAt = now.instant + .seconds(6) }
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

    /// The person holds the call, or takes it back.
    mutating func turn(holds: Bool, now: Moment) -> [SIPPacket] {
        guard state == .talking, let offer = line.turn(holds: holds, now: now.instant) else { return [] }
        return take(endpoint.perform(.reoffer(leg, sdp: offer), now: now), now)
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
        case .answered(_, let session) where state == .calling:
            state = .talking
            answeredAt = now.instant
            let packets = agree(session, now)
            actAt = plan.talk.map { now.instant + $0 }
            if plan.holds { holdAt = now.instant + .milliseconds(700) }
            leaveAt = now.instant + .seconds(60)
            return packets
        case .failed(_, let status, _): finish(status)
        case .ended: finish(200)
        case .reoffered(_, let offer):
            let session = line.reoffered(offer, now: now.instant)
            return take(endpoint.perform(.answerReoffer(leg, sdp: session), now: now), now)
        case .reofferAnswered(_, let session): line.agreed(session, now: now.instant)
        case .reofferRejected: line.refused()
        case .acknowledged(_, let session): line.acknowledged(session, now: now.instant)
        default: break
        }
        return []
    }

    /// The 200 carries the answer, or the offer of the other side.
    private mutating func agree(_ session: [UInt8], _ now: Moment) -> [SIPPacket] {
        guard plan.isLate else {
            line.agreed(session, now: now.instant)
            return []
        }
        line.called(with: session, now: now.instant)
        return take(endpoint.perform(.acknowledge(leg, sdp: line.answer(now: now.instant)), now: now), now)
    }

    private mutating func finish(_ status: Int) {
        guard !isOver else { return }
        state = .over(status)
        actAt = nil
        holdAt = nil
        leaveAt = nil
    }
}
