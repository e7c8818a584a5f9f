import Kernel
import SIP
import Telephony
import Transport

/// SIP sockets on free ports and what they told.
struct TestSockets: Sendable {
    let events = Mailbox<SIPSocketEvent>()
    /// Where each point listens.
    let addresses: [SIPAddress]
    let loop: EventLoop
    private let sockets: LoopBound<SIPSockets>

    /// Opens points at addresses of the form `127.0.0.1`, each with its transports.
    init(
        _ loop: EventLoop,
        _ points: [(host: String, transports: Set<SIPTransport>)] = [("127.0.0.1", [.udp, .tcp])],
        tls: SIPTLS = SIPTLS(),
        times: SIPSockets.Times = SIPSockets.Times()
    ) async throws {
        let events = events
        let wanted = points.compactMap { point in
            SocketAddress(host: point.host, port: 0).map { SIPListenPoint($0, point.transports) }
        }
        let opened = try await loop.run {
            let sockets = try SIPSockets.open(at: wanted, tls: tls, on: loop, times: times) { events.put($0) }
            let addresses = sockets.points.map { SIPAddress(host: $0.address.host, port: $0.address.port) }
            return (LoopBound(sockets, on: loop), addresses)
        }
        sockets = opened.0
        addresses = opened.1
        self.loop = loop
    }

    /// Where the first point listens.
    var address: SIPAddress { addresses[0] }

    func run<Result: Sendable>(_ body: @escaping @Sendable (SIPSockets) throws -> Result) async throws -> Result {
        let sockets = sockets
        return try await loop.run { try body(sockets.value) }
    }

    func send(_ transport: SIPTransport, to remote: SIPAddress, _ bytes: [UInt8], flow: UInt64? = nil) async throws {
        try await run { $0.send(SIPPacket(transport: transport, remote: remote, flow: flow, bytes: bytes)) }
    }

    func nextPacket() async throws -> SIPPacket {
        while true {
            if case .packet(let packet) = try await events.next() { return packet }
        }
    }

    /// Why the next packet that was not sent was not.
    func nextProblem() async throws -> String {
        while true {
            if case .notSent(_, let reason) = try await events.next() { return reason }
        }
    }

    /// Why the next caller was turned away.
    func nextRefusal() async throws -> String {
        while true {
            if case .refused(_, _, let reason) = try await events.next() { return reason }
        }
    }
}
