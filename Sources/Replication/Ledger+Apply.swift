package import Kernel

extension Ledger {
    /// Applies ops of a peer, as far as their causes are here; the rest waits within bounds.
    ///
    /// Ops that are here already change nothing. Throws only what the storage throws.
    package mutating func apply(
        _ batch: OpsBatch,
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> ApplyOutcome {
        var work = ApplyWork(numbersSeen: numbersSeen)
        if !halted.contains(batch.origin) {
            if batch.origin == origin, batch.last > vector[origin], !batch.bodies.isEmpty {
                work.alarms.append(.ownOriginAhead(Dot(origin: origin, sequence: batch.last)))
            } else if try isSameHistory(batch, in: storage) {
                try take(batch, at: wall, work: &work, in: &storage)
                try applyWaiting(at: wall, work: &work, in: &storage)
            } else if let damaged = try damagedLink(of: batch, in: storage) {
                work.alarms.append(.damaged(damaged))
            } else {
                try halt(Dot(origin: batch.origin, sequence: batch.first), work: &work, in: &storage)
            }
        }
        return try finish(work, origin: batch.origin, in: &storage)
    }

    /// Applies the held-back ops whose time has come, and what waited for them.
    package mutating func releaseHeldBack(
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> ApplyOutcome {
        var work = ApplyWork(numbersSeen: numbersSeen)
        try applyWaiting(at: wall, work: &work, in: &storage)
        return try finish(work, origin: origin, in: &storage)
    }

    private mutating func finish(
        _ work: ApplyWork,
        origin: Origin,
        in storage: inout some LedgerStorage
    ) throws -> ApplyOutcome {
        let changed = try work.cache.save(in: &storage)
        try saveClock(in: &storage)
        if numbersSeen > work.numbersSeen { try storage.setCounter(LedgerCounter.numbersSeen, to: numbersSeen) }
        let stored = stored
        var held = stored.beyond(vector)
        held.merge(waiting.contiguous(after: stored))
        return ApplyOutcome(
            origin: origin,
            applied: work.applied,
            changed: changed,
            vector: vector,
            held: held,
            missing: missing(),
            alarms: work.alarms,
            stored: stored,
            releaseAt: releaseAt
        )
    }

    /// False when the batch contradicts what is here of its origin: some op in it or before it is another one.
    private func isSameHistory(_ batch: OpsBatch, in storage: some LedgerStorage) throws -> Bool {
        let head = future[batch.origin]?.last?.op.dot.sequence ?? vector[batch.origin]
        // Where the batch and the log here both have a link: the nearest such place shows any difference.
        guard !batch.bodies.isEmpty, batch.first <= head + 1 else { return true }
        let place = min(batch.last, head)
        var link = batch.startLink
        for body in batch.bodies.prefix(Int(place + 1 - batch.first)) { link = OpChain.link(after: link, body: body) }
        if place == head { return link == newestLink(of: batch.origin) }
        let held = future[batch.origin]?.first { $0.op.dot.sequence == place }?.stored
        guard let stored = try held ?? storage.op(Dot(origin: batch.origin, sequence: place)) else { return true }
        return link == stored.chain
    }

    /// The op here that contradicts its own chain hash, among those that a batch was held against.
    private func damagedLink(of batch: OpsBatch, in storage: some LedgerStorage) throws -> Dot? {
        let place = min(batch.last, vector[batch.origin])
        let dot = Dot(origin: batch.origin, sequence: place)
        guard place > 0, let op = try storage.op(dot) else { return nil }
        let before = Dot(origin: batch.origin, sequence: place - 1)
        let base = try storage.bases().first { $0.dot == before }?.chain
        let link = try place == 1 ? OpChain.start(batch.origin) : base ?? storage.op(before)?.chain
        guard let link else { return nil }
        return OpChain.link(after: link, body: op.body) == op.chain ? nil : dot
    }

    /// Applies what can be applied at once and keeps the rest waiting.
    private mutating func take(
        _ batch: OpsBatch,
        at wall: WallTime,
        work: inout ApplyWork,
        in storage: inout some LedgerStorage
    ) throws {
        var link = batch.startLink
        for (index, body) in batch.bodies.enumerated() {
            let dot = Dot(origin: batch.origin, sequence: batch.first + UInt64(index))
            let previous = link
            link = OpChain.link(after: link, body: body)
            guard !vector.contains(dot), !isHeldBack(dot) else { continue }
            let op: Op
            do throws(FrameError) {
                op = try OpCodec.decode(body, dot: dot)
            } catch {
                work.alarms.append(.malformed(dot, reason: "\(error)"))
                return
            }
            if isReady(op), future[op.dot.origin] == nil, !isTooEarly(op, at: wall) {
                try apply(op, body: body, link: link, at: wall, work: &work, in: &storage)
            } else if isFuture(op, at: wall) {
                reportAhead(op, at: wall, work: &work)
                guard try holdBack(op, body: body, link: link, in: &storage) else { return }
            } else if !waiting.hold(HeldOps.Entry(op: op, body: body, previous: previous, link: link)) {
                // No room: what comes after cannot be applied either and will be asked for again.
                return
            }
        }
    }

    /// Applies waiting ops as long as one of them has become ready.
    private mutating func applyWaiting(
        at wall: WallTime,
        work: inout ApplyWork,
        in storage: inout some LedgerStorage
    ) throws {
        waiting.removeCovered(by: stored)
        var progress = true
        while progress {
            progress = try applyFuture(at: wall, work: &work, in: &storage)
            for origin in waiting.origins {
                while let entry = nextWaiting(of: origin) {
                    waiting.remove(entry.op.dot)
                    guard entry.previous == newestLink(of: origin) else {
                        try halt(entry.op.dot, work: &work, in: &storage)
                        break
                    }
                    if isFuture(entry.op, at: wall) {
                        reportAhead(entry.op, at: wall, work: &work)
                        _ = try holdBack(entry.op, body: entry.body, link: entry.link, in: &storage)
                        continue
                    }
                    try apply(entry.op, body: entry.body, link: entry.link, at: wall, work: &work, in: &storage)
                    progress = true
                }
            }
        }
    }

    private func isReady(_ op: Op) -> Bool {
        op.dot.sequence == vector[op.dot.origin] + 1 && vector.covers(op.needs)
    }

    /// True when an op has to wait for the time of its stamp, or for one of its origin that does.
    private func isFuture(_ op: Op, at wall: WallTime) -> Bool {
        if let last = future[op.dot.origin]?.last { return op.dot.sequence <= last.op.dot.sequence + 1 }
        return isReady(op) && isTooEarly(op, at: wall)
    }

    /// The waiting op that comes next of an origin, if it can be applied or held back now.
    private func nextWaiting(of origin: Origin) -> HeldOps.Entry? {
        let last = future[origin]?.last?.op.dot.sequence
        guard let entry = waiting.entry(Dot(origin: origin, sequence: (last ?? vector[origin]) + 1)) else { return nil }
        return last != nil || isReady(entry.op) ? entry : nil
    }

    /// The chain hash of the newest op that is here, held-back ones included.
    private func newestLink(of origin: Origin) -> [UInt8] {
        future[origin]?.last?.stored.chain ?? chain(of: origin)
    }

    /// Applies held-back ops whose time has come; true when there was one.
    private mutating func applyFuture(
        at wall: WallTime,
        work: inout ApplyWork,
        in storage: inout some LedgerStorage
    ) throws -> Bool {
        var progress = false
        for origin in future.keys.sorted() {
            var through: UInt64 = 0
            for entry in future[origin] ?? [] {
                guard isReady(entry.op), !isTooEarly(entry.op, at: wall) else { break }
                let stored = entry.stored
                try apply(entry.op, body: stored.body, link: stored.chain, at: wall, work: &work, in: &storage)
                through = entry.op.dot.sequence
            }
            guard through > 0 else { continue }
            try storage.dropHeldBack(of: origin, through: through)
            let rest = (future[origin] ?? []).drop { $0.op.dot.sequence <= through }
            future[origin] = rest.isEmpty ? nil : Array(rest)
            progress = true
        }
        return progress
    }

    private func isHeldBack(_ dot: Dot) -> Bool {
        future[dot.origin]?.last.map { dot.sequence <= $0.op.dot.sequence } ?? false
    }

    private func reportAhead(_ op: Op, at wall: WallTime, work: inout ApplyWork) {
        guard !work.hasStampAlarm else { return }
        work.hasStampAlarm = true
        work.alarms.append(.stampAhead(op.dot, by: op.stamp.wall - wall))
    }

    private mutating func apply(
        _ op: Op,
        body: [UInt8],
        link: [UInt8],
        at wall: WallTime,
        work: inout ApplyWork,
        in storage: inout some LedgerStorage
    ) throws {
        _ = clock.receive(op.stamp, at: wall)
        for change in op.changes {
            if op.dot.origin.site == origin.site { noteNumbers(in: change) }
            var document = try work.cache.document(change.document, in: storage) ?? absent(change.document, for: op)
            document.apply(change, of: op, schema: schema)
            work.cache.put(document)
        }
        try append(op, body: body, link: link, to: &storage)
        work.applied += 1
    }

    /// What an op finds where no document is: an empty one; or, when the document was born before, the tombstone of one
    /// that every site had deleted and forgotten.
    private func absent(_ id: DocumentID, for op: Op) -> Document {
        guard schema.hasBornKeys(id.type), let birth = id.birth, birth != op.dot, vector.contains(birth) else {
            return Document(id: id)
        }
        return Document.forgotten(id, birth: birth)
    }

    /// Stops an origin of which two histories exist, for good: somebody has to look.
    private mutating func halt(_ dot: Dot, work: inout ApplyWork, in storage: inout some LedgerStorage) throws {
        halted.insert(dot.origin)
        waiting.removeAll(of: dot.origin)
        try storage.setCounter(LedgerCounter.halted(dot.origin), to: 1)
        work.alarms.append(.fork(dot))
    }

    /// What to ask for so that waiting ops can be applied.
    private func missing() -> [OpsRequest] {
        let stored = stored
        let here = waiting.contiguous(after: stored)
        var wanted = VersionVector()
        for dot in waiting.dots {
            guard let entry = waiting.entry(dot) else { continue }
            wanted.include(dot)
            wanted.merge(entry.op.needs)
        }
        return wanted.heads.compactMap { head in
            let have = max(stored[head.origin], here[head.origin])
            guard head.sequence > have, !halted.contains(head.origin), head.origin != origin else { return nil }
            return OpsRequest(origin: head.origin, from: have + 1)
        }
    }
}

/// What one transaction of applying gathers.
private struct ApplyWork {
    var cache = DocumentCache()
    var applied = 0
    var alarms: [LedgerAlarm] = []
    /// What was known of numbers before.
    let numbersSeen: Int64
    /// One alarm about a fast clock says enough for a whole batch.
    var hasStampAlarm = false
}

extension OpsBatch {
    /// The chain hash before the first body.
    fileprivate var startLink: [UInt8] {
        first == 1 ? OpChain.start(origin) : previous
    }
}
