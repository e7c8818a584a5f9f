package import Kernel
package import SIP
package import Transport

/// The SIP ports of a site: move packets between the network and the core over UDP, TCP and TLS.
///
/// They know nothing of messages: over TCP and TLS they hand on pieces of the stream as they come. Confined to the
/// loop; events come on the loop too, and may call back. Keep it until `close()`.
package final class SIPSockets {
    /// Where it listens, in the order in which it was asked for, with the real ports.
    package private(set) var points: [SIPListenPoint] = []
    /// The first address where it listens.
    package var localAddress: SocketAddress { points.first?.address ?? .loopback(port: 0) }
    /// Open TCP and TLS connections.
    package var flowCount: Int { flows.all.count }
    /// What went through the UDP sockets.
    package var datagrams: UDPSocket.Counters { udps.reduce(into: UDPSocket.Counters()) { $0.add($1.counters) } }
    /// The internets that a datagram can leave by.
    package var families: Set<SocketAddress.Family> { Set(udps.map(\.localAddress.family)) }

    let loop: EventLoop
    let idleTimeout: Span
    let silentTimeout: Span
    let handshakeTimeout: Span
    var tls: SIPTLS
    var flows = SIPFlowTable()
    /// Whose certificate a server must show over TLS, by its address.
    private(set) var hosts: [SIPAddress: String] = [:]
    var sweep: LoopTimer?
    private var expected: [String: (host: String, addresses: [SIPAddress])] = [:]
    private let tell: (SIPSocketEvent) -> Void
    private(set) var udps: [UDPSocket] = []
    private var listeners: [TCPListener] = []
    private(set) var isClosed = false

    /// How long connections may be silent.
    package struct Times: Sendable {
        /// After something was said.
        package var idle = Limits.sipFlowIdleTimeout
        /// While nothing was said yet.
        package var silent = Limits.sipFlowSilentTimeout
        /// Until a TLS handshake is done.
        package var handshake = Limits.tlsHandshakeTimeout

        /// The usual times.
        package init() {}
    }

    /// Opens one port for UDP and TCP.
    package static func open(
        at address: SocketAddress,
        on loop: EventLoop,
        times: Times = Times(),
        events: @escaping (SIPSocketEvent) -> Void
    ) throws(TransportError) -> SIPSockets {
        try open(at: [SIPListenPoint(address)], on: loop, times: times, events: events)
    }

    /// Opens all ports or none.
    package static func open(
        at points: [SIPListenPoint],
        tls: SIPTLS = SIPTLS(),
        on loop: EventLoop,
        times: Times = Times(),
        events: @escaping (SIPSocketEvent) -> Void
    ) throws(TransportError) -> SIPSockets {
        let sockets = SIPSockets(loop, tls, times, events)
        do throws(TransportError) {
            for point in points { try sockets.bind(point) }
            sockets.sweep = try LoopTimer.make(on: loop) { [weak sockets] in sockets?.closeIdle() }
        } catch {
            sockets.close()
            throw error
        }
        sockets.armSweep()
        return sockets
    }

    private init(_ loop: EventLoop, _ tls: SIPTLS, _ times: Times, _ events: @escaping (SIPSocketEvent) -> Void) {
        self.loop = loop
        self.tls = tls
        idleTimeout = times.idle
        silentTimeout = times.silent
        handshakeTimeout = times.handshake
        tell = events
    }

    /// Sends a packet: by its flow, by a connection to its address, or by UDP.
    package func send(_ packet: SIPPacket) {
        loop.assertOnLoop()
        let problem = packet.transport == .udp ? sendDatagram(packet) : sendByFlow(packet)
        if let problem { report(.notSent(packet, reason: problem)) }
    }

    /// Says under which name a trunk's servers are reached over TLS: their certificates must prove it.
    ///
    /// For addresses that are not named here a certificate must prove the address itself.
    package func expect(_ host: String, at addresses: [SIPAddress], of trunk: String) {
        loop.assertOnLoop()
        expected[trunk] = (host, addresses)
        hosts = [:]
        for (_, entry) in expected.sorted(by: { $0.key < $1.key }) {
            for address in entry.addresses { hosts[address] = entry.host }
        }
    }

    /// Takes other certificates for the connections that are made from now on.
    package func use(_ tls: SIPTLS) {
        loop.assertOnLoop()
        self.tls = tls
    }

    /// Until when the certificate that is shown to others is good; nil when there is none.
    package var certificateExpiresAt: WallTime? { tls.server?.expiresAt ?? tls.client?.expiresAt }

    /// Closes a stream connection; one that is gone already is no error.
    package func close(flow number: UInt64) {
        loop.assertOnLoop()
        flows.all[number]?.tcp.close()
    }

    /// Closes all sockets; no event comes after this.
    package func close() {
        loop.assertOnLoop()
        isClosed = true
        for udp in udps { udp.close() }
        for listener in listeners { listener.close() }
        sweep?.close()
        for flow in flows.all.values { flow.tcp.close() }
        flows.removeAll()
    }

    func report(_ event: SIPSocketEvent) {
        if !isClosed { tell(event) }
    }

    private func bind(_ point: SIPListenPoint) throws(TransportError) {
        if point.transports.contains(.tls), tls.server == nil {
            throw TransportError(.tlsFile, "A TLS port needs a certificate; none is configured for SIP.")
        }
        if point.transports.isSuperset(of: [.tcp, .tls]) {
            throw TransportError(.addressInvalid, "TCP and TLS cannot share the port \(point.address).")
        }
        var attempts = 0
        while true {
            attempts += 1
            do throws(TransportError) {
                return try attempt(point)
            } catch {
                guard point.address.port == 0, error.code == .addressInUse, attempts < Limits.sipPortAttemptsMax else {
                    throw error
                }
            }
        }
    }

    /// Opens a point's listener, then its UDP socket at the same port.
    private func attempt(_ point: SIPListenPoint) throws(TransportError) {
        var bound = point
        var listener: TCPListener?
        if let stream = [SIPTransport.tls, .tcp].first(where: { point.transports.contains($0) }) {
            let made = try TCPListener.listen(on: loop, at: point.address) { [weak self] in self?.accept($0, stream) }
            bound.address = made.localAddress
            listener = made
        }
        if point.transports.contains(.udp) {
            do throws(TransportError) {
                let local = LocalName()
                let udp = try UDPSocket.bind(on: loop, to: bound.address) { [weak self] bytes, sender in
                    self?.received(bytes, sender, at: local.address)
                }
                local.address = SIPAddress(udp.localAddress)
                bound.address = udp.localAddress
                udps.append(udp)
            } catch {
                listener?.close()
                throw error
            }
        }
        if let listener { listeners.append(listener) }
        points.append(bound)
    }

    /// The address of a socket, known once it is bound.
    private final class LocalName {
        var address: SIPAddress?
    }
}

extension UDPSocket.Counters {
    fileprivate mutating func add(_ other: UDPSocket.Counters) {
        received += other.received
        sent += other.sent
        queued += other.queued
        dropped += other.dropped
        receiveErrors += other.receiveErrors
    }
}
