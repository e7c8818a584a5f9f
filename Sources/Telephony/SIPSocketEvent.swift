package import SIP

/// What happens at the SIP sockets.
package enum SIPSocketEvent: Hashable, Sendable {
    /// A datagram, or a piece of a stream.
    case packet(SIPPacket)
    /// A stream connection is gone; its number does not come again.
    case flowClosed(UInt64)
    /// A packet could not be sent, and why; a transaction's timer deals with it.
    case notSent(SIPPacket, reason: String)
    /// Somebody connected and was turned away before a word of SIP: too many connections, or TLS failed.
    case refused(SIPAddress, SIPTransport, reason: String)
}
