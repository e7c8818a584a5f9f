package import Transport

/// What a mixer works with.
package struct MixerSettings: Sendable {
    /// Where nodes ask it; an address of this machine, since whoever reaches it may listen to calls.
    package var control: SocketAddress
    /// Where parties send; its port is not looked at.
    package var media: SocketAddress
    /// Which of this machine's ports parties get: the even ones of these.
    package var ports: ClosedRange<UInt16>

    /// Makes settings.
    package init(control: SocketAddress, media: SocketAddress, ports: ClosedRange<UInt16>) {
        self.control = control
        self.media = media
        self.ports = ports
    }
}

extension SocketAddress {
    /// An address that only this machine reaches.
    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }
}
