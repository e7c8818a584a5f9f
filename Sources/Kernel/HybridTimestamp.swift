/// A stamp of a hybrid logical clock: 48 bits of wall-clock milliseconds, 16 bits of counter.
///
/// If an op saw another, its stamp is higher (Kulkarni and others, "Logical Physical Clocks", 2014).
package struct HybridTimestamp: Hashable, Comparable, Sendable {
    /// Milliseconds in the upper 48 bits, counter in the lower 16.
    package var bits: UInt64

    /// Makes a stamp from its packed form.
    package init(bits: UInt64) {
        self.bits = bits
    }

    /// Makes a stamp; times before 1970 or past 48 bits are brought to the nearest end.
    package init(wall: WallTime, counter: UInt16) {
        let clamped = UInt64(min(max(wall.milliseconds, 0), (1 << 48) - 1))
        bits = clamped << 16 | UInt64(counter)
    }

    /// The wall-clock part.
    package var wall: WallTime { WallTime(milliseconds: Int64(bits >> 16)) }

    /// The counter that orders stamps of one millisecond.
    package var counter: UInt16 { UInt16(truncatingIfNeeded: bits) }

    /// Below every stamp of a real op.
    package static let zero = HybridTimestamp(bits: 0)

    /// Orders stamps.
    package static func < (left: HybridTimestamp, right: HybridTimestamp) -> Bool {
        left.bits < right.bits
    }
}
