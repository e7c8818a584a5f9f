import Kernel
import Replication
import Testing

/// A site's ledger with its storage, for tests: each call is one transaction.
struct Replica {
    static let schema = DocumentSchema([
        DocumentType(1): [
            Fields.name: .init("name", .register),
            Fields.state: .init("state", .register, rule: .yielding([.string("closed")])),
            Fields.tags: .init("tags", .set),
            Fields.visits: .init("visits", .counter),
            Fields.notes: .init("notes", .log),
        ]
    ])

    /// The fields of type 1.
    enum Fields {
        static let name = FieldID(1)
        static let state = FieldID(2)
        static let tags = FieldID(3)
        static let visits = FieldID(4)
        static let notes = FieldID(5)
    }

    var ledger: Ledger
    var storage = InMemoryLedgerStorage()

    init(_ name: String) throws {
        try self.init(name, schema: Replica.schema)
    }

    init(_ name: String, schema: DocumentSchema) throws {
        let site = try #require(SiteID(name))
        ledger = try Ledger(site: site, schema: schema, storage: &storage)
    }

    /// Starts again from what is stored, as after a crash.
    mutating func restart() throws {
        ledger = try Ledger(site: ledger.origin.site, schema: ledger.schema, storage: &storage)
    }

    @discardableResult
    mutating func commit(_ requests: EditRequest..., at wall: Int64 = 1_000_000) throws -> CommitResult {
        try ledger.commit(requests, at: WallTime(milliseconds: wall), in: &storage)
    }

    /// Commits one request and expects it to be accepted.
    @discardableResult
    mutating func make(
        _ edits: DocumentEdit...,
        by actor: String = "ada",
        at wall: Int64 = 1_000_000
    ) throws -> Commit {
        let result = try commit(EditRequest(actor: Actor(actor), edits: edits), at: wall)
        guard case .committed(let commit) = try #require(result.outcomes.first) else {
            throw Refused(reason: "\(result.outcomes)")
        }
        return commit
    }

    /// Commits one request and returns why it was refused.
    mutating func refusal(_ edits: DocumentEdit...) throws -> CommitRejection? {
        let before = storage
        let result = try commit(EditRequest(actor: Actor("ada"), edits: edits))
        guard case .rejected(let reason) = result.outcomes.first else { return nil }
        #expect(storage.documents == before.documents)
        #expect(result.batch == nil)
        return reason
    }

    @discardableResult
    mutating func apply(_ batch: OpsBatch, at wall: Int64 = 1_000_000) throws -> ApplyOutcome {
        try ledger.apply(batch, at: WallTime(milliseconds: wall), in: &storage)
    }

    /// Fetches from another replica what this one lacks of an origin, at most `count` ops.
    mutating func fetch(_ origin: Origin, from other: Replica, count: Int = .max, at wall: Int64 = 1_000_000) throws {
        var batch = try Ledger.read(
            OpsRequest(origin: origin, from: ledger.vector[origin] + 1),
            from: other.storage
        )
        batch.bodies = Array(batch.bodies.prefix(count))
        if !batch.bodies.isEmpty { try apply(batch, at: wall) }
    }

    /// Fetches everything that another replica has.
    mutating func fetchAll(from other: Replica) throws {
        // Causes across origins may need a second round.
        for _ in 0..<4 {
            for head in other.ledger.vector.heads { try fetch(head.origin, from: other) }
        }
    }

    func document(_ id: DocumentID) throws -> Document {
        try #require(storage.document(id))
    }

    /// Everything that must be equal at all sites, as bytes and values.
    func picture() -> [DocumentID: [UInt8]] {
        storage.documents.mapValues(DocumentEncoder.encode)
    }

    var journal: [Conflict] { storage.conflicts(after: nil, limit: .max) }

    struct Refused: Error {
        let reason: String
    }
}
