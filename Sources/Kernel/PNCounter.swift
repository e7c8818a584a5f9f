/// A number to which every site adds on its own: per origin, what it added and what it took away.
///
/// Totals per origin only grow, so two states merge by the larger of each. Arithmetic wraps instead of trapping:
/// a hostile amount must not end the process, and wrapping stays independent of order.
package struct PNCounter: Hashable, Sendable {
    /// What one origin did.
    package struct Share: Hashable, Sendable {
        /// Who.
        package let origin: Origin
        /// The sum of its positive amounts.
        package fileprivate(set) var added: UInt64
        /// The sum of its negative amounts, without sign.
        package fileprivate(set) var taken: UInt64

        /// Makes a stored share.
        package init(origin: Origin, added: UInt64, taken: UInt64) {
            self.origin = origin
            self.added = added
            self.taken = taken
        }
    }

    /// The shares, sorted by origin.
    package private(set) var shares: [Share]

    /// Zero.
    package init() {
        shares = []
    }

    /// Takes stored shares in any order.
    package init(shares: [Share]) {
        self.shares = shares.sorted { $0.origin < $1.origin }
    }

    /// The sum over all origins.
    package var value: Int64 {
        Int64(bitPattern: shares.reduce(0) { $0 &+ $1.added &- $1.taken })
    }

    /// Adds an amount on behalf of an origin.
    package mutating func add(_ amount: Int64, origin: Origin) {
        let place = shares.firstIndex { $0.origin >= origin } ?? shares.count
        if place == shares.count || shares[place].origin != origin {
            shares.insert(Share(origin: origin, added: 0, taken: 0), at: place)
        }
        if amount < 0 {
            shares[place].taken &+= amount.magnitude
        } else {
            shares[place].added &+= amount.magnitude
        }
    }

    /// Merges another state of the same counter.
    package mutating func merge(_ other: PNCounter) {
        for theirs in other.shares {
            if let place = shares.firstIndex(where: { $0.origin == theirs.origin }) {
                shares[place].added = max(shares[place].added, theirs.added)
                shares[place].taken = max(shares[place].taken, theirs.taken)
            } else {
                shares.append(theirs)
            }
        }
        shares.sort { $0.origin < $1.origin }
    }
}
