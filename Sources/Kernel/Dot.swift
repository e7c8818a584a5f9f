/// The name of one op: the `sequence`-th of its origin, counted from 1.
package struct Dot: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Who wrote the op.
    package let origin: Origin
    /// Its place in the origin's log, from 1, without gaps.
    package let sequence: UInt64

    /// Makes a dot.
    package init(origin: Origin, sequence: UInt64) {
        self.origin = origin
        self.sequence = sequence
    }

    /// Orders by origin, then sequence; a tie-break, not a causal order.
    package static func < (left: Dot, right: Dot) -> Bool {
        (left.origin, left.sequence) < (right.origin, right.sequence)
    }

    /// For people and document keys: `north/1/42`.
    package var description: String { "\(origin)/\(sequence)" }
}
