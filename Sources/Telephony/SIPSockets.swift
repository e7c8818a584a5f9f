package import Kernel
package import SIP
package import Transport

/// The SIP port of a site: moves packets between the network and the core over UDP and TCP.
///
/// It knows nothing of messages: over TCP it hands on pieces of the stream as they come. Confined to the loop;
/// events come on the loop too, and may call back. Keep it until `close()`.
package final class SIPSockets {
    /// Where it listens, by UDP and by TCP.
    package private(set) var localAddress: SocketAddress
    /// Open TCP connections.
    package var flowCount: Int { flows.count }
    /// What went through the UDP socket.
    package var datagrams: UDPSocket.Counters { udp?.counters ?? UDPSocket.Counters() }

    private let loop: EventLoop
    private let idleTimeout: Span
    private let silentTimeout: Span
    private let tell: (SIPSocketEvent) -> Void
    private var udp: UDPSocket?
    private var listener: TCPListener?
    private var sweep: LoopTimer?
    private var flows: [UInt64: SIPFlow] = [:]
    private var newestFlow: [SIPAddress: UInt64] = [:]
    private var lastFlow: UInt64 = 0
    private var isClosed = false

    /// Opens the port for UDP and TCP; port 0 takes one that is free for both.
    package static func open(
        at address: SocketAddress,
        on loop: EventLoop,
        idleTimeout: Span = Limits.sipFlowIdleTimeout,
        silentTimeout: Span = Limits.sipFlowSilentTimeout,
        events: @escaping (SIPSocketEvent) -> Void
    ) throws(TransportError) -> SIPSockets {
        let sockets = SIPSockets(address, loop, idleTimeout, silentTimeout, events)
        do throws(TransportError) {
            try sockets.bind(address)
            sockets.sweep = try LoopTimer.make(on: loop) { [weak sockets] in sockets?.closeIdle() }
        } catch {
            sockets.close()
            throw error
        }
        sockets.armSweep()
        return sockets
    }

    private init(
        _ address: SocketAddress,
        _ loop: EventLoop,
        _ idleTimeout: Span,
        _ silentTimeout: Span,
        _ events: @escaping (SIPSocketEvent) -> Void
    ) {
        localAddress = address
        self.loop = loop
        self.idleTimeout = idleTimeout
        self.silentTimeout = silentTimeout
        tell = events
    }

    /// Sends a packet: by its flow, by a connection to its address, or by UDP.
    package func send(_ packet: SIPPacket) {
        loop.assertOnLoop()
        let problem: String? =
            switch packet.transport {
            case .udp: sendDatagram(packet)
            case .tcp: sendByFlow(packet)
            case .tls: "SIP over TLS is not configured at this site."
            }
        if let problem { report(.notSent(packet, reason: problem)) }
    }

    /// Closes a stream connection; one that is gone already is no error.
    package func close(flow number: UInt64) {
        loop.assertOnLoop()
        flows[number]?.connection.close()
    }

    /// Closes all sockets; no event comes after this.
    package func close() {
        loop.assertOnLoop()
        isClosed = true
        udp?.close()
        listener?.close()
        sweep?.close()
        for flow in flows.values { flow.connection.close() }
        flows = [:]
        newestFlow = [:]
    }

    private func bind(_ address: SocketAddress) throws(TransportError) {
        var attempts = 0
        while true {
            attempts += 1
            let listener = try TCPListener.listen(on: loop, at: address) { [weak self] in self?.accept($0) }
            do throws(TransportError) {
                udp = try UDPSocket.bind(on: loop, to: listener.localAddress) { [weak self] in self?.received($0, $1) }
                self.listener = listener
                localAddress = listener.localAddress
                return
            } catch {
                listener.close()
                guard address.port == 0, error.code == .addressInUse, attempts < Limits.sipPortAttemptsMax else {
                    throw error
                }
            }
        }
    }

    private func report(_ event: SIPSocketEvent) {
        if !isClosed { tell(event) }
    }
}

// UDP.
extension SIPSockets {
    private func sendDatagram(_ packet: SIPPacket) -> String? {
        guard let address = SocketAddress(packet.remote) else { return "\(packet.remote.host) is no numeric address." }
        return udp?.send(packet.bytes, to: address) == .dropped ? "The datagram could not be sent." : nil
    }

    private func received(_ bytes: [UInt8], _ sender: SocketAddress) {
        let local = isUnspecified ? nil : SIPAddress(localAddress)
        report(.packet(SIPPacket(transport: .udp, local: local, remote: SIPAddress(sender), bytes: bytes)))
    }

    /// Bound to all addresses, so that the one a datagram came to is not known.
    private var isUnspecified: Bool { ["0.0.0.0", "::"].contains(localAddress.host) }
}

// TCP.
extension SIPSockets {
    private func accept(_ connection: TCPConnection) {
        guard !isClosed, flows.count < Limits.sipFlowsMax, let address = connection.remoteAddress else {
            connection.close()
            return
        }
        let flow = addFlow(connection, remote: SIPAddress(address), isConnected: true)
        listen(to: flow)
    }

    private func sendByFlow(_ packet: SIPPacket) -> String? {
        if let number = packet.flow {
            guard let flow = flows[number] else { return "The connection that it belongs to is closed." }
            return flow.send(packet)
        }
        if let number = newestFlow[packet.remote], let flow = flows[number] { return flow.send(packet) }
        return connect(packet)
    }

    private func connect(_ packet: SIPPacket) -> String? {
        guard let address = SocketAddress(packet.remote) else { return "\(packet.remote.host) is no numeric address." }
        guard flows.count < Limits.sipFlowsMax else { return "Too many connections are open." }
        let number = lastFlow + 1
        do throws(TransportError) {
            let connection = try TCPConnection.connect(on: loop, to: address) { [weak self] result in
                self?.connected(number, result)
            }
            return addFlow(connection, remote: packet.remote, isConnected: false).send(packet)
        } catch {
            return error.description
        }
    }

    private func connected(_ number: UInt64, _ result: Result<TCPConnection, TransportError>) {
        guard let flow = flows[number] else { return }
        switch result {
        case .success:
            listen(to: flow)
            flow.connected()
        case .failure(let error):
            for packet in flow.takeWaiting() { report(.notSent(packet, reason: error.description)) }
            remove(flow)
        }
    }

    private func addFlow(_ connection: TCPConnection, remote: SIPAddress, isConnected: Bool) -> SIPFlow {
        lastFlow += 1
        let flow = SIPFlow(lastFlow, connection, remote: remote, isConnected: isConnected)
        flows[lastFlow] = flow
        newestFlow[remote] = lastFlow
        return flow
    }

    private func listen(to flow: SIPFlow) {
        let local = flow.connection.localAddress.map { SIPAddress($0) }
        flow.connection.onReceive = { [weak self, unowned flow] bytes in
            flow.heard()
            let packet = SIPPacket(
                transport: .tcp,
                local: local,
                remote: flow.remote,
                flow: flow.number,
                bytes: bytes
            )
            self?.report(.packet(packet))
        }
        flow.connection.onClose = { [weak self] _ in self?.remove(flow) }
        flow.connection.startReading()
    }

    private func remove(_ flow: SIPFlow) {
        guard flows.removeValue(forKey: flow.number) != nil else { return }
        if newestFlow[flow.remote] == flow.number { newestFlow[flow.remote] = nil }
        report(.flowClosed(flow.number))
    }

    private func armSweep() {
        let interval = min(Limits.sipFlowSweepInterval, min(idleTimeout, silentTimeout))
        sweep?.arm(after: interval)
    }

    private func closeIdle() {
        let now = SystemClock.instant
        for flow in flows.values where flow.isIdle(at: now, silent: silentTimeout, idle: idleTimeout) {
            flow.connection.close()
        }
        armSweep()
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
