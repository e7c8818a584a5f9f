import Kernel
import SIP
import Simulation

/// The least of a site: puts callers in a queue, calls the phone that has been free longest, joins both.
struct UserAgentsSwitchboard {
    static let address = SIPAddress(host: "10.0.0.1", port: 5_060)

    var endpoint: SIPEndpoint
    private var offers: [SIPLegID: [UInt8]] = [:]
    private var waiting: [SIPLegID] = []
    private var free: [String] = []
    private var userOfLeg: [SIPLegID: String] = [:]
    private var peer: [SIPLegID: SIPLegID] = [:]
    private var answered: Set<SIPLegID> = []
    private var lastLeg: UInt64 = 0

    init(users: [String], random: SeededRandom) {
        let configuration = SIPConfiguration(
            advertised: [.udp: UserAgentsSwitchboard.address],
            secret: Array("switchboard".utf8)
        )
        endpoint = SIPEndpoint(configuration, random: random)
        for user in users {
            endpoint.setCredential(user: user, ha1: SIPDigest.ha1(user: user, realm: "tandem", password: "pw"))
        }
    }

    mutating func settle(_ outputs: [SIPOutput], _ now: Moment) -> [SIPPacket] {
        var packets: [SIPPacket] = []
        for output in outputs {
            switch output {
            case .send(let packet): packets.append(packet)
            case .closeFlow: break
            case .event(let event): packets += take(event, now)
            }
        }
        return packets
    }

    private mutating func perform(_ command: SIPCommand, _ now: Moment) -> [SIPPacket] {
        settle(endpoint.perform(command, now: now), now)
    }

    private mutating func take(_ event: SIPEvent, _ now: Moment) -> [SIPPacket] {
        switch event {
        case .registered(let user, _, _):
            if !free.contains(user), !userOfLeg.values.contains(user) { free.append(user) }
            return match(now)
        case .incomingCall(let call):
            offers[call.leg] = call.sdp ?? []
            waiting.append(call.leg)
            return perform(.ring(call.leg, status: 182, sdp: nil), now) + match(now)
        case .answered(let leg, let sdp):
            guard let caller = peer[leg] else { return perform(.hangUp(leg, reason: nil), now) }
            answered.insert(caller)
            return perform(.answer(caller, sdp: sdp), now)
        case .cancelled(let leg, _):
            waiting.removeAll { $0 == leg }
            guard let agent = peer.removeValue(forKey: leg) else { return [] }
            let packets = perform(.cancel(agent), now)
            release(agent)
            return packets + match(now)
        case .failed(let leg, _, _):
            let caller = peer[leg]
            release(leg)
            if let caller { waiting.insert(caller, at: 0) }
            return match(now)
        case .ended(let leg, _):
            let other = peer[leg]
            let packets = other.map { perform(.hangUp($0, reason: nil), now) } ?? []
            release(leg.isIncoming ? other ?? leg : leg)
            return packets + match(now)
        default: return []
        }
    }

    /// Frees the phone of a leg that is over.
    private mutating func release(_ agent: SIPLegID) {
        if let caller = peer.removeValue(forKey: agent) { peer[caller] = nil }
        if let user = userOfLeg.removeValue(forKey: agent) { free.append(user) }
    }

    private mutating func match(_ now: Moment) -> [SIPPacket] {
        var packets: [SIPPacket] = []
        while let caller = waiting.first, !free.isEmpty {
            let user = free.removeFirst()
            waiting.removeFirst()
            lastLeg += 2
            let agent = SIPLegID(lastLeg)
            peer[agent] = caller
            peer[caller] = agent
            userOfLeg[agent] = user
            let invitation = SIPInvitation(
                target: .user(user),
                from: "77",
                sdp: offers[caller],
                ringTimeout: .seconds(10)
            )
            packets += perform(.invite(agent, invitation), now)
        }
        return packets
    }
}

/// A load run and a switchboard on a wire that may lose packets.
struct UserAgentsStage {
    static let clients = SIPAddress(host: "10.0.0.2", port: 5_060)

    var run: LoadRun
    var board: UserAgentsSwitchboard
    var now = Instant(milliseconds: 5_000)
    var lossPercent: UInt64 = 0
    private var random: SeededRandom
    private var flying: [(at: Instant, toBoard: Bool, packet: SIPPacket)] = []

    init(_ plan: LoadPlan, seed: UInt64) {
        random = SeededRandom(seed: seed)
        board = UserAgentsSwitchboard(users: plan.phones.map(\.user), random: random.split())
        run = LoadRun(
            plan,
            advertised: [.udp: UserAgentsStage.clients],
            secret: Array("load".utf8),
            random: random.split()
        )
    }

    var moment: Moment {
        Moment(instant: now, wall: WallTime(milliseconds: now.milliseconds))
    }

    mutating func start() {
        send(run.start(now: moment))
    }

    mutating func stop() {
        send(run.stop(now: moment))
    }

    private mutating func send(_ outputs: [SIPOutput]) {
        for case .send(let packet) in outputs { fly(packet, toBoard: true) }
    }

    private mutating func fly(_ packet: SIPPacket, toBoard: Bool) {
        guard random.next() % 100 >= lossPercent else { return }
        var packet = packet
        packet.remote = toBoard ? UserAgentsStage.clients : UserAgentsSwitchboard.address
        flying.append((now + .milliseconds(2), toBoard, packet))
    }

    mutating func pass(_ span: Span) {
        let end = now + span
        while true {
            let deadlines = [flying.first?.at, run.nextDeadline, board.endpoint.nextDeadline].compactMap { $0 }
            guard let next = deadlines.min(), next <= end else { break }
            now = max(now, next)
            let arrived = flying.prefix { $0.at <= now }
            flying.removeFirst(arrived.count)
            let at = moment
            for item in arrived {
                if item.toBoard {
                    let packets = board.settle(board.endpoint.receive(item.packet, now: at), at)
                    for packet in packets { fly(packet, toBoard: false) }
                } else {
                    send(run.receive(item.packet, now: at))
                }
            }
            send(run.advance(now: at))
            let packets = board.settle(board.endpoint.advance(now: at), at)
            for packet in packets { fly(packet, toBoard: false) }
        }
        now = end
    }
}
