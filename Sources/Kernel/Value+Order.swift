extension Value {
    /// True when this value stands before the other in the one order that all sites use for values.
    ///
    /// By kind, then content. Numbers of different kinds are not compared with each other, and doubles go by their
    /// total order, so that even a value that is not a number has a place.
    package func precedes(_ other: Value) -> Bool {
        switch (self, other) {
        case (.null, .null): false
        case (.bool(let left), .bool(let right)): !left && right
        case (.int(let left), .int(let right)): left < right
        case (.double(let left), .double(let right)): left.precedesInOrder(right)
        case (.string(let left), .string(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
        case (.list(let left), .list(let right)): left.lexicographicallyPrecedes(right) { $0.precedes($1) }
        default: rank < other.rank
        }
    }

    /// Rough size in bytes when stored: for bounds, not for accounts.
    package var weight: Int {
        switch self {
        case .null, .bool: 2
        case .int, .double: 9
        case .string(let text): text.utf8.count + 3
        case .bytes(let bytes): bytes.count + 3
        case .list(let items): items.reduce(3) { $0 + $1.weight }
        }
    }

    /// True when lists are nested at most `Limits.valueDepthMax` deep and no number in it is a NaN or infinite,
    /// which no two sites could agree on how to compare.
    package func isStorable(depth: Int = 0) -> Bool {
        switch self {
        case .double(let number): number.isFinite
        case .list(let items):
            depth < Limits.valueDepthMax && items.allSatisfy { $0.isStorable(depth: depth + 1) }
        default: true
        }
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .bool: 1
        case .int: 2
        case .double: 3
        case .string: 4
        case .bytes: 5
        case .list: 6
        }
    }
}

extension Double {
    /// A strict total order of all doubles: zeros of either sign and all that is not a number included.
    fileprivate func precedesInOrder(_ other: Double) -> Bool {
        isTotallyOrdered(belowOrEqualTo: other) && bitPattern != other.bitPattern
    }
}
