/// How a SIP message travels.
package enum SIPTransport: UInt8, Hashable, Comparable, Sendable {
    /// Datagrams; the transaction layer repeats what may have been lost.
    case udp
    /// A stream.
    case tcp
    /// A stream inside TLS.
    case tls

    /// Whether the transport itself repeats lost bytes, so that transactions need not.
    package var isReliable: Bool { self != .udp }

    /// The port of a URI that names none (RFC 3261 §19.1.2).
    var usualPort: UInt16 { self == .tls ? 5_061 : 5_060 }

    /// Orders for deterministic iteration.
    package static func < (left: SIPTransport, right: SIPTransport) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A numeric IP address and a port.
package struct SIPAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Numeric IPv4 or IPv6 address, the latter without brackets.
    package var host: String
    /// The port.
    package var port: UInt16

    /// Makes an address.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Orders by host text, then port, for deterministic iteration.
    package static func < (left: SIPAddress, right: SIPAddress) -> Bool {
        (left.host, left.port) < (right.host, right.port)
    }

    /// As it stands in a URI: `127.0.0.1:5060`, `[::1]:5060`.
    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// Bytes that arrived from, or go to, one peer.
///
/// Over UDP the bytes are one datagram. Over TCP and TLS arriving bytes may be any piece of the stream: the
/// endpoint finds the message boundaries itself. What the endpoint sends is always one whole message.
package struct SIPPacket: Hashable, Sendable {
    /// How it travels.
    package var transport: SIPTransport
    /// Our own address, when the socket knows it.
    package var local: SIPAddress?
    /// The peer's address as the socket sees it.
    package var remote: SIPAddress
    /// The stream connection, numbered by the shell and never reused; nil for UDP.
    ///
    /// When an outgoing packet has none, the shell opens a connection to `remote` or uses one that it has.
    package var flow: UInt64?
    /// The bytes.
    package var bytes: [UInt8]

    /// Makes a packet.
    package init(
        transport: SIPTransport,
        local: SIPAddress? = nil,
        remote: SIPAddress,
        flow: UInt64? = nil,
        bytes: [UInt8]
    ) {
        self.transport = transport
        self.local = local
        self.remote = remote
        self.flow = flow
        self.bytes = bytes
    }
}
