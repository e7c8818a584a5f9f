import Kernel
import Replication
import Store

/// One call of a method that changes a ledger's storage.
enum StorageCall {
    case save(Document)
    case remove(DocumentID)
    case append(StoredOp)
    case setBase(OriginHead)
    case mend(StoredOp)
    case holdBack(StoredOp)
    case dropHeldBack(Origin, UInt64)
    case setCounter(String, Int64)
    case setBlob(String, [UInt8])
    case saveConflict(Conflict)
    case removeConflict(ConflictID)
    case savePeerVector(VersionVector, SiteID)

    func run(on storage: inout some LedgerStorage) throws {
        switch self {
        case .save(let document): try storage.save(document)
        case .remove(let id): try storage.remove(id)
        case .append(let op): try storage.append(op)
        case .setBase(let base): try storage.setBase(base)
        case .mend(let op): try storage.mend(op)
        case .holdBack(let op): try storage.holdBack(op)
        case .dropHeldBack(let origin, let sequence): try storage.dropHeldBack(of: origin, through: sequence)
        case .setCounter(let name, let value): try storage.setCounter(name, to: value)
        case .setBlob(let name, let bytes): try storage.setBlob(name, to: bytes)
        case .saveConflict(let conflict): try storage.save(conflict)
        case .removeConflict(let id): try storage.removeConflict(id)
        case .savePeerVector(let vector, let site): try storage.savePeerVector(vector, of: site)
        }
    }
}

/// Random calls that keep to what the ledger promises: ops without gaps, held-back ops each once.
struct RandomStorageCalls {
    private var random: SeededRandom
    private var records: RandomRecords
    private let origins = ["north", "east"].flatMap { name in
        [1, 70_000].map { Origin(site: Fixtures.site(name), epoch: $0) }
    }
    private var newest: [Origin: UInt64] = [:]
    private var newestHeld: [Origin: UInt64] = [:]
    private var conflicts: [Conflict] = []

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        records = RandomRecords(seed: seed &+ 77)
    }

    /// Takes back what calls of an undone transaction made, but not the random numbers.
    mutating func forget(to before: RandomStorageCalls) {
        newest = before.newest
        newestHeld = before.newestHeld
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func chance(_ hits: Int, in count: Int) -> Bool { number(1...count) <= hits }

    mutating func next() -> StorageCall {
        let origin = origins[number(0...origins.count - 1)]
        let head = newest[origin] ?? 0
        switch number(0...17) {
        case 0...4: return .save(records.document(number(0...24)))
        case 5: return .remove(records.document(number(0...24)).id)
        case 6...9:
            newest[origin] = head + 1
            return .append(op(origin, head + 1))
        case 10:
            let base = UInt64(number(1...Int(head) + 3))
            newest[origin] = max(head, base)
            return .setBase(OriginHead(dot: Dot(origin: origin, sequence: base), chain: bytes(16)))
        case 11: return .mend(op(origin, UInt64(number(1...Int(head) + 1))))
        case 12:
            let held = max(newestHeld[origin] ?? 0, head) + 1
            newestHeld[origin] = held
            return .holdBack(op(origin, held))
        case 13: return .dropHeldBack(origin, UInt64(number(1...Int(newestHeld[origin] ?? 0) + 1)))
        case 14: return .setCounter("counter \(number(0...3))", Int64(number(-5...5)))
        case 15: return .setBlob("blob \(number(0...2))", bytes(number(0...40)))
        case 16:
            if chance(1, in: 2), let one = conflicts.randomElement(using: &random) { return .removeConflict(one.id) }
            let conflict = conflict(origin)
            conflicts.append(conflict)
            return .saveConflict(conflict)
        default:
            let dots = origins.map { Dot(origin: $0, sequence: UInt64(number(1...99))) }
            return .savePeerVector(VersionVector(dots.prefix(number(1...4))), origin.site)
        }
    }

    /// What reads answer differently.
    mutating func differences(
        _ memory: InMemoryLedgerStorage,
        _ disk: SQLiteLedgerStorage,
        withDigest: Bool = true
    ) throws -> [String] {
        var memory = memory
        var result: [String] = []
        func compare<T: Equatable>(_ name: String, _ left: T, _ right: T) {
            if left != right { result.append("\(name): \(left) in memory, \(right) on disk") }
        }
        let place = chance(1, in: 3) ? nil : records.document(number(0...24)).id
        let limit = number(0...9)
        compare(
            "documents",
            memory.documents(after: place, limit: limit),
            try disk.documents(after: place, limit: limit)
        )
        compare("all documents", memory.documents(after: nil, limit: 999), try disk.documents(after: nil, limit: 999))
        compare(
            "deleted documents",
            memory.deletedDocuments(after: place, limit: limit),
            try disk.deletedDocuments(after: place, limit: limit)
        )
        for id in memory.documents.keys.sorted() {
            compare("document", memory.document(id), try disk.document(id))
        }
        if withDigest { compare("digest", memory.digest(), try disk.digest()) }
        let buckets = Set(memory.documents.keys.sorted().prefix(limit).map(StateDigest.bucket))
        compare("hashes", memory.hashes(inBuckets: buckets), try disk.hashes(inBuckets: buckets))
        compare("damage", try disk.damagedDocuments(after: nil, limit: 999).damaged, [])
        compare("heads", memory.heads(), try disk.heads())
        compare("bases", memory.bases(), try disk.bases())
        compare("held back", memory.heldBack(), try disk.heldBack())
        for origin in origins {
            let sequence = UInt64(number(0...Int(newest[origin] ?? 0) + 2))
            let dot = Dot(origin: origin, sequence: sequence)
            compare("op \(dot)", memory.op(dot), try disk.op(dot))
            compare(
                "bodies from \(dot)",
                memory.bodies(of: origin, from: sequence, maxBytes: limit * 20, maxCount: limit),
                try disk.bodies(of: origin, from: sequence, maxBytes: limit * 20, maxCount: limit)
            )
        }
        for index in 0...3 {
            compare("counter", memory.counter("counter \(index)"), try disk.counter("counter \(index)"))
            compare("blob", memory.blob("blob \(index)"), try disk.blob("blob \(index)"))
        }
        compare("conflicts", memory.conflicts(after: nil, limit: 99), try disk.conflicts(after: nil, limit: 99))
        compare("peers", memory.peerVectors(), try disk.peerVectors())
        return result
    }

    private mutating func op(_ origin: Origin, _ sequence: UInt64) -> StoredOp {
        StoredOp(
            dot: Dot(origin: origin, sequence: sequence),
            stamp: HybridTimestamp(bits: UInt64(number(1...1_000_000))),
            body: bytes(number(1...30)),
            chain: bytes(16)
        )
    }

    private mutating func conflict(_ origin: Origin) -> Conflict {
        let dot = Dot(origin: origin, sequence: UInt64(number(1...99)))
        let write = RegisterWrite(
            value: .int(Int64(number(0...9))),
            dot: dot,
            stamp: HybridTimestamp(bits: UInt64(number(1...9_999))),
            actor: Fixtures.anna
        )
        let id = ConflictID(document: records.document(number(0...24)).id, field: FieldID(3), dot: dot)
        return Conflict(id: id, lost: write, won: write)
    }

    private mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(number(0...255)) }
    }
}
