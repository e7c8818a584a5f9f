import ContactCenter
import Kernel
import Replication
import Store

/// What merging costs without a disk, and how many bytes an op takes on its way.
enum ReplicationFigures {
    /// Edits of one field of random customers, merged one a call and as a site that comes back merges them.
    static func measure(quick: Bool) throws -> [Figure] {
        var north = try MemorySite("north")
        var east = try MemorySite("east")
        var customers: [DocumentID] = []
        for first in stride(from: 0, to: quick ? 200 : 10_000, by: 200) {
            let result = try north.commit(try (first..<first + 200).map { try LedgerPair.creation($0) })
            for case .committed(let commit) in result.outcomes { customers += commit.created }
            if let batch = result.batch { try east.apply(batch) }
        }
        let chain = Chain(origin: north.ledger.origin, after: north.ledger.vector[north.ledger.origin], in: north)
        var random = SeededRandom(seed: 3)
        var batches: [OpsBatch] = []
        for _ in 0..<(quick ? 1 : 100) {
            let requests = (0..<1_000).map { _ in edit(of: customers, &random) }
            if let batch = try north.commit(requests).batch { batches.append(batch) }
        }
        let bodies = batches.flatMap(\.bodies)
        return try merging(chain, bodies, north: north, east: east, runs: quick ? 1 : 5) + wire(chain, batches)
    }

    private static func merging(
        _ chain: Chain,
        _ bodies: [[UInt8]],
        north: MemorySite,
        east: MemorySite,
        runs: Int
    ) throws -> [Figure] {
        let singles = chain.singles(bodies)
        let hashing = Measurement(runs: runs, pieces: bodies.count) { _ = chain.link(over: bodies) }
        let merge = try Measurement(runs: runs, pieces: bodies.count) {
            var site = east
            for batch in singles { try site.apply(batch) }
        }
        let catchUp = try Measurement(runs: runs, pieces: bodies.count) {
            var site = east
            var request = OpsRequest(origin: chain.origin, from: chain.sequence + 1)
            while true {
                let batch = try Ledger.read(request, from: north.storage)
                if batch.bodies.isEmpty { break }
                try site.apply(batch)
                request.from = batch.last + 1
            }
        }
        return [("merged in memory, 1 op a call", merge), ("caught up in memory, 256 KiB a call", catchUp)].map {
            Figure(
                name: $0,
                value: "\(short(1e9 / $1.median)) a second",
                against: "their chain hashes alone \(short(1e9 / hashing.median))",
                ratio: short(hashing.median / $1.median)
            )
        }
    }

    /// Bytes of whole frames with their envelopes, without what TLS adds to each record (22 bytes) and TCP to each
    /// packet.
    private static func wire(_ chain: Chain, _ batches: [OpsBatch]) -> [Figure] {
        let singles = chain.singles(batches.first?.bodies ?? [])
        return [("bytes an op, live, 1 op a frame", singles, 35.0), ("bytes an op, 1,000 ops a frame", batches, 20.0)]
            .map { name, frames, wanted in
                let bytes = frames.reduce(0) { $0 + FrameEnvelope(.ops($1)).encoded().count }
                let ops = frames.reduce(0) { $0 + $1.bodies.count }
                let each = Double(bytes) / Double(max(ops, 1))
                let bodies = Double(frames.reduce(0) { $0 + $1.bytes }) / Double(max(ops, 1))
                return Figure(
                    name: name,
                    value: "\(short(each)), of them body \(short(bodies))",
                    against: "\(short(wanted)) wanted",
                    ratio: short(each / wanted)
                )
            }
    }

    private static func edit(of customers: [DocumentID], _ random: inout SeededRandom) -> EditRequest {
        let id = customers.randomElement(using: &random) ?? DocumentID(type: Schema.customer, key: "none")
        let score = Int64.random(in: 0...100, using: &random)
        return EditRequest(
            actor: Actor("anna"),
            edits: [DocumentEdit(.id(id, mustExist: true), [.set(CustomerField.score, .int(score), seen: nil)])]
        )
    }
}

/// A site's ledger without a disk; its epoch is as long as those of real sites, since keys contain it.
private struct MemorySite {
    var ledger: Ledger
    var storage = InMemoryLedgerStorage()

    init(_ name: String) throws {
        guard let site = SiteID(name) else { throw FrameError.malformed("site") }
        ledger = try Ledger(site: site, schema: Schema.documents, firstEpoch: 28_166_400, storage: &storage)
    }

    mutating func commit(_ requests: [EditRequest]) throws -> CommitResult {
        try ledger.commit(requests, at: StoreThread.now, in: &storage)
    }

    mutating func apply(_ batch: OpsBatch) throws {
        _ = try ledger.apply(batch, at: StoreThread.now, in: &storage)
    }
}

/// Where an origin's log stood before the ops that are measured.
private struct Chain {
    let origin: Origin
    let sequence: UInt64
    let link: [UInt8]

    init(origin: Origin, after sequence: UInt64, in site: MemorySite) {
        self.origin = origin
        self.sequence = sequence
        link = site.storage.op(Dot(origin: origin, sequence: sequence))?.chain ?? OpChain.start(origin)
    }

    /// The link after the last of these bodies.
    func link(over bodies: [[UInt8]]) -> [UInt8] {
        bodies.reduce(link) { OpChain.link(after: $0, body: $1) }
    }

    /// One batch for each of the ops that follow.
    func singles(_ bodies: [[UInt8]]) -> [OpsBatch] {
        var previous = link
        return bodies.enumerated().map { index, body in
            defer { previous = OpChain.link(after: previous, body: body) }
            let first = sequence + 1 + UInt64(index)
            return OpsBatch(origin: origin, first: first, previous: previous, bodies: [body], isCatchUp: false)
        }
    }
}
