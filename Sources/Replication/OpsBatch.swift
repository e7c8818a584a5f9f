package import Kernel

/// Some consecutive ops of one origin, as they travel and as they are applied.
package struct OpsBatch: Hashable, Sendable {
    /// Whose ops.
    package var origin: Origin
    /// The sequence number of the first body.
    package var first: UInt64
    /// The chain hash of the op before the first; empty before op 1.
    package var previous: [UInt8]
    /// The ops' bodies as their origin encoded them; none when the sender has nothing from `first` on.
    package var bodies: [[UInt8]]
    /// True when it answers a `want`; false for the live tail.
    package var isCatchUp: Bool

    /// Makes a batch.
    package init(origin: Origin, first: UInt64, previous: [UInt8], bodies: [[UInt8]], isCatchUp: Bool) {
        self.origin = origin
        self.first = first
        self.previous = previous
        self.bodies = bodies
        self.isCatchUp = isCatchUp
    }

    /// The sequence number of the last body; `first - 1` when there is none.
    package var last: UInt64 { first &+ UInt64(bodies.count) &- 1 }

    /// Bytes of all bodies together.
    package var bytes: Int { bodies.reduce(0) { $0 + $1.count } }
}

/// A wish for ops of one origin.
package struct OpsRequest: Hashable, Sendable {
    /// Whose ops.
    package var origin: Origin
    /// The first sequence number wanted.
    package var from: UInt64
    /// How many bytes of bodies at most; the server has its own bound too.
    package var maxBytes: Int

    /// Makes a request.
    package init(origin: Origin, from: UInt64, maxBytes: Int = Limits.opsBatchBytesMax) {
        self.origin = origin
        self.from = from
        self.maxBytes = maxBytes
    }
}
