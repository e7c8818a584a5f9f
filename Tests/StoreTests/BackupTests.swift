import ContactCenter
import Foundation
import GRDB
import Kernel
import Replication
import Store
import Synchronization
import Testing

@Suite("Backup, restore and verification")
struct BackupTests {
    private let files = FileManager.default
    private let noon = WallTime(milliseconds: 1_800_000_000_000)

    @Test("A backup made under load is one moment of the database, and says which")
    func underLoad() async throws {
        let site = try TemporaryDatabase()
        let target = try TemporaryDatabase()
        let backup = target.folder.appending(path: "b/north.backup").path
        try await site.use { thread, _, database in
            _ = try await thread.commit(Fixtures.customers(800))
            let steps = Mutex(0)
            async let writing: Void = {
                for round in 0..<20 { _ = try await thread.commit(Fixtures.customers(5, from: 800 + round * 5)) }
            }()
            let manifest = try await database.backUp(to: backup, at: noon) { _ in steps.withLock { $0 += 1 } }
            try await writing
            #expect(steps.withLock(\.self) > 1)
            #expect(manifest.cluster == "demo" && manifest.site == "north")
            #expect(manifest.madeAtText == "2027-01-15T08:00:00Z")
            let count = try #require(manifest.vector.first?.sequence)
            #expect((800...900).contains(count) && count % 5 == 0)
            #expect(manifest.vector.first?.origin == thread.start.origin.text)
            #expect(try BackupManifest(ofBackup: backup) == manifest)
            let copy = try DatabaseQueue(path: backup)
            let (customers, ops) = try await copy.read { db in
                (
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM customer"),
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM op")
                )
            }
            #expect(customers == Int(count) && ops == Int(count))
            #expect(try files.contentsOfDirectory(atPath: target.folder.path + "/b").count == 2)
        }
    }

    @Test("Nothing is overwritten by a backup")
    func overwrites() async throws {
        let site = try TemporaryDatabase()
        try await site.use { _, _, database in
            for name in ["x", "y.json"] {
                let path = site.folder.appending(path: name).path
                try Data("precious".utf8).write(to: URL(filePath: path))
                let asked = path.replacingOccurrences(of: ".json", with: "")
                await #expect { try await database.backUp(to: asked, at: noon) } throws: { error in
                    (error as? StoreFailure)?.code == .exists
                }
                #expect(try Data(contentsOf: URL(filePath: path)) == Data("precious".utf8))
            }
        }
    }

    /// A site with some customers and a backup of it, stopped.
    private func backedUp() async throws -> (site: TemporaryDatabase, backup: String, manifest: BackupManifest) {
        let site = try TemporaryDatabase()
        let backup = site.folder.appending(path: "north.backup").path
        let manifest = try await site.use { thread, _, database in
            _ = try await thread.commit(Fixtures.customers(20))
            let manifest = try await database.backUp(to: backup, at: noon)
            _ = try await thread.commit(Fixtures.customers(7, from: 20))
            return manifest
        }
        return (site, backup, manifest)
    }

    private func failure(_ backup: String, _ options: SiteDatabase.Options, mayReplace: Bool) -> StoreFailure? {
        do {
            _ = try SiteDatabase.restore(from: backup, to: options, mayReplace: mayReplace)
            return nil
        } catch {
            return error
        }
    }

    @Test("A restored site writes under a new epoch, once, and keeps the database that was there")
    func restores() async throws {
        let (site, backup, manifest) = try await backedUp()
        let restored = try SiteDatabase.restore(from: backup, to: site.options(), mayReplace: true)
        #expect(restored.manifest == manifest)
        let aside = try #require(restored.putAside)
        let old = try DatabaseQueue(path: aside)
        let kept = try await old.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM op") }
        #expect(kept == 27)
        try old.close()
        let epoch = try await site.use { thread, reader, _ in
            #expect(thread.start.newEpochReason?.contains("restored from a backup of 2027-01-15") == true)
            #expect(thread.start.vector.heads.map(\.sequence) == [20])
            let figures = try await reader.figures()
            #expect(figures.customers == 20)
            let dot = try await thread.commit([Fixtures.customer("New")]).edits?.commits.first?.dot
            #expect(dot?.sequence == 1)
            return thread.start.origin.epoch
        }
        #expect(epoch > manifest.epoch)
        try await site.use { thread, _, _ in
            #expect(thread.start.newEpochReason == nil)
            #expect(thread.start.origin.epoch == epoch)
        }
    }

    @Test("A backup without ops of its own makes a new epoch as well")
    func restoresToEmptyPlace() async throws {
        let site = try TemporaryDatabase()
        let backup = site.folder.appending(path: "early").path
        let manifest = try await site.use { _, _, database in try await database.backUp(to: backup, at: noon) }
        let place = try TemporaryDatabase()
        let restored = try SiteDatabase.restore(from: backup, to: place.options(), mayReplace: false)
        #expect(restored.putAside == nil)
        try await place.use { thread, _, _ in
            #expect(thread.start.origin.epoch > manifest.epoch)
        }
    }

    @Test("A restore refuses a running site, a database in the place, and what is not this site's whole backup")
    func refusals() async throws {
        let (site, backup, _) = try await backedUp()
        try await site.use { _, _, _ in
            #expect(failure(backup, site.options(), mayReplace: true)?.code == .locked)
        }
        #expect(failure(backup, site.options(), mayReplace: false)?.code == .exists)
        #expect(failure(backup, site.options(site: "south"), mayReplace: true)?.code == .otherSite)
        #expect(failure(backup, site.options(cluster: "else"), mayReplace: true)?.code == .otherCluster)
        let manifest = URL(filePath: BackupManifest.path(of: backup))
        let text = try Data(contentsOf: manifest)
        try files.removeItem(at: manifest)
        #expect(failure(backup, site.options(), mayReplace: true)?.code == .badBackup)
        try Data("{}".utf8).write(to: manifest)
        #expect(failure(backup, site.options(), mayReplace: true)?.code == .badBackup)
        try text.write(to: manifest)
        let file = try FileHandle(forUpdating: URL(filePath: backup))
        try file.seek(toOffset: 9_000)
        try file.write(contentsOf: Data([0xEE]))
        try file.close()
        #expect(failure(backup, site.options(), mayReplace: true)?.code == .badBackup)
        try await site.use { thread, reader, _ in
            #expect(thread.start.newEpochReason == nil)
            let figures = try await reader.figures()
            #expect(figures.customers == 27)
        }
    }

    @Test("A verification counts all and names what the disk changed")
    func verifies() async throws {
        let site = try TemporaryDatabase()
        try await site.use { thread, _, database in
            for round in 0..<30 { _ = try await thread.commit(Fixtures.customers(50, from: round * 50)) }
            let report = try await database.verify()
            #expect(report.isSound)
            #expect(report.documents == 1_500 && report.ops == 1_500)
        }
        let queue = try DatabaseQueue(path: site.path)
        try await queue.write { db in
            try db.execute(sql: "UPDATE op SET body = zeroblob(9) WHERE sequence = 1200")
            try db.execute(sql: "DELETE FROM op WHERE sequence = 700")
            try db.execute(sql: "UPDATE document SET body = zeroblob(9) WHERE id = 321")
        }
        try queue.close()
        try await site.use { thread, _, database in
            let report = try await database.verify()
            #expect(!report.isSound)
            #expect(report.structure.isEmpty)
            #expect(report.damagedOps.map(\.sequence) == [700, 1_200])
            #expect(report.damagedDocuments.count == 1 && report.damagedDocumentCount == 1)
            #expect(report.documents == 1_500 && report.ops == 1_499)
            #expect(thread.start.vector[thread.start.origin] == 1_500)
        }
    }
}
