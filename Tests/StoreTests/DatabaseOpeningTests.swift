import ContactCenter
import Foundation
import GRDB
import Kernel
import Store
import Testing

@Suite("Opening a site's database")
struct DatabaseOpeningTests {
    @Test("Each start counts, and the count survives")
    func countsStarts() throws {
        let temporary = try TemporaryDatabase()
        for start in UInt64(1)...3 {
            let database = try SiteDatabase(temporary.options())
            #expect(database.identity.incarnation == start)
            #expect(database.identity.site == SiteID("north"))
            try database.close()
        }
    }

    @Test("A missing folder is made")
    func makesFolder() throws {
        let temporary = try TemporaryDatabase()
        var options = temporary.options()
        options.path = temporary.folder.appending(path: "a/b/site.sqlite").path
        try SiteDatabase(options).close()
        #expect(FileManager.default.fileExists(atPath: options.path))
    }

    @Test("Another site's database is refused and both sites are named")
    func otherSite() throws {
        let temporary = try TemporaryDatabase()
        try SiteDatabase(temporary.options(site: "north")).close()
        let failure = try #require(temporary.failure(temporary.options(site: "south")))
        #expect(failure.code == .otherSite)
        #expect(failure.message.contains("\"north\"") && failure.message.contains("\"south\""))
    }

    @Test("Another cluster's database is refused and both clusters are named")
    func otherCluster() throws {
        let temporary = try TemporaryDatabase()
        try SiteDatabase(temporary.options(cluster: "demo")).close()
        let failure = try #require(temporary.failure(temporary.options(cluster: "production")))
        #expect(failure.code == .otherCluster)
        #expect(failure.message.contains("\"demo\"") && failure.message.contains("\"production\""))
    }

    @Test("A newer schema is refused and nothing is changed")
    func newerSchema() throws {
        let temporary = try TemporaryDatabase()
        try SiteDatabase(temporary.options()).close()
        let queue = try DatabaseQueue(path: temporary.path)
        try queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: temporary.path))
        let failure = try #require(temporary.failure(temporary.options()))
        #expect(failure.code == .newerSchema)
        #expect(failure.message.contains("99"))
        #expect(try Data(contentsOf: URL(filePath: temporary.path)) == before)
    }

    @Test("A database in use is refused and the process is named")
    func locked() throws {
        let temporary = try TemporaryDatabase()
        let database = try SiteDatabase(temporary.options())
        let failure = try #require(temporary.failure(temporary.options()))
        #expect(failure.code == .locked)
        #expect(failure.message.contains(" \(ProcessInfo.processInfo.processIdentifier)."))
        try database.close()
        #expect(temporary.failure(temporary.options()) == nil)
    }

    @Test("A text file is no database")
    func textFile() throws {
        let temporary = try TemporaryDatabase()
        try Data("name,phone\n".utf8).write(to: URL(filePath: temporary.path))
        #expect(temporary.failure(temporary.options())?.code == .notADatabase)
    }

    @Test("Another program's database is refused and left as it is")
    func otherProgram() throws {
        let temporary = try TemporaryDatabase()
        let queue = try DatabaseQueue(path: temporary.path)
        try queue.write { try $0.execute(sql: "CREATE TABLE t(a); PRAGMA application_id = 77") }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: temporary.path))
        #expect(temporary.failure(temporary.options())?.code == .notADatabase)
        #expect(try Data(contentsOf: URL(filePath: temporary.path)) == before)
    }

    @Test("A folder in the file's place is told")
    func folder() throws {
        let temporary = try TemporaryDatabase()
        try FileManager.default.createDirectory(atPath: temporary.path, withIntermediateDirectories: true)
        #expect(temporary.failure(temporary.options()) != nil)
    }

    @Test("Damage is found by the integrity check")
    func damaged() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, _, _ in
            for round in 0..<20 {
                _ = try await thread.commit(Fixtures.customers(50, from: round * 50))
            }
        }
        let file = try FileHandle(forUpdating: URL(filePath: temporary.path))
        let size = try file.seekToEnd()
        for page in stride(from: UInt64(10), to: size / 4_096, by: 3) {
            try file.seek(toOffset: page * 4_096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 200))
        }
        try file.close()
        var options = temporary.options()
        options.checksIntegrity = true
        #expect(temporary.failure(options)?.code == .damaged)
    }

    @Test("Commits are written through to the disk")
    func settings() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, _, _ in
            let full = 2
            let synchronous = try await thread.setting("synchronous")
            #expect(synchronous == full)
        }
    }
}
