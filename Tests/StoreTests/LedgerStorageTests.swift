import ContactCenter
import GRDB
import Kernel
import Replication
import Store
import TestKit
import Testing

@Suite("Every method of the ledger's storage, on disk as in memory")
struct LedgerStorageTests {
    @Test("Random calls in transactions that are kept or undone leave both alike", arguments: Seeds.first(12))
    func alike(seed: UInt64) throws {
        let temporary = try TemporaryDatabase()
        try SiteDatabase(temporary.options()).close()
        let queue = try DatabaseQueue(path: temporary.path)
        try queue.inDatabase { db in
            var calls = RandomStorageCalls(seed: seed)
            var memory = InMemoryLedgerStorage()
            var disk = try SQLiteLedgerStorage(db, forWriting: true)
            while try disk.tidy() {}
            for round in 0..<40 {
                let isKept = calls.chance(3, in: 4)
                let before = (memory, calls)
                try db.beginTransaction(.immediate)
                for _ in 0..<calls.number(1...12) {
                    let call = calls.next()
                    try call.run(on: &memory)
                    try call.run(on: &disk)
                    if calls.chance(1, in: 4) {
                        let differences = try calls.differences(memory, disk)
                        #expect(differences.isEmpty, "seed \(seed), round \(round), in the transaction")
                    }
                }
                try disk.flush()
                if isKept {
                    try db.commit()
                    disk.committed()
                } else {
                    try db.rollback()
                    disk.rolledBack()
                    memory = before.0
                    calls.forget(to: before.1)
                }
                while try disk.tidy() {}
                if calls.chance(1, in: 6) {
                    disk = try SQLiteLedgerStorage(db, forWriting: true)
                    let unbuilt = try disk.digest()
                    #expect(unbuilt == nil, "nothing is counted yet")
                    while try disk.tidy() {}
                }
                let differences = try calls.differences(memory, disk)
                #expect(differences.isEmpty, "seed \(seed), round \(round)")
            }
            let reader = try SQLiteLedgerStorage(db, forWriting: false)
            #expect(try calls.differences(memory, reader, withDigest: false).isEmpty, "seed \(seed), a reader")
        }
        try queue.close()
    }

    @Test("The digest is not told before all rows are counted, and changes meanwhile are counted once")
    func digestIsBuiltInSlices() throws {
        let temporary = try TemporaryDatabase()
        try SiteDatabase(temporary.options()).close()
        let queue = try DatabaseQueue(path: temporary.path)
        try queue.inDatabase { db in
            var records = RandomRecords(seed: 5)
            var memory = InMemoryLedgerStorage()
            func save(_ count: Int, from first: Int, to disk: SQLiteLedgerStorage) throws {
                try db.inTransaction(.immediate) {
                    for index in first..<first + count {
                        let document = records.document(index)
                        memory.save(document)
                        try disk.save(document)
                    }
                    try disk.flush()
                    return .commit
                }
                disk.committed()
            }
            try save(Limits.digestRowsPerSlice * 2, from: 0, to: SQLiteLedgerStorage(db, forWriting: true))
            let disk = try SQLiteLedgerStorage(db, forWriting: true)
            #expect(try disk.digest() == nil)
            #expect(try disk.tidy())
            // Below the cursor and beyond it, changed and new.
            try save(20, from: Limits.digestRowsPerSlice - 10, to: disk)
            try save(20, from: Limits.digestRowsPerSlice * 2 - 10, to: disk)
            #expect(try disk.digest() == nil)
            while try disk.tidy() {}
            #expect(try disk.digest() == memory.digest())
        }
        try queue.close()
    }

    @Test("A document whose bytes the disk changed is found, never believed, and mended by writing it")
    func damaged() throws {
        let temporary = try TemporaryDatabase()
        try SiteDatabase(temporary.options()).close()
        let queue = try DatabaseQueue(path: temporary.path)
        try queue.inDatabase { db in
            var records = RandomRecords(seed: 9)
            let documents = (0..<30).map { records.document($0) }
            var disk = try SQLiteLedgerStorage(db, forWriting: true)
            try write(documents, to: disk, db)
            let whole = try disk.digest()
            let bad = documents[10].id
            try db.execute(
                sql: "UPDATE document SET body = CAST(zeroblob(length(body)) AS BLOB) WHERE type = ? AND key = ?",
                arguments: [Int64(bad.type.number), bad.key]
            )
            disk = try SQLiteLedgerStorage(db, forWriting: true)
            while try disk.tidy() {}
            #expect(throws: StoreFailure.self) { try disk.document(bad) }
            var found: [DocumentID] = []
            var place: DocumentID?
            var pages = 0
            repeat {
                let page = try disk.damagedDocuments(after: place, limit: 7)
                found += page.damaged
                place = page.next
                pages += 1
            } while place != nil
            #expect(found == [bad])
            #expect(pages == 5)
            try write([documents[10]], to: disk, db)
            #expect(try disk.damagedDocuments(after: nil, limit: 100).damaged.isEmpty)
            #expect(try disk.document(bad) == documents[10])
            #expect(try disk.digest() == whole)
        }
        try queue.close()
    }

    private func write(_ documents: [Document], to disk: SQLiteLedgerStorage, _ db: Database) throws {
        try db.inTransaction(.immediate) {
            for document in documents { try disk.save(document) }
            try disk.flush()
            return .commit
        }
        disk.committed()
        while try disk.tidy() {}
    }
}
