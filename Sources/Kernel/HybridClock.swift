/// A hybrid logical clock: stamps that follow the wall clock, yet never run against cause and effect.
///
/// Kulkarni, Demirbas and others, "Logical Physical Clocks and Consistent Snapshots in Globally Distributed
/// Databases", 2014. A stamp is one 64-bit number, so "largest of the three, plus one where it is not the wall
/// clock's" is both the send and the full receive rule, the case of equal milliseconds included.
package struct HybridClock: Hashable, Sendable {
    /// The newest stamp given out or received.
    package private(set) var last: HybridTimestamp
    /// Stamps below this one may be in use on disk or elsewhere even if this process ends now.
    package private(set) var reserved: HybridTimestamp

    /// What came of a stamp from elsewhere.
    package enum Reception: Hashable, Sendable {
        /// The clock is now past the stamp.
        case taken
        /// The stamp lies this far ahead of the wall clock, which is more than drift; the clock did not move.
        case tooFarAhead(by: Span)
    }

    /// Starts a clock above everything that an earlier process may have stamped.
    package init(reserved: HybridTimestamp = .zero) {
        last = reserved
        self.reserved = reserved
    }

    /// A new stamp, above every stamp given out or taken so far.
    package mutating func stamp(at wall: WallTime) -> HybridTimestamp {
        last = max(HybridTimestamp(wall: wall, counter: 0), last.next)
        return last
    }

    /// Moves past a stamp received from another site, unless it lies more than `bound` ahead of the wall clock.
    package mutating func receive(
        _ stamp: HybridTimestamp,
        at wall: WallTime,
        bound: Span = Limits.clockAheadMax
    ) -> Reception {
        let ahead = stamp.wall - wall
        guard ahead <= bound || stamp <= last else { return .tooFarAhead(by: ahead) }
        last = max(HybridTimestamp(wall: wall, counter: 0), max(last, stamp).next)
        return .taken
    }

    /// The high-water mark to write to disk before the stamps below it are shown to anybody; nil while the one
    /// written last still suffices.
    package mutating func extendReserve(by span: Span = Limits.clockReserve) -> HybridTimestamp? {
        guard last >= reserved else { return nil }
        reserved = HybridTimestamp(wall: last.wall + span, counter: 0)
        return reserved
    }
}

extension HybridTimestamp {
    /// The least stamp above this one; a full counter carries into the milliseconds.
    package var next: HybridTimestamp {
        HybridTimestamp(bits: bits == .max ? .max : bits + 1)
    }
}
