import Kernel

/// An op on disk whose stamp lies too far in the future to be applied.
struct FutureOp: Hashable, Sendable {
    let op: Op
    let stored: StoredOp
}

extension Ledger {
    /// True when an op may not be applied yet because its stamp lies further ahead than clocks may differ.
    func isTooEarly(_ op: Op, at wall: WallTime) -> Bool {
        op.stamp.wall - wall > Limits.clockAheadMax
    }

    /// Keeps an op on disk that may not be applied yet, or that follows such a one; false when there is no room.
    ///
    /// The op is not lost if its origin's disk is: it only waits. Its stamp does not move the clock here.
    mutating func holdBack(_ op: Op, body: [UInt8], link: [UInt8], in storage: inout some LedgerStorage) throws -> Bool
    {
        let held = future[op.dot.origin] ?? []
        let last = held.last?.op.dot.sequence ?? vector[op.dot.origin]
        if op.dot.sequence <= last { return true }
        guard op.dot.sequence == last + 1, held.count < Limits.heldBackOpsMax else { return false }
        let stored = StoredOp(dot: op.dot, stamp: op.stamp, body: body, chain: link)
        try storage.holdBack(stored)
        future[op.dot.origin, default: []].append(FutureOp(op: op, stored: stored))
        return true
    }

    /// When the next held-back op may be applied; nil when none is held back.
    var releaseAt: WallTime? {
        future.values.compactMap(\.first).map {
            $0.op.stamp.wall + Span(milliseconds: -Limits.clockAheadMax.milliseconds)
        }
        .min()
    }
}
