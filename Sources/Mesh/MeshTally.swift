/// How often links were refused, broke or could not be made, by reason.
package struct MeshTally: Hashable, Sendable {
    /// One line of the tally.
    package struct Line: Hashable, Sendable {
        /// Why.
        package let kind: MeshReason.Kind
        /// True when the other end found fault with this one.
        package let isToldByPeer: Bool
        /// How often since the start.
        package let count: UInt64
    }

    private struct Key: Hashable {
        let kind: MeshReason.Kind
        let isToldByPeer: Bool
    }

    private var counts: [Key: UInt64] = [:]

    /// Counts a reason.
    mutating func add(_ reason: MeshReason) {
        counts[Key(kind: reason.kind, isToldByPeer: reason.isToldByPeer), default: 0] += 1
    }

    /// What was counted, by the name of the reason; those found here first.
    package var lines: [Line] {
        counts.map { Line(kind: $0.key.kind, isToldByPeer: $0.key.isToldByPeer, count: $0.value) }.sorted {
            ($0.kind.rawValue, $0.isToldByPeer ? 1 : 0) < ($1.kind.rawValue, $1.isToldByPeer ? 1 : 0)
        }
    }

    /// How often a reason occurred, whoever found it.
    package func count(of kind: MeshReason.Kind) -> UInt64 {
        counts.reduce(0) { $0 + ($1.key.kind == kind ? $1.value : 0) }
    }
}
