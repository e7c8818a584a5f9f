import Kernel
import Replication
import Testing

@Suite("Ledger: ops of others")
struct LedgerApplyTests {
    private typealias Fields = Replica.Fields
    private let one = DocumentID(type: DocumentType(1), key: "one")

    private func add(_ amount: Int64) -> DocumentEdit {
        DocumentEdit(.id(one, mustExist: false), [.add(Fields.visits, amount)])
    }

    private func all(_ origin: Origin, of replica: Replica) throws -> OpsBatch {
        try Ledger.read(OpsRequest(origin: origin, from: 1), from: replica.storage)
    }

    @Test("Ops whose causes are missing wait, are reported with what is missing, and apply once it comes")
    func waiting() throws {
        var north = try Replica("north")
        var east = try Replica("east")
        var south = try Replica("south")
        try north.make(add(1))
        try east.fetchAll(from: north)
        try east.make(add(10))
        let early = try south.apply(all(east.ledger.origin, of: east))
        #expect(early.applied == 0)
        #expect(early.held.text == "east.1.1")
        #expect(early.missing == [OpsRequest(origin: north.ledger.origin, from: 1)])
        let late = try south.apply(all(north.ledger.origin, of: north))
        #expect(late.applied == 2)
        #expect(late.held.isEmpty && late.missing.isEmpty)
        #expect(late.changed.map { $0.count(Fields.visits) } == [11])
    }

    @Test("A gap within an origin is reported, and ops beyond it wait")
    func gap() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        for _ in 0..<3 { try north.make(add(1)) }
        let tail = try Ledger.read(OpsRequest(origin: north.ledger.origin, from: 3), from: north.storage)
        let outcome = try south.apply(tail)
        #expect(outcome.applied == 0)
        #expect(outcome.held.isEmpty)
        #expect(outcome.missing == [OpsRequest(origin: north.ledger.origin, from: 1)])
        #expect(try south.apply(all(north.ledger.origin, of: north)).applied == 3)
    }

    @Test("Ops pass through a third site as the bytes that their origin wrote")
    func relay() throws {
        var north = try Replica("north")
        var east = try Replica("east")
        var south = try Replica("south")
        try north.make(add(1))
        try east.fetchAll(from: north)
        try south.fetchAll(from: east)
        #expect(try all(north.ledger.origin, of: south) == all(north.ledger.origin, of: north))
    }

    @Test("What only a newer node knows survives an older one: unknown fields and kinds of change")
    func newerOps() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        try north.make(add(1))
        var batch = try all(north.ledger.origin, of: north)
        // Field 90 of the op, and a change whose mutation has kind 77: length-delimited fields of protobuf.
        let mutation: [UInt8] = [0x08, 0x01, 0xEA, 0x04, 0x01, 0x00]
        let change: [UInt8] = [0x08, 0x01, 0x12, 0x03] + Array("one".utf8) + [0x1A, UInt8(mutation.count)] + mutation
        batch.bodies[0] += [0xD2, 0x05, 0x02, 0x41, 0x42, 0x22, UInt8(change.count)] + change
        #expect(try south.apply(batch).applied == 1)
        let kept = try Ledger.read(OpsRequest(origin: batch.origin, from: 1), from: south.storage)
        #expect(kept.bodies == batch.bodies)
        #expect(try south.document(one).count(Fields.visits) == 1)
    }

    @Test("Two different ops of one name halt their origin with an alarm, for good; other origins go on")
    func fork() throws {
        var north = try Replica("north")
        var twin = try Replica("north")
        var east = try Replica("east")
        var south = try Replica("south")
        try north.make(add(1))
        try twin.make(add(100))
        try twin.make(add(100))
        try east.make(add(1_000))
        try south.fetchAll(from: north)
        let outcome = try south.apply(Ledger.read(OpsRequest(origin: twin.ledger.origin, from: 2), from: twin.storage))
        #expect(outcome.alarms == [.fork(Dot(origin: north.ledger.origin, sequence: 2))])
        #expect(outcome.applied == 0)
        try south.restart()
        try north.make(add(1))
        #expect(try south.apply(all(north.ledger.origin, of: north)).applied == 0)
        try south.fetchAll(from: east)
        #expect(try south.document(one).count(Fields.visits) == 1_001)
    }

    @Test("A fork shows when an op that is here already comes with other bytes")
    func forkInDuplicates() throws {
        var north = try Replica("north")
        var twin = try Replica("north")
        var south = try Replica("south")
        for _ in 0..<3 { try north.make(add(1)) }
        try twin.make(add(2))
        try south.fetchAll(from: north)
        let outcome = try south.apply(all(twin.ledger.origin, of: twin))
        #expect(outcome.alarms == [.fork(Dot(origin: north.ledger.origin, sequence: 1))])
    }

    @Test("Bytes that mean nothing are reported and change nothing")
    func malformed() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        try north.make(add(1))
        try north.make(add(1))
        var batch = try all(north.ledger.origin, of: north)
        batch.bodies[1] = [0xFF, 0xFF, 0xFF]
        let outcome = try south.apply(batch)
        #expect(outcome.applied == 1)
        #expect(outcome.alarms.count == 1)
        #expect(outcome.vector.text == "north.1.1")
    }

    @Test("Ops under this site's own name that it does not have are an alarm, not ops")
    func ownOrigin() throws {
        var north = try Replica("north")
        var restored = try Replica("north")
        try north.make(add(1))
        let outcome = try restored.apply(all(north.ledger.origin, of: north))
        #expect(outcome.alarms == [.ownOriginAhead(Dot(origin: north.ledger.origin, sequence: 1))])
        #expect(outcome.applied == 0)
    }

    @Test("Waiting ops are bounded: what finds no room is asked for again and still arrives")
    func boundedWaiting() throws {
        var north = try Replica("north")
        var east = try Replica("east")
        var south = try Replica("south")
        try north.make(add(1))
        try east.fetchAll(from: north)
        let note = DocumentEdit(
            .id(DocumentID(type: DocumentType(1), key: "big"), mustExist: false),
            [.set(Fields.name, .string(String(repeating: "x", count: 60_000)), seen: nil)]
        )
        for _ in 0..<90 { try east.make(note) }
        for _ in 0..<2 {
            let from = south.ledger.vector[east.ledger.origin] + 1
            var next = from
            while next <= 90 {
                let batch = try Ledger.read(OpsRequest(origin: east.ledger.origin, from: next), from: east.storage)
                let outcome = try south.apply(batch)
                #expect(outcome.held[east.ledger.origin] < 90)
                next = batch.last + 1
            }
        }
        try south.fetchAll(from: north)
        #expect(south.ledger.vector[east.ledger.origin] > 30)
        for _ in 0..<7 { try south.fetchAll(from: east) }
        #expect(south.picture() == east.picture())
    }

    @Test("A log that the disk changed is told as damage, not as another history")
    func damagedLog() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        try north.make(add(1))
        try north.make(add(2))
        try south.apply(all(north.ledger.origin, of: north))
        let newest = Dot(origin: north.ledger.origin, sequence: 2)
        let stored = try #require(south.storage.op(newest))
        var chain = stored.chain
        chain[0] ^= 1
        south.storage.mend(StoredOp(dot: newest, stamp: stored.stamp, body: stored.body, chain: chain))
        try south.restart()
        try north.make(add(3))
        let outcome = try south.apply(all(north.ledger.origin, of: north))
        #expect(outcome.alarms == [.damaged(newest)])
        #expect(outcome.applied == 0)
        #expect(south.ledger.halted.isEmpty)
    }
}
