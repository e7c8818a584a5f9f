import SIP
import Transport

extension SIPSockets {
    /// Sends a datagram from the socket that the packet names, or from the first one of the right internet; the
    /// answer is why not.
    func sendDatagram(_ packet: SIPPacket) -> String? {
        guard let address = SocketAddress(packet.remote) else { return "\(packet.remote.host) is no numeric address." }
        let fitting = udps.filter { $0.localAddress.family == address.family }
        let named = packet.local.flatMap { local in fitting.first { SIPAddress($0.localAddress) == local } }
        guard let socket = named ?? fitting.first else {
            let kind = address.family == .v4 ? "IPv4" : "IPv6"
            return "No UDP socket for \(kind) is open; add one to 'sip.listen'."
        }
        return socket.send(packet.bytes, to: address) == .dropped ? "The datagram could not be sent." : nil
    }

    /// Takes a datagram.
    ///
    /// `local` is where its socket is bound, so that the answer leaves by the same one; of a socket that is bound to
    /// all addresses nobody knows which one was meant.
    func received(_ bytes: [UInt8], _ sender: SocketAddress, at local: SIPAddress?) {
        report(.packet(SIPPacket(transport: .udp, local: local, remote: SIPAddress(sender), bytes: bytes)))
    }
}
