import Kernel
import SIP
import Transport

/// One SIP connection over TCP: made by a phone, or by us to reach one.
///
/// Confined to the loop.
final class SIPFlow {
    let number: UInt64
    let remote: SIPAddress
    let connection: TCPConnection
    /// When bytes last came; nil while none has.
    private(set) var lastHeard: Instant?
    /// When it was made.
    let born: Instant
    private(set) var isConnected: Bool
    private var waiting: [SIPPacket] = []

    init(_ number: UInt64, _ connection: TCPConnection, remote: SIPAddress, isConnected: Bool) {
        self.number = number
        self.connection = connection
        self.remote = remote
        self.isConnected = isConnected
        born = SystemClock.instant
        connection.pendingBytesMax = Limits.sipFlowPendingBytesMax
    }

    /// Notes that bytes came.
    func heard() {
        lastHeard = SystemClock.instant
    }

    /// Sends a packet, or keeps it until the connection is made; the answer is why not, nil when all is well.
    func send(_ packet: SIPPacket) -> String? {
        guard isConnected else {
            guard waiting.count < Limits.sipPacketsAwaitingFlowMax else { return "Too many packets wait." }
            waiting.append(packet)
            return nil
        }
        switch connection.write(packet.bytes) {
        case .accepted:
            return nil
        case .closed:
            return "The connection is closed."
        case .full:
            connection.close()
            return "The other end reads nothing; the connection was closed."
        }
    }

    /// The connection is made: sends what waits.
    func connected() {
        isConnected = true
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
