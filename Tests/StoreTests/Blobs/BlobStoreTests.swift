import Foundation
import Kernel
import Replication
import Store
import Testing

@Suite("Blobs on disk")
struct BlobStoreTests {
    private let files = FileManager.default
    private static let content = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
    private static let blob = BlobID(of: content)

    private func folder() throws -> URL {
        let folder = files.temporaryDirectory.appending(path: "blobs-\(UUID().uuidString)")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func perform(_ task: BlobTask, _ store: BlobStore) async -> BlobResult {
        await withCheckedContinuation { continuation in
            store.submit(task) { continuation.resume(returning: $0) }
        }
    }

    private func upload(_ content: [UInt8], _ store: BlobStore) async throws -> BlobID {
        let upload = try await store.upload()
        for start in stride(from: 0, to: content.count, by: 70_000) {
            try await upload.append(Array(content[start..<min(content.count, start + 70_000)]))
        }
        let (blob, size) = try await upload.finish()
        #expect(size == content.count)
        return blob
    }

    @Test("An uploaded content is there under its hash, also after a restart, and nothing else is left")
    func uploads() async throws {
        let folder = try folder()
        defer { try? files.removeItem(at: folder) }
        let path = folder.appending(path: "site.sqlite").path
        let blob = try await upload(Self.content, BlobStore(besideDatabase: path))
        #expect(blob == Self.blob)
        let store = BlobStore(besideDatabase: path)
        #expect(await perform(.look(blob), store) == .standing(.whole(Self.content.count)))
        #expect(try await store.size(of: blob) == Self.content.count)
        var read: [UInt8] = []
        while let part = try await store.read(blob, offset: read.count, length: .max), !part.isEmpty { read += part }
        #expect(read == Self.content)
        #expect(try await store.read(BlobID(of: [1]), offset: 0, length: 10) == nil)
        let place = folder.appending(path: "blobs/\(blob.hex.prefix(2))/\(blob.hex)").path
        #expect(files.fileExists(atPath: place))
        #expect(try files.contentsOfDirectory(atPath: folder.path + "/blobs").sorted() == [String(blob.hex.prefix(2))])
    }

    @Test("An upload that ends early leaves nothing, and the bound on uploads holds")
    func cancelled() async throws {
        let folder = try folder()
        defer { try? files.removeItem(at: folder) }
        let store = BlobStore(besideDatabase: folder.appending(path: "site.sqlite").path)
        var uploads: [BlobUpload] = []
        for _ in 0..<Limits.blobUploadsMax { uploads.append(try await store.upload()) }
        await #expect { try await store.upload() } throws: { ($0 as? StoreFailure)?.code == .overloaded }
        try await uploads[0].append([1, 2, 3])
        for upload in uploads { await upload.cancel() }
        #expect((try? files.contentsOfDirectory(atPath: folder.path + "/blobs/incoming")) ?? [] == [])
        try await store.upload().cancel()
    }

    @Test("Fetched parts are kept over a restart and become whole only with the right hash")
    func parts() async throws {
        let folder = try folder()
        defer { try? files.removeItem(at: folder) }
        let path = folder.appending(path: "site.sqlite").path
        let size = Self.content.count
        let first = Array(Self.content[..<190_000]), rest = Array(Self.content[190_000...])
        var store = BlobStore(besideDatabase: path)
        #expect(await perform(.append(Self.blob, offset: 0, first, size: size), store) == .kept(190_000))
        // A gap is not filled with anything.
        #expect(await perform(.append(Self.blob, offset: 190_001, [1], size: size), store) == .kept(190_000))
        store = BlobStore(besideDatabase: path)
        #expect(await perform(.look(Self.blob), store) == .standing(.partial(190_000)))
        #expect(await perform(.read(Self.blob, offset: 0, length: 10), store) == .missing)
        #expect(await perform(.append(Self.blob, offset: 190_000, rest, size: size), store) == .whole(size: size))
        #expect(
            await perform(.read(Self.blob, offset: size - 3, length: 10), store)
                == .bytes(Array(Self.content.suffix(3)), size: size)
        )
        let other = BlobID(of: [7])
        #expect(await perform(.append(other, offset: 0, [8], size: 1), store) == .mismatched)
        #expect(await perform(.look(other), store) == .standing(.absent))
    }

    @Test("Parts that do not fit are refused, whatever a peer says")
    func badParts() async throws {
        let folder = try folder()
        defer { try? files.removeItem(at: folder) }
        let store = BlobStore(besideDatabase: folder.appending(path: "site.sqlite").path)
        for (offset, size) in [(0, Limits.blobBytesMax + 1), (-1, 10), (9, 10), (Int.max, 10)] {
            let result = await perform(.append(Self.blob, offset: offset, [1, 2], size: size), store)
            guard case .failed = result else {
                Issue.record("\(offset) of \(size) gave \(result)")
                continue
            }
        }
        #expect(await perform(.look(Self.blob), store) == .standing(.absent))
    }

    @Test("What the disk has changed is put aside and counts as absent")
    func damaged() async throws {
        let folder = try folder()
        defer { try? files.removeItem(at: folder) }
        let path = folder.appending(path: "site.sqlite").path
        let blob = try await upload(Self.content, BlobStore(besideDatabase: path))
        let place = URL(filePath: folder.appending(path: "blobs/\(blob.hex.prefix(2))/\(blob.hex)").path)
        var bytes = try Data(contentsOf: place)
        bytes[250_000] ^= 4
        try bytes.write(to: place)
        let store = BlobStore(besideDatabase: path)
        #expect(await perform(.look(blob), store) == .standing(.absent))
        #expect(store.damaged == [blob])
        #expect(try await upload(Self.content, store) == blob)
        #expect(await perform(.look(blob), store) == .standing(.whole(Self.content.count)))
    }

    @Test("Partly fetched blobs beyond the bound go, the oldest first")
    func prunes() async throws {
        let folder = try folder()
        defer { try? files.removeItem(at: folder) }
        let store = BlobStore(besideDatabase: folder.appending(path: "site.sqlite").path)
        for number in 0..<Limits.blobPartialsMax + 5 {
            let blob = BlobID(of: Array("\(number)".utf8))
            #expect(await perform(.append(blob, offset: 0, [1], size: 9), store) == .kept(1))
        }
        let left = try files.contentsOfDirectory(atPath: folder.path + "/blobs/partial")
        #expect(left.count == Limits.blobPartialsMax)
    }
}

@Suite("Blobs in backups")
struct BlobBackupTests {
    @Test("A backup holds the attachments, verification finds a damaged one, and a restore brings it back")
    func backup() async throws {
        let site = try TemporaryDatabase()
        let other = try TemporaryDatabase()
        let backup = other.folder.appending(path: "north.backup").path
        let contents = [[UInt8](repeating: 1, count: 300_000), [2, 3, 4]]
        let places = try await site.use { _, _, database in
            let store = BlobStore(besideDatabase: database.path)
            for content in contents {
                let upload = try await store.upload()
                try await upload.append(content)
                _ = try await upload.finish()
            }
            let manifest = try await database.backUp(to: backup, at: WallTime(milliseconds: 1_800_000_000_000))
            #expect(manifest.blobs == 2 && manifest.blobBytes == 300_003)
            let places = contents.map { content in
                let name = BlobID(of: content).hex
                return site.folder.appending(path: "blobs/\(name.prefix(2))/\(name)")
            }
            #expect(try await database.verify().isSound)
            try FileManager.default.removeItem(at: places[0])
            try Data([9, 9, 9]).write(to: places[0])
            let report = try await database.verify()
            #expect(report.blobs == 2 && report.damagedBlobs == [BlobID(of: contents[0])] && !report.isSound)
            try FileManager.default.removeItem(at: places[0])
            return places
        }
        _ = try SiteDatabase.restore(from: backup, to: site.options(), mayReplace: true)
        for (place, content) in zip(places, contents) { #expect(try Data(contentsOf: place) == Data(content)) }
    }

    @Test("A backup with a damaged attachment is refused before anything is changed")
    func damagedBackup() async throws {
        let site = try TemporaryDatabase()
        let backup = site.folder.appending(path: "b/north.backup").path
        let blob = try await site.use { _, _, database in
            let upload = try await BlobStore(besideDatabase: database.path).upload()
            try await upload.append([1, 2, 3])
            let (blob, _) = try await upload.finish()
            _ = try await database.backUp(to: backup, at: WallTime(milliseconds: 1_800_000_000_000))
            return blob
        }
        let inBackup = URL(filePath: backup + ".blobs/\(blob.hex.prefix(2))/\(blob.hex)")
        try FileManager.default.removeItem(at: inBackup)
        try Data([1, 2, 4]).write(to: inBackup)
        #expect { try SiteDatabase.restore(from: backup, to: site.options(), mayReplace: true) } throws: { error in
            (error as? StoreFailure)?.code == .badBackup
        }
        let after = try await site.use { _, _, database in try await database.verify() }
        #expect(after.isSound && after.blobs == 1)
    }
}
