import Kernel
import SIP

/// The driver of libFuzzer: it reads the arguments, invents inputs and calls back with each.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
struct FuzzSIP {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        _ = runFuzzer(&count, &arguments) { start, count in
            if let start, count > 1 { FuzzSIP.take(Array(UnsafeBufferPointer(start: start, count: count))) }
            return 0
        }
    }

    /// One input is what one peer sends.
    ///
    /// The first byte tells how it comes: even as datagrams, odd over a connection in pieces of half its value. Byte
    /// 0xFE, which text never holds, parts one message from the next. The process stops at a breach of what must hold
    /// for any input.
    static func take(_ input: [UInt8]) {
        var peer = FuzzedPeer(style: input[0])
        for message in input.dropFirst().split(separator: 0xFE).prefix(32) {
            peer.say(Array(message))
        }
        peer.leave()
    }
}

/// An endpoint and the one peer that talks to it.
struct FuzzedPeer {
    private let remote = SIPAddress(host: "192.0.2.9", port: 5_070)
    private let style: UInt8
    private var endpoint: SIPEndpoint
    private var time: Int64 = 0
    private var calls: [SIPLegID] = []

    init(style: UInt8) {
        self.style = style
        let address = SIPAddress(host: "10.0.0.1", port: 5_060)
        let configuration = SIPConfiguration(advertised: [.udp: address, .tcp: address], secret: [1, 2, 3])
        endpoint = SIPEndpoint(configuration, random: SeededRandom(seed: 1))
    }

    private var now: Moment {
        Moment(
            instant: Instant(milliseconds: 1_000 + time),
            wall: WallTime(milliseconds: 1_700_000_000_000 + time)
        )
    }

    mutating func say(_ bytes: [UInt8]) {
        guard style & 1 == 1 else {
            take(endpoint.receive(SIPPacket(transport: .udp, remote: remote, bytes: bytes), now: now))
            time += 100
            return
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(1 + Int(style >> 1)))
            rest = rest.dropFirst(piece.count)
            take(endpoint.receive(SIPPacket(transport: .tcp, remote: remote, flow: 7, bytes: piece), now: now))
            time += 1
        }
    }

    /// Checks what is sent, and does about events what an owner might.
    private mutating func take(_ outputs: [SIPOutput]) {
        for output in outputs {
            switch output {
            case .send(let packet):
                guard let message = try? SIPMessage(parsing: packet.bytes) else {
                    check(packet.bytes == [13, 10], "neither a message nor a pong", packet)
                    continue
                }
                check(message.status == nil || packet.remote == remote, "an answer to a third party", packet)
            case .closeFlow: break
            case .event(let event): react(event)
            }
        }
    }

    private func check(_ holds: Bool, _ what: String, _ packet: SIPPacket) {
        if !holds { fatalError("\(what): \(packet.remote)\n\(String(decoding: packet.bytes, as: UTF8.self))") }
    }

    private mutating func react(_ event: SIPEvent) {
        let accepts = (style >> 1) & 1 == 0
        switch event {
        case .incomingCall(let call):
            calls.append(call.leg)
            take(endpoint.perform(.ring(call.leg, status: 180, sdp: nil), now: now))
            let refusal = SIPCommand.reject(call.leg, status: 486, reason: nil, headers: [])
            take(endpoint.perform(accepts ? .answer(call.leg, sdp: Array("v=0\r\n".utf8)) : refusal, now: now))
        case .reoffered(let leg, _):
            let answer = SIPCommand.answerReoffer(leg, sdp: Array("v=1\r\n".utf8))
            take(endpoint.perform(accepts ? answer : .rejectReoffer(leg, status: 488), now: now))
        case .referred(let leg, _):
            take(endpoint.perform(accepts ? .acceptReferral(leg) : .rejectReferral(leg, status: 603), now: now))
            if accepts { take(endpoint.perform(.referralProgress(leg, status: 200), now: now)) }
        default: break
        }
    }

    /// The peer goes, everybody hangs up, all time passes: nothing may be left.
    mutating func leave() {
        take(endpoint.flowClosed(7, now: now))
        for leg in calls { take(endpoint.perform(.hangUp(leg, reason: nil), now: now)) }
        var rounds = 0
        while let next = endpoint.nextDeadline, endpoint.load != (0, 0) {
            time = max(time, next.milliseconds - 1_000)
            take(endpoint.advance(now: now))
            rounds += 1
            if rounds > 5_000 { fatalError("the timers never end") }
        }
        if endpoint.load != (0, 0) { fatalError("left over: \(endpoint.load)") }
    }
}
