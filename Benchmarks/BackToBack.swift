import Glibc
import Kernel
import SIP

/// The SIP stack alone between two sides, over one real UDP socket: a call that comes in is made again to one address.
///
/// It is what `Benchmarks/telephone.py` sets beside a proxy: no routing, no books, no disk.
struct BackToBack {
    private let socket: Int32
    private let target: SIPAddress
    private var endpoint: SIPEndpoint
    private var others: [SIPLegID: SIPLegID] = [:]
    private var lastOutgoing: UInt64 = 0
    private let start = BackToBack.milliseconds()

    /// Serves until the process is ended.
    static func run(port: UInt16, target: UInt16) {
        guard var side = BackToBack(port: port, target: target) else {
            print("The port \(port) of 127.0.0.1 cannot be had.")
            exit(1)
        }
        print("ready")
        fflush(nil)
        side.serve()
    }

    private init?(port: UInt16, target: UInt16) {
        self.target = SIPAddress(host: "127.0.0.1", port: target)
        let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var size: Int32 = 8 << 20
        setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var own = BackToBack.address(SIPAddress(host: "127.0.0.1", port: port))
        let isBound = withUnsafePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound else { return nil }
        self.socket = socket
        var configuration = SIPConfiguration(
            advertised: [.udp: SIPAddress(host: "127.0.0.1", port: port)],
            secret: Array("a secret of this benchmark".utf8),
            isRegistrar: false
        )
        configuration.callsPerSecondMax = 1_000_000
        endpoint = SIPEndpoint(configuration, random: SeededRandom(seed: UInt64(getpid())))
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    private var now: Moment {
        let passed = BackToBack.milliseconds() - start
        return Moment(
            instant: Instant(milliseconds: 1_000 + passed),
            wall: WallTime(milliseconds: 1_700_000_000_000 + passed)
        )
    }

    private static func address(_ address: SIPAddress) -> sockaddr_in {
        var raw = sockaddr_in()
        raw.sin_family = sa_family_t(AF_INET)
        raw.sin_port = address.port.bigEndian
        inet_pton(AF_INET, address.host, &raw.sin_addr)
        return raw
    }

    private mutating func serve() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var wait: Int32 = 1_000
            if let next = endpoint.nextDeadline {
                wait = Int32(clamping: min(1_000, max(0, next.milliseconds - now.instant.milliseconds)))
            }
            var poller = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            if poll(&poller, 1, wait) > 0 {
                for _ in 0..<64 where receive(into: &buffer) == false { break }
            }
            take(endpoint.advance(now: now))
        }
    }

    private mutating func receive(into buffer: inout [UInt8]) -> Bool {
        var source = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = withUnsafeMutablePointer(to: &source) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT), $0, &length)
            }
        }
        guard count > 0 else { return false }
        var text = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
        inet_ntop(AF_INET, &source.sin_addr, &text, socklen_t(text.count))
        let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let remote = SIPAddress(host: host, port: UInt16(bigEndian: source.sin_port))
        take(endpoint.receive(SIPPacket(transport: .udp, remote: remote, bytes: Array(buffer[..<count])), now: now))
        return true
    }

    private mutating func take(_ outputs: [SIPOutput]) {
        for output in outputs {
            switch output {
            case .send(let packet): send(packet)
            case .event(let event): react(event)
            case .closeFlow: break
            }
        }
    }

    private func send(_ packet: SIPPacket) {
        var remote = BackToBack.address(packet.remote)
        _ = withUnsafePointer(to: &remote) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(socket, packet.bytes, packet.bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private mutating func react(_ event: SIPEvent) {
        switch event {
        case .incomingCall(let call):
            lastOutgoing += 2
            let leg = SIPLegID(lastOutgoing)
            others[leg] = call.leg
            others[call.leg] = leg
            let invitation = SIPInvitation(
                target: .address(user: call.dialled, target, .udp),
                from: call.caller.number,
                displayName: call.caller.displayName,
                headers: [],
                sdp: call.sdp,
                ringTimeout: nil
            )
            perform(.invite(leg, invitation))
        case .ringing(let leg, let status, let sdp): with(leg) { .ring($0, status: status, sdp: sdp) }
        case .answered(let leg, let sdp): with(leg) { .answer($0, sdp: sdp) }
        case .failed(let leg, let status, let reason):
            with(leg, ends: true) { .reject($0, status: status, reason: reason, headers: []) }
        case .cancelled(let leg, _): with(leg, ends: true) { .cancel($0) }
        case .ended(let leg, _): with(leg, ends: true) { .hangUp($0, reason: nil) }
        default: break
        }
    }

    private mutating func with(_ leg: SIPLegID, ends: Bool = false, _ command: (SIPLegID) -> SIPCommand) {
        guard let other = others[leg] else { return }
        if ends {
            others[leg] = nil
            others[other] = nil
        }
        perform(command(other))
    }

    private mutating func perform(_ command: SIPCommand) {
        take(endpoint.perform(command, now: now))
    }
}
