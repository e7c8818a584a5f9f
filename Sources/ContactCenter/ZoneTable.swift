package import Kernel

/// The offsets of one time zone from UTC over some years, handed in as data so that rules stay pure.
package struct ZoneTable: Hashable, Sendable {
    /// From when on another offset holds.
    package struct Transition: Hashable, Sendable {
        /// The first moment of the new offset.
        package let at: WallTime
        /// Seconds east of UTC.
        package let offset: Int64

        /// Names a change.
        package init(at: WallTime, offset: Int64) {
            self.at = at
            self.offset = offset
        }
    }

    /// Offsets that a zone can have, in seconds; the widest in use are −12 and +14 hours.
    package static let offsets: ClosedRange<Int64> = -86_400...86_400

    /// The IANA name.
    package let name: String
    /// The offset before the first transition, in seconds east of UTC.
    package let initialOffset: Int64
    /// What changes, by time.
    package let transitions: [Transition]

    /// Makes a table; nil when transitions are not in order, too many, or an offset is impossible.
    package init?(_ name: String, initialOffset: Int64, transitions: [Transition] = []) {
        guard transitions.count <= Limits.zoneTransitionsMax, Self.offsets.contains(initialOffset),
            transitions.allSatisfy({ Self.offsets.contains($0.offset) }),
            zip(transitions, transitions.dropFirst()).allSatisfy({ $0.at < $1.at })
        else { return nil }
        self.name = name
        self.initialOffset = initialOffset
        self.transitions = transitions
    }

    /// Coordinated universal time.
    package static let utc = ZoneTable("UTC")

    /// A zone that never changes.
    private init(_ name: String) {
        self.name = name
        initialOffset = 0
        transitions = []
    }

    /// Seconds east of UTC at a moment.
    package func offset(at time: WallTime) -> Int64 {
        let count = after(time)
        return count == 0 ? initialOffset : transitions[count - 1].offset
    }

    /// The transitions later than one moment, up to and with another.
    func transitions(after start: WallTime, upTo end: WallTime) -> ArraySlice<Transition> {
        guard start < end else { return [] }
        return transitions[after(start)..<after(end)]
    }

    /// How many transitions lie at a moment or before it.
    private func after(_ time: WallTime) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
