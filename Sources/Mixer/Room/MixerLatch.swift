package import Kernel
package import Transport

/// Where a party is: whom packets are taken from, and where they are sent.
///
/// A session description says where; a party behind a translating router (NAT) sends from elsewhere. Such a party is
/// believed only where the node says that it may be so, and only the first address within a short time after the
/// description, so that nobody can draw a conversation towards himself later.
package struct MixerLatch: Hashable, Sendable {
    private let described: SocketAddress
    private let isSymmetric: Bool
    private let takenAt: Instant
    private var latched: SocketAddress?

    /// Begins with what a session description says.
    package init(_ described: SocketAddress, isSymmetric: Bool, at now: Instant) {
        self.described = described
        self.isSymmetric = isSymmetric
        takenAt = now
    }

    /// Where to send.
    package var target: SocketAddress { latched ?? described }

    /// Whether a packet from there is this party's.
    ///
    /// Without latching, any port of the described host will do: a phone may send from another port than it hears at.
    package mutating func accepts(_ sender: SocketAddress, at now: Instant) -> Bool {
        if let latched { return sender == latched }
        if sender == described { return true }
        if isSymmetric, now - takenAt <= Limits.mixerLatchWindow {
            latched = sender
            return true
        }
        return sender.host == described.host
    }

    /// Whether it says the same as another description, so that what was learnt stands.
    package func isSame(_ other: SocketAddress, isSymmetric: Bool) -> Bool {
        other == described && isSymmetric == self.isSymmetric
    }
}
