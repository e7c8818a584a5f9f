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

/// The same bytes without spare room: what finished transactions keep lies there for 32 seconds.
func exactly(_ bytes: [UInt8]) -> [UInt8] {
    // An array made from another, or from a slice of all of it, would share its buffer.
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count)
    copy.append(contentsOf: bytes)
    return copy
}
