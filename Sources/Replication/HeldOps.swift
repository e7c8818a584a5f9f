import Kernel

/// Ops received whose causes are still on their way, within bounds of count and bytes.
struct HeldOps: Hashable, Sendable {
    /// An op that waits.
    struct Entry: Hashable, Sendable {
        let op: Op
        let body: [UInt8]
        /// The chain hash of the op before it, as the sender said.
        let previous: [UInt8]
        /// The chain hash with it.
        let link: [UInt8]
    }

    private var entries: [Dot: Entry] = [:]
    private(set) var bytes = 0

    var count: Int { entries.count }

    /// Keeps an op; false when there is no room and it has to be asked for again.
    mutating func hold(_ entry: Entry) -> Bool {
        if entries[entry.op.dot] != nil { return true }
        guard entries.count < Limits.heldOpsMax, bytes + entry.body.count <= Limits.heldOpBytesMax else {
            return false
        }
        entries[entry.op.dot] = entry
        bytes += entry.body.count
        return true
    }

    /// The op of a dot, if it waits.
    func entry(_ dot: Dot) -> Entry? {
        entries[dot]
    }

    /// Takes an op out.
    mutating func remove(_ dot: Dot) {
        if let entry = entries.removeValue(forKey: dot) { bytes -= entry.body.count }
    }

    /// Takes all ops of an origin out.
    mutating func removeAll(of origin: Origin) {
        for dot in dots where dot.origin == origin { remove(dot) }
    }

    /// The waiting ops, sorted.
    var dots: [Dot] { entries.keys.sorted() }

    /// The origins of waiting ops, sorted.
    var origins: [Origin] { Set(entries.keys.map(\.origin)).sorted() }

    /// Takes out what has been applied in the meantime.
    mutating func removeCovered(by vector: VersionVector) {
        for dot in dots where vector.contains(dot) { remove(dot) }
    }

    /// For each origin, how far waiting ops follow what is applied without a gap.
    func contiguous(after vector: VersionVector) -> VersionVector {
        var result = VersionVector()
        for origin in origins {
            var last = vector[origin]
            while entries[Dot(origin: origin, sequence: last + 1)] != nil { last += 1 }
            if last > vector[origin] { result.include(Dot(origin: origin, sequence: last)) }
        }
        return result
    }
}
