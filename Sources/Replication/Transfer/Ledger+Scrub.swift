package import Kernel

// Bytes that the disk changed, and how they become whole.
extension Ledger {
    /// Reads ops for a peer like `read`, but only up to the first whose bytes are not what its origin wrote.
    ///
    /// The second part names that op: it is to be mended (`TransferEvent.damaged`). Bytes that the disk changed must
    /// not spread: the peer would take them for another history and halt the origin.
    package static func readSound(
        _ request: OpsRequest,
        from storage: some LedgerStorage
    ) throws -> (batch: OpsBatch, damaged: Dot?) {
        var batch = try read(request, from: storage)
        guard !batch.bodies.isEmpty else { return (batch, nil) }
        var link = batch.first == 1 ? OpChain.start(batch.origin) : batch.previous
        var links: [[UInt8]] = []
        for body in batch.bodies {
            link = OpChain.link(after: link, body: body)
            links.append(link)
        }
        // One look at the end tells about all before it.
        if try storage.op(Dot(origin: batch.origin, sequence: batch.last))?.chain == link { return (batch, nil) }
        for (index, link) in links.enumerated() {
            let dot = Dot(origin: batch.origin, sequence: batch.first + UInt64(index))
            guard try storage.op(dot)?.chain != link else { continue }
            batch.bodies = Array(batch.bodies.prefix(index))
            return (batch, dot)
        }
        return (batch, nil)
    }

    /// The chain hash that stands before an op in the storage; nil when the op before it is not there.
    private func linkBefore(_ dot: Dot, bases: [OriginHead], in storage: some LedgerStorage) throws -> [UInt8]? {
        guard dot.sequence > 1 else { return OpChain.start(dot.origin) }
        let before = Dot(origin: dot.origin, sequence: dot.sequence - 1)
        if let base = bases.first(where: { $0.dot == before }) { return base.chain }
        return try storage.op(before)?.chain
    }

    /// Recomputes the chain over stored bodies, some ops at a time, origin by origin.
    func scrubLog(after: Dot?, limit: Int, in storage: some LedgerStorage) throws -> TransferResult {
        let bases = try storage.bases()
        var damaged: [Dot] = []
        var looked = 0
        for head in vector.heads {
            if let after, head.origin < after.origin { continue }
            let base = bases.first { $0.dot.origin == head.origin }?.dot.sequence ?? 0
            var sequence = max(base, after?.origin == head.origin ? after?.sequence ?? 0 : 0) + 1
            guard sequence <= head.sequence else { continue }
            var links = [try linkBefore(Dot(origin: head.origin, sequence: sequence), bases: bases, in: storage)]
            while sequence <= head.sequence {
                let dot = Dot(origin: head.origin, sequence: sequence)
                guard looked < limit else {
                    let last = Dot(origin: head.origin, sequence: sequence - 1)
                    return .scrubbedLog(damaged: damaged, next: last, looked: looked)
                }
                looked += 1
                sequence += 1
                guard let op = try storage.op(dot) else {
                    damaged.append(dot)
                    links = []
                    continue
                }
                let computed = links.compactMap { $0 }.map { OpChain.link(after: $0, body: op.body) }
                // After a gap nothing tells whether an op is what it was; the op after it does.
                let isWhole = computed.isEmpty || computed.contains(op.chain)
                if !isWhole { damaged.append(dot) }
                // Whether body or stored hash was hit: one of the two links is right.
                links = isWhole ? [op.chain] : [op.chain] + computed
            }
        }
        return .scrubbedLog(damaged: damaged, next: nil, looked: looked)
    }

    /// The ops among those asked for that are whole.
    func readSoundOps(_ dots: [Dot], from storage: some LedgerStorage) throws -> [OpCopy] {
        let bases = try storage.bases()
        var copies: [OpCopy] = []
        var bytes = 0
        for dot in dots.prefix(Limits.mendOpsMax) {
            guard let op = try storage.op(dot), let before = try linkBefore(dot, bases: bases, in: storage),
                OpChain.link(after: before, body: op.body) == op.chain
            else { continue }
            bytes += op.body.count
            guard copies.isEmpty || bytes <= Limits.repairBytesMax else { break }
            copies.append(OpCopy(dot: dot, body: op.body))
        }
        return copies
    }

    /// Writes ops over damaged ones where the chain here proves them; returns which.
    mutating func mendOps(_ copies: [OpCopy], in storage: inout some LedgerStorage) throws -> [Dot] {
        let bases = try storage.bases()
        var mended: [Dot] = []
        for copy in copies.sorted(by: { $0.dot < $1.dot }) where vector.contains(copy.dot) {
            guard let before = try linkBefore(copy.dot, bases: bases, in: storage),
                let op = try? OpCodec.decode(copy.body, dot: copy.dot)
            else { continue }
            let link = OpChain.link(after: before, body: copy.body)
            guard try isProven(copy, link: link, bases: bases, in: storage) else { continue }
            try storage.mend(StoredOp(dot: copy.dot, stamp: op.stamp, body: copy.body, chain: link))
            if vector[copy.dot.origin] == copy.dot.sequence { chains[copy.dot.origin] = link }
            mended.append(copy.dot)
        }
        return mended
    }

    /// True when a body is the one that was here: the stored hash says so, or the op after it; or, when only the stored
    /// hash was hit, the stored body after an op that is whole.
    private func isProven(
        _ copy: OpCopy,
        link: [UInt8],
        bases: [OriginHead],
        in storage: some LedgerStorage
    ) throws -> Bool {
        let stored = try storage.op(copy.dot)
        if stored?.chain == link { return true }
        let next = try storage.op(Dot(origin: copy.dot.origin, sequence: copy.dot.sequence + 1))
        if let next, OpChain.link(after: link, body: next.body) == next.chain { return true }
        if vector[copy.dot.origin] == copy.dot.sequence, chains[copy.dot.origin] == link { return true }
        guard stored?.body == copy.body else { return false }
        let before = Dot(origin: copy.dot.origin, sequence: copy.dot.sequence - 1)
        guard before.sequence > 0, !bases.contains(where: { $0.dot == before }) else { return true }
        guard let op = try storage.op(before), let front = try linkBefore(before, bases: bases, in: storage) else {
            return false
        }
        return OpChain.link(after: front, body: op.body) == op.chain
    }
}
