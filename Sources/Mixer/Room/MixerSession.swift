package import Transport

/// What a party's session says to the mixer.
package struct MixerSession: Hashable, Sendable {
    /// Where the party hears.
    package var address: SocketAddress
    /// How it wants its voice coded.
    package var law: VoiceLaw
    /// The payload type of its keys (RFC 4733); nil when it takes none.
    package var keys: UInt8?
    /// Whether it may be behind a translating router, and is then answered where it sends from.
    package var isSymmetric: Bool
    /// False while it wants to hear nothing, as on hold.
    package var hears: Bool

    /// Makes one.
    package init(address: SocketAddress, law: VoiceLaw, keys: UInt8?, isSymmetric: Bool, hears: Bool) {
        self.address = address
        self.law = law
        self.keys = keys
        self.isSymmetric = isSymmetric
        self.hears = hears
    }
}
