import Kernel
import SIP
import Transport

/// One SIP connection over TCP or TLS: made by a phone or trunk, or by us to reach one.
///
/// Confined to the loop.
final class SIPFlow {
    let number: UInt64
    let transport: SIPTransport
    let remote: SIPAddress
    /// Whether the other end made it.
    let isIncoming: Bool
    let tcp: TCPConnection
    /// What lies on `tcp` once it is made, when the transport is TLS.
    private(set) var tls: TLSConnection?
    /// When bytes of SIP last came; nil while none has.
    private(set) var lastHeard: Instant?
    /// When it was made.
    let born: Instant
    /// Packets can be sent: the connection is made, and over TLS the handshake is done.
    private(set) var isReady = false
    private var waiting: [SIPPacket] = []

    init(_ number: UInt64, _ transport: SIPTransport, _ tcp: TCPConnection, remote: SIPAddress, isIncoming: Bool) {
        self.number = number
        self.transport = transport
        self.tcp = tcp
        self.remote = remote
        self.isIncoming = isIncoming
        born = SystemClock.instant
        tcp.pendingBytesMax = Limits.sipFlowPendingBytesMax
    }

    /// Puts TLS on the connection.
    func secure(_ connection: TLSConnection) {
        tls = connection
    }

    /// Notes that bytes came; true the first time.
    func heard() -> Bool {
        defer { lastHeard = SystemClock.instant }
        return lastHeard == nil
    }

    /// Sends a packet, or keeps it until the connection is made; the answer is why not, nil when all is well.
    func send(_ packet: SIPPacket) -> String? {
        guard isReady else {
            guard !tcp.isClosing else { return "The connection is closed." }
            guard waiting.count < Limits.sipPacketsAwaitingFlowMax else { return "Too many packets wait." }
            waiting.append(packet)
            return nil
        }
        switch tls?.write(packet.bytes) ?? tcp.write(packet.bytes) {
        case .accepted:
            return nil
        case .closed:
            return "The connection is closed."
        case .full:
            tcp.close()
            return "The other end reads nothing; the connection was closed."
        }
    }

    /// The connection is made: sends what waits.
    func ready() {
        isReady = true
        for packet in takeWaiting() { _ = send(packet) }
    }

    /// Takes what waits for the connection.
    func takeWaiting() -> [SIPPacket] {
        defer { waiting = [] }
        return waiting
    }

    /// Whether it has been silent for too long.
    func isIdle(at now: Instant, silent: Span, idle: Span) -> Bool {
        if let lastHeard { return now - lastHeard >= idle }
        return now - born >= silent
    }
}
