import Kernel
import Replication
import Testing
import Transport

/// A peer that a test steers byte by byte: it can greet or not, be silent, stop reading, or send nonsense.
struct RawPeer: Sendable {
    let envelopes = Mailbox<FrameEnvelope>()
    let closed = Mailbox<String>()
    private let connection: LoopBound<TLSConnection?>
    private let loop: EventLoop

    /// Connects with a certificate and waits for the end of the handshake.
    init(_ certificate: String, to port: UInt16, on loop: EventLoop) async throws {
        let (envelopes, closed, ready) = (envelopes, closed, Mailbox<Bool>())
        let context = try TestAuthority.shared.context(certificate)
        self.loop = loop
        connection = try await loop.run {
            let held = LoopBound<TLSConnection?>(nil, on: loop)
            let decoder = LoopBound(FrameDecoder(), on: loop)
            try TCPConnection.connect(on: loop, to: .loopback(port: port)) { result in
                guard case .success(let tcp) = result,
                    let connection = try? TLSConnection(over: tcp, context, role: .client)
                else { return }
                held.value = connection
                connection.onReady = { _ in ready.put(true) }
                connection.onReceive = { bytes in
                    for envelope in (try? decoder.value.receive(bytes)) ?? [] { envelopes.put(envelope) }
                }
                connection.onClose = { closed.put($0?.description ?? "") }
            }
            return held
        }
        _ = try await ready.next()
    }

    /// Connects and greets.
    static func greeted(_ certificate: String, to port: UInt16, on loop: EventLoop) async throws -> RawPeer {
        let peer = try await RawPeer(certificate, to: port, on: loop)
        try await peer.send([])
        return peer
    }

    /// Sends an envelope.
    func send(_ body: [UInt8], _ trafficClass: TrafficClass = .control) async throws {
        try await sendRaw(FrameEnvelope(trafficClass: trafficClass, body: body).encoded())
    }

    /// Sends bytes as they are.
    func sendRaw(_ bytes: [UInt8]) async throws {
        let connection = connection
        try await loop.run { _ = connection.value?.write(bytes) }
    }

    /// Says its last word and closes.
    func finish() async throws {
        let connection = connection
        try await loop.run { connection.value?.finish() }
    }

    /// Reads, or stops reading.
    func read(_ isReading: Bool) async throws {
        let connection = connection
        try await loop.run {
            if isReading { connection.value?.tcp.startReading() } else { connection.value?.tcp.stopReading() }
        }
    }
}
