/// Which ops a site has: for each origin, everything up to a sequence number, without gaps.
///
/// Kept sorted by origin, so that equal vectors are equal bytes and iteration is the same everywhere. A missing
/// origin counts as 0.
package struct VersionVector: Hashable, Sendable {
    /// The newest op of each origin that has one, sorted by origin.
    package private(set) var heads: [Dot]

    /// The vector of a site that has nothing.
    package init() {
        heads = []
    }

    /// The smallest vector that contains all of these ops and, as vectors have no gaps, those before them.
    package init(_ dots: some Sequence<Dot>) {
        heads = []
        for dot in dots { include(dot) }
    }

    /// The highest sequence number of an origin; 0 when there is none.
    package subscript(origin: Origin) -> UInt64 {
        let place = place(of: origin)
        return place < heads.count && heads[place].origin == origin ? heads[place].sequence : 0
    }

    /// True when there is no op at all.
    package var isEmpty: Bool { heads.isEmpty }

    /// True when the op is among those that the vector stands for.
    package func contains(_ dot: Dot) -> Bool {
        dot.sequence <= self[dot.origin]
    }

    /// Raises an origin's head to at least this op.
    package mutating func include(_ dot: Dot) {
        guard dot.sequence > 0 else { return }
        let place = place(of: dot.origin)
        if place < heads.count, heads[place].origin == dot.origin {
            if heads[place].sequence < dot.sequence { heads[place] = dot }
        } else {
            heads.insert(dot, at: place)
        }
    }

    /// Raises every head to at least the other's: the least vector that covers both.
    package mutating func merge(_ other: VersionVector) {
        for dot in other.heads { include(dot) }
    }

    /// True when everything in `other` is in this one too.
    package func covers(_ other: VersionVector) -> Bool {
        other.heads.allSatisfy(contains)
    }

    /// The heads that lie beyond those of `base`.
    package func beyond(_ base: VersionVector) -> VersionVector {
        var result = VersionVector()
        result.heads = heads.filter { !base.contains($0) }
        return result
    }

    /// The head of every origin, lowered where `other` has less: what both have.
    package func common(with other: VersionVector) -> VersionVector {
        VersionVector(
            heads.map { Dot(origin: $0.origin, sequence: min($0.sequence, other[$0.origin])) }
        )
    }

    /// The first place whose origin is not below `origin`.
    private func place(of origin: Origin) -> Int {
        var low = 0
        var high = heads.count
        while low < high {
            let middle = (low + high) / 2
            if heads[middle].origin < origin { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
