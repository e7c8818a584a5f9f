import Kernel
import SIP
import Transport

extension SIPSockets {
    /// Takes a connection that somebody made.
    func accept(_ tcp: TCPConnection, _ transport: SIPTransport) {
        guard !isClosed, let address = tcp.remoteAddress else { return tcp.close() }
        let remote = SIPAddress(address)
        if let reason = flows.refusal(of: remote.host) {
            tcp.close()
            return report(.refused(remote, transport, reason: reason))
        }
        let flow = add(tcp, transport, remote: remote, isIncoming: true)
        begin(flow, as: .server)
    }

    /// Sends a packet by its connection, or by one to its address; the answer is why not.
    func sendByFlow(_ packet: SIPPacket) -> String? {
        if let number = packet.flow {
            guard let flow = flows.all[number] else { return "The connection that it belongs to is closed." }
            return flow.send(packet)
        }
        if let flow = flows.newest(to: packet.remote, packet.transport) { return flow.send(packet) }
        return connect(packet)
    }

    private func connect(_ packet: SIPPacket) -> String? {
        guard let address = SocketAddress(packet.remote) else { return "\(packet.remote.host) is no numeric address." }
        guard packet.transport != .tls || tls.client != nil else {
            return "SIP over TLS is not configured at this site."
        }
        guard flows.all.count < Limits.sipFlowsMax else { return "Too many connections are open." }
        do throws(TransportError) {
            let slot = FlowSlot()
            let tcp = try TCPConnection.connect(on: loop, to: address) { [weak self] result in
                if let flow = slot.flow { self?.connected(flow, result) }
            }
            let flow = add(tcp, packet.transport, remote: packet.remote, isIncoming: false)
            slot.flow = flow
            return flow.send(packet)
        } catch {
            return error.description
        }
    }

    private func connected(_ flow: SIPFlow, _ result: Result<TCPConnection, TransportError>) {
        guard flows.all[flow.number] != nil else { return }
        switch result {
        case .success: begin(flow, as: .client)
        case .failure(let error): ended(flow, error)
        }
    }

    private func add(
        _ tcp: TCPConnection,
        _ transport: SIPTransport,
        remote: SIPAddress,
        isIncoming: Bool
    ) -> SIPFlow {
        let flow = SIPFlow(flows.nextNumber(), transport, tcp, remote: remote, isIncoming: isIncoming)
        flows.add(flow)
        return flow
    }

    /// The TCP connection is made: listens to it, over TLS after the handshake.
    private func begin(_ flow: SIPFlow, as role: TLSSession.Role) {
        let probe = Limits.sipFlowProbe
        flow.tcp.noticeDeadPeer(after: probe.after, every: probe.every, times: probe.times)
        guard flow.transport == .tls else {
            flow.tcp.onReceive = { [weak self, unowned flow] in self?.received($0, on: flow) }
            flow.tcp.onClose = { [weak self] in self?.ended(flow, $0) }
            flow.ready()
            return flow.tcp.startReading()
        }
        do throws(TransportError) {
            guard let context = role == .server ? tls.server : tls.client else {
                throw TransportError(.tlsFailed, "SIP over TLS is not configured at this site.")
            }
            let secured = try TLSConnection(
                over: flow.tcp,
                context,
                role: role,
                host: role == .client ? hosts[flow.remote] ?? flow.remote.host : nil,
                handshakeTimeout: handshakeTimeout
            )
            secured.onSecured = { [unowned flow] in flow.ready() }
            secured.onReceive = { [weak self, unowned flow] in self?.received($0, on: flow) }
            secured.onClose = { [weak self] in self?.ended(flow, $0) }
            flow.secure(secured)
        } catch {
            flow.tcp.onClose = nil
            flow.tcp.close()
            ended(flow, error)
        }
    }

    private func received(_ bytes: [UInt8], on flow: SIPFlow) {
        if flow.heard() { flows.proved(flow) }
        let packet = SIPPacket(
            transport: flow.transport,
            local: flow.tcp.localAddress.map { SIPAddress($0) },
            remote: flow.remote,
            flow: flow.number,
            bytes: bytes
        )
        report(.packet(packet))
    }

    /// A connection is gone, or was never made: tells what it did not carry, and why.
    private func ended(_ flow: SIPFlow, _ error: TransportError?) {
        guard flows.remove(flow) else { return }
        for packet in flow.takeWaiting() {
            report(.notSent(packet, reason: error?.description ?? "The connection was closed."))
        }
        if flow.isIncoming, !flow.isReady, let error {
            report(.refused(flow.remote, flow.transport, reason: error.description))
        }
        report(.flowClosed(flow.number))
    }

    func armSweep() {
        sweep?.arm(after: min(Limits.sipFlowSweepInterval, min(idleTimeout, silentTimeout)))
    }

    func closeIdle() {
        let now = SystemClock.instant
        for flow in flows.all.values where flow.isIdle(at: now, silent: silentTimeout, idle: idleTimeout) {
            flow.tcp.close()
        }
        armSweep()
    }
}

/// The flow of a connection that is being made; known once both exist.
private final class FlowSlot {
    var flow: SIPFlow?
}
