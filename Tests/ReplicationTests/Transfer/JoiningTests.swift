import Kernel
import Replication
import TestKit
import Testing

@Suite("Joining by snapshot")
struct JoiningTests {
    private static func replicas(_ names: String...) throws -> [Replica] {
        try names.map { try Replica($0, schema: RandomEdits.schema) }
    }

    /// Sites with a history, all of it everywhere and the log dropped: whoever comes needs a snapshot.
    private static func trimmed(_ names: String..., steps: Int, _ random: inout SeededRandom) throws -> [Replica] {
        var sites = try names.map { try Replica($0, schema: RandomEdits.schema) }
        try RandomEdits.run(&sites, steps: steps, &random)
        try RandomEdits.settle(&sites)
        let stable = sites[0].ledger.vector
        for place in sites.indices { try sites[place].forget(stable: stable) }
        return sites
    }

    @Test("A blank site joins while donors edit, die and forget: all end equal", arguments: Seeds.first(24))
    func blankJoiner(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let donors = try Self.trimmed("east", "north", steps: Int.random(in: 40...200, using: &random), &random)
        var cluster = TransferCluster(donors + (try Self.replicas("west")))
        try cluster.link("east", "north")
        try cluster.link("west", "east")
        let isTwoDonors = Bool.random(using: &random)
        if isTwoDonors { try cluster.link("west", "north") }
        let deathAt = Int.random(in: 0...8, using: &random)
        var isDead = false
        // People write and ops travel between any two steps of the join.
        cluster.drains = false
        for _ in 0..<250 where cluster["west"].joined == 0 {
            if try !cluster.step() || Int.random(in: 0..<8, using: &random) == 0 { try cluster.tick() }
            if Int.random(in: 0..<3, using: &random) == 0 {
                try cluster.edit(Bool.random(using: &random) ? "east" : "north", &random)
            }
            if cluster.chunks >= deathAt, !isDead {
                // The donor dies; another one, which may be behind, goes on.
                isDead = true
                try cluster.cut("west", "east")
                if !isTwoDonors { try cluster.link("west", "north") }
            }
        }
        cluster.drains = true
        if !cluster.links.contains([try #require(SiteID("west")), try #require(SiteID("east"))]) {
            try cluster.link("west", "east")
        }
        try cluster.settle()
        #expect(cluster["west"].joined == 1)
        #expect(cluster.chunks > 2)
        #expect(cluster["west"].alarms.isEmpty)
        let west = cluster["west"].replica
        #expect(west.freshRoot == cluster["east"].replica.freshRoot)
        #expect(west.journal == cluster["east"].replica.journal)
        // It writes under its own name, and everybody gets it.
        try cluster["west"].replica.make(
            DocumentEdit(.new(RandomEdits.born), [.set(Replica.Fields.name, .int(1), seen: nil)])
        )
        try cluster.settle()
    }

    @Test("A joiner that starts again goes on where it was", arguments: Seeds.first(12))
    func restart(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let donors = try Self.trimmed("east", "north", steps: 150, &random)
        var cluster = TransferCluster(donors + (try Self.replicas("west")))
        try cluster.link("west", "east")
        try cluster.link("east", "north")
        let stops = Set((0..<3).map { _ in Int.random(in: 0..<30, using: &random) })
        for count in 0..<60 {
            if try !cluster.step() { try cluster.tick(exchange: false) }
            guard stops.contains(count) else { continue }
            try cluster.cut("west", "east")
            var west = cluster["west"].replica
            try west.restart()
            cluster.jobs.removeAll { $0.0.name == "west" }
            cluster.add(west)
            try cluster.link("west", "east")
        }
        try cluster.settle()
        #expect(cluster["west"].replica.journal == cluster["east"].replica.journal)
    }

    @Test("Away beyond the floor with unsent edits: nothing lost, nothing back", arguments: Seeds.first(30))
    func rejoin(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var sites = try Self.replicas("east", "north", "west")
        try RandomEdits.run(&sites, steps: 90, &random)
        try RandomEdits.settle(&sites)
        // West is cut off and writes; the others go on, delete, suspend west and forget.
        try RandomEdits.run(&sites, steps: 40, silent: [0, 1], &random)
        try RandomEdits.run(&sites, steps: 120, silent: [2], &random)
        var rest = Array(sites[0...1])
        try RandomEdits.settle(&rest)
        var control = rest + [sites[2]]
        try RandomEdits.settle(&control)
        let deleted = Set(rest[0].storage.documents.values.filter(\.isDeleted).map(\.id))
        let stable = rest[0].ledger.vector
        for place in 0...1 {
            try rest[place].forget(stable: stable)
            sites[place] = rest[place]
        }
        let west = sites[2]
        let unsent = west.ledger.vector.beyond(stable)
        var cluster = TransferCluster(sites)
        try cluster.link("east", "north")
        try cluster.tick()
        try cluster.link("west", "east")
        try cluster.link("west", "north")
        try cluster.settle()
        for site in ["east", "north", "west"] {
            let replica = cluster[site].replica
            #expect(replica.ledger.vector.covers(unsent))
            for id in deleted { #expect(replica.storage.document(id)?.isDeleted ?? true, "\(id.key) is back") }
            #expect(replica.journal == cluster["east"].replica.journal)
            // Exactly what replaying all ops makes where nothing was ever forgotten.
            #expect(replica.living == control[0].living)
            for document in control[0].storage.documents.values {
                guard let lost = document.remains, !lost.items.isEmpty else { continue }
                #expect(replica.storage.document(document.id)?.remains?.items == lost.items, "\(document.id.key)")
            }
        }
        try cluster.edit("west", &random)
        try cluster.settle()
    }

    @Test("What the joiner has of others and the donor has not is merged, not lost", arguments: Seeds.first(20))
    func ahead(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var sites = try Self.replicas("east", "north", "south", "west")
        try RandomEdits.run(&sites, steps: 80, &random)
        try RandomEdits.settle(&sites)
        // South writes, and only west gets it; east and north go on by themselves.
        try RandomEdits.run(&sites, steps: 40, silent: [0, 1, 3], &random)
        try sites[3].fetchAll(from: sites[2])
        try RandomEdits.run(&sites, steps: 60, silent: [2, 3], &random)
        var west = sites[3]
        _ = try west.transfer(.beginJoin(restart: false))
        var after: DocumentID?
        repeat {
            guard case .snapshot(let chunk?) = try sites[0].transfer(.readSnapshot(after: after, limit: 3)),
                case .installed(let outcome) = try west.transfer(.install(chunk))
            else { throw Replica.Refused(reason: "no chunk") }
            #expect(outcome.refusal == nil)
            after = chunk.through
            // The donor goes on between two chunks.
            let request = RandomEdits.request(sites[0], &random)
            try sites[0].commit(request, at: 1_000_100)
        } while after != nil
        _ = try west.transfer(.finishJoin)
        try west.fetchAll(from: sites[0])
        guard case .joining(let progress, _) = try west.transfer(.finishJoin) else {
            throw Replica.Refused(reason: "no progress")
        }
        #expect(progress.phase == .done)
        var union = sites[0]
        try union.restart()
        try union.fetchAll(from: sites[2])
        #expect(west.ledger.vector == union.ledger.vector)
        #expect(west.picture() == union.picture())
        #expect(west.journal == union.journal)
    }

    @Test("Edits of a document that was deleted and forgotten meanwhile are lost and found, everywhere")
    func lateEdit() throws {
        var sites = try Self.replicas("east", "north", "west")
        let made = try sites[0].make(
            DocumentEdit(.new(RandomEdits.born), [.set(Replica.Fields.name, .int(1), seen: nil)])
        )
        let id = try #require(made.created.first)
        try RandomEdits.settle(&sites)
        try sites[2].make(DocumentEdit(.id(id, mustExist: true), [.append(Replica.Fields.notes, .string("late"))]))
        try sites[0].make(DocumentEdit(.id(id, mustExist: true), [.delete]))
        var rest = Array(sites[0...1])
        try RandomEdits.settle(&rest)
        for place in 0...1 { try rest[place].forget(stable: rest[0].ledger.vector) }
        #expect(rest[0].storage.document(id) == nil)
        var cluster = TransferCluster(rest + [sites[2]])
        try cluster.link("east", "north")
        try cluster.link("west", "east")
        try cluster.settle()
        #expect(cluster["west"].joined == 1)
        for site in ["east", "north", "west"] {
            let document = try cluster[site].replica.document(id)
            #expect(document.isDeleted)
            #expect(document.remains?.items.map(\.value) == [.string("late")], "\(site)")
        }
    }

    @Test("Nothing is written while joining, and not before all that documents show is in the log")
    func noWritesWhileJoining() throws {
        var random = SeededRandom(seed: 3)
        let donors = try Self.trimmed("east", "north", steps: 80, &random)
        var joiner = try Replica("west", schema: RandomEdits.schema)
        _ = try joiner.transfer(.beginJoin(restart: false))
        #expect(joiner.ledger.isJoining)
        let edit = DocumentEdit(.new(RandomEdits.born), [.set(Replica.Fields.name, .int(1), seen: nil)])
        let refused1 = try joiner.refusal(edit)
        #expect(refused1 == .joining)
        var donor = donors[0]
        guard
            case .snapshot(let first?) = try donor.transfer(.readSnapshot(after: nil, limit: 1_000))
        else { throw Replica.Refused(reason: "no snapshot") }
        // Two donors: the second has an op that the first lacks.
        let half = SnapshotChunk(
            after: nil,
            through: first.items[3].id,
            vector: first.vector,
            heads: first.heads,
            items: Array(first.items.prefix(4))
        )
        _ = try joiner.transfer(.install(half))
        try donor.make(DocumentEdit(.id(first.items[5].id, mustExist: false), [.add(Replica.Fields.visits, 1)]))
        guard
            case .snapshot(let second?) = try donor.transfer(.readSnapshot(after: half.through, limit: 1_000))
        else { throw Replica.Refused(reason: "no snapshot") }
        _ = try joiner.transfer(.install(second))
        guard
            case .joining(let progress, let position) = try joiner.transfer(.finishJoin)
        else { throw Replica.Refused(reason: "no progress") }
        #expect(progress.phase == .tail)
        #expect(position.vector == first.vector)
        #expect(position.floor == first.vector)
        let refused2 = try joiner.refusal(edit)
        #expect(refused2 == .joining)
        try joiner.restart()
        #expect(joiner.ledger.isJoining)
        #expect(joiner.ledger.vector == first.vector)
        try joiner.fetchAll(from: donor)
        guard case .joining(let done, _) = try joiner.transfer(.finishJoin) else {
            throw Replica.Refused(reason: "no progress")
        }
        #expect(done.phase == .done)
        #expect(joiner.living == donor.living)
        try joiner.make(edit)
    }

    @Test("A chunk that was changed on the way, comes out of turn, or lacks what this site wrote is refused")
    func refusals() throws {
        var random = SeededRandom(seed: 5)
        let sites = try Self.trimmed("east", "north", steps: 60, &random)
        var donor = sites[0]
        guard
            case .snapshot(let chunk?) = try donor.transfer(.readSnapshot(after: nil, limit: 1_000))
        else { throw Replica.Refused(reason: "no snapshot") }
        var joiner = try Replica("west", schema: RandomEdits.schema)
        func refusal(_ chunk: SnapshotChunk) throws -> InstallOutcome.Refusal? {
            let before = joiner.storage
            guard
                case .installed(let outcome) = try joiner.transfer(.install(chunk))
            else { return nil }
            if outcome.refusal != nil { #expect(joiner.storage == before) }
            return outcome.refusal
        }
        #expect(try refusal(chunk) == .notJoining)
        try joiner.make(DocumentEdit(.new(RandomEdits.born), [.set(Replica.Fields.name, .int(1), seen: nil)]))
        _ = try joiner.transfer(.beginJoin(restart: false))
        #expect(try refusal(chunk) == .ownOpsMissing)
        let late = SnapshotChunk(
            after: chunk.items[0].id,
            through: nil,
            vector: chunk.vector,
            heads: chunk.heads,
            items: Array(chunk.items.dropFirst())
        )
        #expect(try refusal(late) == .outOfOrder)
        var bytes = TransferCodec.encode(.snapshot(1, chunk))
        bytes[bytes.count - 5] ^= 4
        guard case .snapshot(_, let bent) = try TransferCodec.decode(bytes) else {
            throw Replica.Refused(reason: "no chunk")
        }
        #expect(try refusal(bent) == .damaged)
    }

    @Test("When to join: logs that no longer reach back, or a blank site and a long log")
    func whenToJoin() throws {
        let (east, north, west) = (
            try #require(SiteID("east")), try #require(SiteID("north")), try #require(SiteID("west"))
        )
        let now = Instant.zero
        func vector(_ east: UInt64) throws -> VersionVector {
            VersionVector([Dot(origin: Origin(site: try #require(SiteID("east")), epoch: 1), sequence: east)])
        }
        var transfer = StateTransfer(site: west, vector: try vector(10), isJoining: false)
        _ = transfer.handle(.peerUp(east, vector: try vector(90_000), floor: try vector(11)), at: now)
        #expect(transfer.shouldJoin)
        _ = transfer.handle(.peerUp(north, vector: try vector(50), floor: try vector(10)), at: now)
        #expect(!transfer.shouldJoin)
        _ = transfer.handle(.peerDown(north), at: now)
        #expect(transfer.shouldJoin)
        var blank = StateTransfer(site: west, vector: VersionVector(), isJoining: false)
        _ = blank.handle(.peerUp(east, vector: try vector(50_000), floor: VersionVector()), at: now)
        #expect(!blank.shouldJoin)
        _ = blank.handle(.peerUp(east, vector: try vector(50_001), floor: VersionVector()), at: now)
        #expect(blank.shouldJoin)
        // Not at once: another link may bring what is missing.
        #expect(!blank.isJoining)
        let due = try #require(blank.nextDeadline)
        #expect(blank.handle(.timer, at: due).contains(.joinBegan) == (due >= now + Limits.joinPatience))
    }
}
