import Kernel
import Transport

/// One party of a room.
struct MixerParty: Sendable {
    let name: String
    private(set) var session: MixerSession?
    private(set) var latch: MixerLatch?
    var voice = VoiceBuffer()
    var sender: VoiceSender
    /// Whom it hears.
    var hears: Set<String> = []
    private var lastKey: UInt16?
    private var keysThisTick = 0

    init(_ name: String, using random: inout some RandomNumberGenerator) {
        self.name = name
        sender = VoiceSender(using: &random)
    }

    mutating func take(_ session: MixerSession, at now: Instant) {
        if latch?.isSame(session.address, isSymmetric: session.isSymmetric) != true {
            latch = MixerLatch(session.address, isSymmetric: session.isSymmetric, at: now)
        }
        self.session = session
    }

    /// Whether a packet from there is this party's.
    mutating func accepts(_ sender: SocketAddress, at now: Instant) -> Bool {
        latch?.accepts(sender, at: now) ?? false
    }

    /// Where it is sent to; nil while it hears nothing.
    var target: SocketAddress? { session?.hears == true ? latch?.target : nil }

    /// Whether this packet of a key is to be passed on: not twice, not out of order, and not too many of them.
    mutating func isNewKey(_ packet: VoiceStreamPacket) -> Bool {
        if let lastKey, Int16(bitPattern: packet.sequence &- lastKey) <= 0 { return false }
        guard keysThisTick < Limits.mixerDigitsPerTickMax else { return false }
        keysThisTick += 1
        lastKey = packet.sequence
        return true
    }

    /// What it says in this tick.
    mutating func say() -> [Int16] {
        keysThisTick = 0
        return voice.take(VoiceLaw.samplesPerTick)
    }
}
