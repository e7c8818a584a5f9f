import Kernel
import Replication
import TestKit
import Testing

@Suite("Scrub")
struct ScrubTests {
    private static func cluster(steps: Int, seed: UInt64) throws -> TransferCluster {
        var random = SeededRandom(seed: seed)
        var sites = try ["east", "north"].map { try Replica($0, schema: RandomEdits.schema) }
        try RandomEdits.run(&sites, steps: steps, &random)
        try RandomEdits.settle(&sites)
        var cluster = TransferCluster(sites)
        try cluster.link("east", "north")
        try cluster.tick()
        return cluster
    }

    private static func damaged(_ replica: Replica, limit: Int = 1_000) throws -> [Dot] {
        var replica = replica
        var found: [Dot] = []
        var cursor: Dot?
        repeat {
            let result = try replica.transfer(.scrubLog(after: cursor, limit: limit))
            guard case .scrubbedLog(let damaged, let next, _) = result else { return found }
            found += damaged
            cursor = next
        } while cursor != nil
        return found
    }

    @Test("Each flipped bit of an op is found, where it is and nowhere else")
    func everyBit() throws {
        let east = try Self.cluster(steps: 20, seed: 1)["east"].replica
        for limit in 1...8 { #expect(try Self.damaged(east, limit: limit).isEmpty) }
        for head in east.ledger.vector.heads {
            for sequence in 1...head.sequence {
                let dot = Dot(origin: head.origin, sequence: sequence)
                let size = try #require(east.storage.op(dot)).body.count
                for bit in stride(from: 0, to: size * 8, by: 7) {
                    var bent = east
                    let isHit = bent.storage.rot(dot, bit: bit)
                    #expect(isHit)
                    #expect(try Self.damaged(bent, limit: 1 + bit % 9) == [dot])
                }
            }
        }
    }

    @Test("Damaged ops are fetched from a peer, proven by the chain, and mended", arguments: Seeds.first(10))
    func mended(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var cluster = try Self.cluster(steps: 80, seed: seed)
        let whole = cluster["east"].replica.storage
        let heads = cluster["east"].replica.ledger.vector.heads
        var hit: Set<Dot> = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let head = try #require(heads.randomElement(using: &random))
            let dot = Dot(origin: head.origin, sequence: UInt64.random(in: 1...head.sequence, using: &random))
            guard hit.insert(dot).inserted else { continue }
            let op = try #require(cluster["east"].replica.storage.op(dot))
            if Int.random(in: 0..<4, using: &random) == 0 {
                // The stored hash instead of the body.
                let chain = op.chain.map { $0 ^ 1 }
                cluster["east"].replica.storage.mend(StoredOp(dot: dot, stamp: op.stamp, body: op.body, chain: chain))
            } else {
                let bit = Int.random(in: 0..<2_000, using: &random)
                let isHit = cluster["east"].replica.storage.rot(dot, bit: bit)
                #expect(isHit)
            }
        }
        let site = try #require(SiteID("east"))
        try cluster.handle(.scrubNow, at: site)
        for _ in 0..<40 { try cluster.tick() }
        #expect(try Self.damaged(cluster["east"].replica).isEmpty)
        for dot in hit { #expect(cluster["east"].replica.storage.op(dot) == whole.op(dot)) }
        #expect(cluster["east"].transfer.status.damagedOps.isEmpty)
        #expect(cluster["east"].transfer.status.scrubRounds >= 1)
        let found = cluster["east"].alarms.flatMap { alarm -> [Dot] in
            if case .damagedOps(let dots) = alarm { dots } else { [] }
        }
        #expect(Set(found).isSuperset(of: hit))
        #expect(cluster["north"].alarms.isEmpty)
    }

    @Test("Damaged bytes do not spread: a reader stops before them and says so")
    func doesNotSpread() throws {
        var cluster = try Self.cluster(steps: 40, seed: 2)
        try cluster.cut("east", "north")
        for _ in 0..<6 {
            try cluster["east"].replica.make(
                DocumentEdit(.new(RandomEdits.born), [.set(Replica.Fields.name, .int(1), seen: nil)])
            )
        }
        let origin = cluster["east"].replica.ledger.origin
        let third = Dot(origin: origin, sequence: cluster["east"].replica.ledger.vector[origin] - 3)
        // Only east has it: nobody can mend it, but nobody is misled either.
        let isHit = cluster["east"].replica.storage.rot(third, bit: 9)
        #expect(isHit)
        try cluster.link("east", "north")
        for _ in 0..<10 { try cluster.tick() }
        #expect(cluster["north"].replica.ledger.vector[origin] == third.sequence - 1)
        #expect(cluster["north"].replica.ledger.halted.isEmpty)
        #expect(cluster["east"].alarms == [.damagedOps([third])])
        let read = try Ledger.readSound(
            OpsRequest(origin: origin, from: third.sequence),
            from: cluster["east"].replica.storage
        )
        #expect(read.batch.bodies.isEmpty)
        #expect(read.damaged == third)
    }

    @Test("Damaged documents are fetched from a peer that has the same ops", arguments: Seeds.first(10))
    func documents(seed: UInt64) throws {
        var cluster = try Self.cluster(steps: 80, seed: seed)
        let id = try #require(cluster["east"].replica.storage.documents.keys.min())
        let whole = try cluster["east"].replica.document(id)
        cluster["east"].replica.storage.rot(Document(id: id))
        var donor = cluster["east"].replica
        guard
            case .snapshot(let none) = try donor.transfer(.readSnapshot(after: nil, limit: 1_000))
        else { throw Replica.Refused(reason: "no answer") }
        #expect(none == nil)
        guard
            case .documents(let told, _) = try donor.transfer(.readDocuments([id]))
        else { throw Replica.Refused(reason: "no answer") }
        #expect(told.isEmpty)
        try cluster.handle(.scrubNow, at: try #require(SiteID("east")))
        for _ in 0..<10 { try cluster.tick() }
        #expect(try cluster["east"].replica.document(id) == whole)
        #expect(cluster["east"].alarms == [.damagedDocuments([id]), .mendedDocuments([id])])
        #expect(cluster["east"].replica.journal == cluster["north"].replica.journal)
    }
}
