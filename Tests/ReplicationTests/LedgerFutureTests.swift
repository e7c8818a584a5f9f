import Kernel
import Replication
import Testing

@Suite("Ops stamped in the future")
struct LedgerFutureTests {
    private typealias Fields = Replica.Fields
    private let one = DocumentID(type: DocumentType(1), key: "one")
    private let late: Int64 = 100_000_000
    private let now: Int64 = 1_000_000

    private func name(_ value: String) -> DocumentEdit {
        DocumentEdit(.id(one, mustExist: false), [.set(Fields.name, .string(value), seen: nil)])
    }

    private func all(_ replica: Replica) throws -> OpsBatch {
        try Ledger.read(OpsRequest(origin: replica.ledger.origin, from: 1), from: replica.storage)
    }

    @Test("Such an op is on disk but not applied, is reported, and does not pull the clock")
    func heldBack() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        try north.make(name("future"), at: late)
        try north.make(name("later"), at: late)
        let outcome = try south.apply(all(north), at: now)
        let dot = Dot(origin: north.ledger.origin, sequence: 1)
        #expect(outcome.alarms == [.stampAhead(dot, by: .seconds(99_000))])
        #expect(outcome.applied == 0)
        #expect(outcome.vector.isEmpty)
        #expect(outcome.stored.text == "north.1.2")
        #expect(outcome.releaseAt == WallTime(milliseconds: late - 5_000))
        #expect(outcome.missing.isEmpty)
        #expect(south.storage.document(one) == nil)
        let commit = try south.make(name("now"), at: now)
        #expect(commit.stamp.wall < WallTime(milliseconds: now + 10_000))
    }

    @Test("It is applied when its time has come, also after a restart")
    func released() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        var east = try Replica("east")
        try north.make(name("future"), at: late)
        try south.apply(all(north), at: now)
        try south.restart()
        #expect(south.ledger.stored.text == "north.1.1")
        var result = try south.ledger.perform(
            .releaseHeldBack,
            at: WallTime(milliseconds: late - 5_001),
            in: &south.storage
        )
        #expect(south.ledger.vector.isEmpty)
        result = try south.ledger.perform(
            .releaseHeldBack,
            at: WallTime(milliseconds: late - 5_000),
            in: &south.storage
        )
        guard case .applied(let outcome) = result else { throw Replica.Refused(reason: "\(result)") }
        #expect(outcome.applied == 1)
        #expect(outcome.releaseAt == nil)
        #expect(south.storage.heldBack().isEmpty)
        #expect(south.picture() == north.picture())
        // The relay of a held-back op is the origin's bytes.
        try east.apply(all(north), at: late)
        #expect(east.picture() == south.picture())
    }

    @Test("What depends on such an op waits with it and is applied after it")
    func dependents() throws {
        var north = try Replica("north")
        var east = try Replica("east")
        var south = try Replica("south")
        try north.make(name("future"), at: late)
        try east.apply(all(north), at: late)
        try east.make(name("reply"), at: late)
        try south.apply(all(north), at: now)
        let outcome = try south.apply(all(east), at: now)
        #expect(outcome.applied == 0)
        _ = try south.ledger.perform(.releaseHeldBack, at: WallTime(milliseconds: late), in: &south.storage)
        #expect(south.picture() == east.picture())
        #expect(try south.document(one).value(Fields.name) == .string("reply"))
    }

    @Test("Two different ops of one name are found among those held back")
    func fork() throws {
        var north = try Replica("north")
        var double = try Replica("north")
        var south = try Replica("south")
        try north.make(name("one"), at: late)
        try double.make(name("other"), at: late)
        try south.apply(all(north), at: now)
        let outcome = try south.apply(all(double), at: now)
        #expect(outcome.alarms == [.fork(Dot(origin: north.ledger.origin, sequence: 1))])
    }
}
