/// Where a message goes: the peer's address or connection.
struct SIPDestination: Hashable, Sendable {
    var transport: SIPTransport
    var local: SIPAddress?
    var remote: SIPAddress
    var flow: UInt64?

    /// Back to where a packet came from.
    init(replyingTo packet: SIPPacket) {
        transport = packet.transport
        local = packet.local
        remote = packet.remote
        flow = packet.flow
    }

    /// To a plain address.
    init(transport: SIPTransport, remote: SIPAddress) {
        self.transport = transport
        self.remote = remote
    }

    func packet(_ bytes: [UInt8]) -> SIPPacket {
        SIPPacket(transport: transport, local: local, remote: remote, flow: flow, bytes: bytes)
    }
}
