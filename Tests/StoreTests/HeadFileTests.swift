import ContactCenter
import Foundation
import Kernel
import Replication
import Store
import Testing

@Suite("The head file beside the database")
struct HeadFileTests {
    private let files = FileManager.default
    private static let all = ["", "-wal", "-shm", ".head"]

    /// Starts the site, makes customers, stops; returns where it stood at the start and after.
    @discardableResult
    private func run(_ site: TemporaryDatabase, customers: Int) async throws -> StoreThread.Start {
        try await site.use { thread, _, _ in
            if customers > 0 { _ = try await thread.commit(Fixtures.customers(customers)) }
            return thread.start
        }
    }

    private func copy(_ site: TemporaryDatabase, _ suffixes: [String], to copy: TemporaryDatabase) throws {
        for suffix in Self.all where files.fileExists(atPath: copy.path + suffix) {
            if suffixes.contains(suffix) { try files.removeItem(atPath: copy.path + suffix) }
        }
        for suffix in suffixes where files.fileExists(atPath: site.path + suffix) {
            try files.copyItem(atPath: site.path + suffix, toPath: copy.path + suffix)
        }
    }

    @Test("Starts and stops, with ops or without, keep the epoch")
    func keepsEpoch() async throws {
        let site = try TemporaryDatabase()
        for round in 0..<4 {
            let start = try await run(site, customers: round % 2 == 0 ? 3 : 0)
            #expect(start.newEpochReason == nil, "start \(round)")
            #expect(start.origin.epoch == 1)
        }
    }

    @Test("A process killed at any moment is no restored copy")
    func killed() async throws {
        let site = try TemporaryDatabase()
        try await site.use { thread, _, _ in
            for round in 0..<12 {
                _ = try await thread.commit(Fixtures.customers(1, from: round))
                let copy = try TemporaryDatabase()
                try self.copy(site, ["", "-wal", ".head"], to: copy)
                let start = try await run(copy, customers: 0)
                #expect(start.newEpochReason == nil, "round \(round)")
                #expect(start.vector[start.origin] == UInt64(round) + 1)
            }
        }
    }

    @Test("An older copy is found at the start, writes under a new epoch and starts anew in the eyes of others")
    func olderCopy() async throws {
        let site = try TemporaryDatabase()
        let copy = try TemporaryDatabase()
        try await run(site, customers: 10)
        try self.copy(site, [""], to: copy)
        let old = try await run(site, customers: 5).origin
        try self.copy(copy, [""], to: site)
        try await site.use { thread, _, database in
            #expect(thread.start.newEpochReason?.contains("older copy") == true)
            #expect(database.identity.incarnation == 3)
            #expect(thread.start.origin.epoch > old.epoch)
            #expect(thread.start.vector[old] == 10)
            let next = try await thread.commit([Fixtures.customer("After")]).edits?.commits.first
            #expect(next?.dot.origin == thread.start.origin)
            #expect(next?.dot.sequence == 1)
        }
        let later = try await run(site, customers: 1)
        #expect(later.newEpochReason == nil)
        #expect(later.vector[later.origin] == 1)
    }

    @Test("A copy taken while the site ran is found as well, even one op behind")
    func copyOfSameStart() async throws {
        let site = try TemporaryDatabase()
        let copy = try TemporaryDatabase()
        try await site.use { thread, _, _ in
            _ = try await thread.commit(Fixtures.customers(3))
            try self.copy(site, ["", "-wal"], to: copy)
            _ = try await thread.commit(Fixtures.customers(1, from: 3))
        }
        try self.copy(copy, ["", "-wal"], to: site)
        let start = try await run(site, customers: 0)
        #expect(start.newEpochReason?.contains("ends at op 3") == true)
        #expect(start.origin.epoch == 2)
    }

    @Test("A copy from before this site's present epoch is found")
    func copyOfEarlierEpoch() async throws {
        let site = try TemporaryDatabase()
        let copy = try TemporaryDatabase()
        try await run(site, customers: 9)
        try self.copy(site, [""], to: copy)
        try files.removeItem(atPath: site.path + ".head")
        let second = try await run(site, customers: 1)
        #expect(second.origin.epoch == 2)
        #expect(second.newEpochReason?.contains("missing") == true)
        try self.copy(copy, [""], to: site)
        #expect(try await run(site, customers: 0).origin.epoch == 3)
    }

    @Test("A damaged head file means a new epoch, one torn write does not")
    func damage() async throws {
        let site = try TemporaryDatabase()
        try await run(site, customers: 4)
        let path = URL(filePath: site.path + ".head")
        var bytes = try Data(contentsOf: path)
        let whole = bytes.count
        bytes[20] ^= 0xFF
        try bytes.write(to: path)
        #expect(try await run(site, customers: 4).newEpochReason == nil)
        for bad in [Data(), Data(repeating: 0x5A, count: whole), Data("head".utf8), Data(bytes.prefix(50))] {
            try bad.write(to: path)
            let start = try await run(site, customers: 1)
            #expect(start.newEpochReason?.contains("damaged") == true, "\(bad.count) bytes")
        }
        #expect(try await run(site, customers: 0).newEpochReason == nil)
    }

    @Test("A head file that a power cut left behind the database accuses nobody")
    func headBehind() async throws {
        let site = try TemporaryDatabase()
        let copy = try TemporaryDatabase()
        try await run(site, customers: 2)
        try self.copy(site, [".head"], to: copy)
        try await run(site, customers: 5)
        try self.copy(copy, [".head"], to: site)
        let start = try await run(site, customers: 1)
        #expect(start.newEpochReason == nil)
        #expect(start.vector[start.origin] == 7)
    }

    @Test("Another database in the place is found, and a blank one begins above the epoch that was")
    func otherDatabase() async throws {
        let site = try TemporaryDatabase()
        let other = try TemporaryDatabase()
        try await run(site, customers: 9)
        try await run(other, customers: 1)
        try self.copy(other, [""], to: site)
        let start = try await run(site, customers: 0)
        #expect(start.newEpochReason?.contains("another one") == true)
        #expect(start.origin.epoch == 2)
        try files.removeItem(atPath: site.path)
        let blank = try await run(site, customers: 0)
        #expect(blank.origin.epoch == 3)
        #expect(blank.vector.isEmpty)
    }
}
