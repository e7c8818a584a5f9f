package import SIP
package import Transport

/// An address and port where a site takes SIP.
package struct SIPListenPoint: Hashable, Sendable {
    /// The address; port 0 takes one that is free for all its transports.
    package var address: SocketAddress
    /// What is spoken there: UDP and TCP may share a port, TLS needs one of its own.
    package var transports: Set<SIPTransport>

    /// Makes a point.
    package init(_ address: SocketAddress, _ transports: Set<SIPTransport> = [.udp, .tcp]) {
        self.address = address
        self.transports = transports
    }
}

/// The certificates of SIP over TLS.
package struct SIPTLS: Sendable {
    /// For phones and trunks that connect to this site; nil when no TLS port is open.
    package var server: TLSServiceContext?
    /// For trunks that this site connects to; nil when it connects to nobody over TLS.
    package var client: TLSServiceContext?

    /// Makes the pair.
    package init(server: TLSServiceContext? = nil, client: TLSServiceContext? = nil) {
        self.server = server
        self.client = client
    }
}

extension SocketAddress {
    /// The socket address of a SIP address; nil when that is no numeric one.
    init?(_ address: SIPAddress) {
        self.init(host: address.host, port: address.port)
    }
}

extension SIPAddress {
    /// The SIP address of a socket.
    init(_ address: SocketAddress) {
        self.init(host: address.host, port: address.port)
    }
}
