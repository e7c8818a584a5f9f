package import SIP
import Transport

/// A trunk or outbound proxy as its configuration names it.
package struct SIPTarget: Hashable, Sendable {
    /// The trunk's name, under which its addresses are told.
    package var trunk: String
    /// A host name, a domain with SRV records, or a numeric address.
    package var host: String
    /// The port; nil asks for SRV records, and takes the usual port where there are none.
    package var port: UInt16?
    /// How it is reached.
    package var transport: SIPTransport

    /// Makes a target.
    package init(trunk: String, host: String, port: UInt16?, transport: SIPTransport) {
        self.trunk = trunk
        self.host = host
        self.port = port
        self.transport = transport
    }

    /// The port where SIP is expected when nothing says otherwise (RFC 3261 §19.1.2).
    var usualPort: UInt16 { transport == .tls ? 5_061 : 5_060 }

    /// The name of the SRV records (RFC 3263 §4.1).
    var serviceName: String {
        switch transport {
        case .udp: "_sip._udp.\(host)"
        case .tcp: "_sip._tcp.\(host)"
        case .tls: "_sips._tcp.\(host)"
        }
    }

    /// The address, when the host is one already.
    var numeric: SIPAddress? {
        let address = SocketAddress(host: host, port: port ?? usualPort)
        // As text it is written the usual way, so that it compares with what sockets say.
        return address.map { SIPAddress($0) }
    }
}
