import Foundation
import Kernel
package import Replication
import Synchronization

/// A site's blobs on disk, beside the database; all work runs on a queue of its own, one piece at a time.
///
/// A whole blob is there under its name only after its bytes are on the disk and were held against the name. Each is
/// held against it once more when it is first asked for in a run: one that the disk has changed is put aside and counts
/// as absent, so that it is fetched from another site.
package final class BlobStore: Sendable {
    let folder: BlobFolder
    private let queue = DispatchQueue(label: "blobs")
    private let state = Mutex(State())

    private struct State {
        /// Jobs that wait or run.
        var waiting = 0
        var uploads = 0
        var uploadCounter: UInt64 = 0
        /// Blobs that were held against their names in this run.
        var checked: Set<BlobID> = []
        var damaged: [BlobID] = []
    }

    /// Opens the blobs that belong to a database; uploads that a crash cut short are removed.
    package init(besideDatabase path: String) {
        folder = BlobFolder(ofDatabase: path)
        try? FileManager.default.removeItem(atPath: folder.uploads)
        prunePartials()
    }

    /// Blobs that the disk has changed, found since the start; they were put aside.
    package var damaged: [BlobID] { state.withLock(\.damaged) }

    /// Does a task of the exchange; `completion` is called exactly once, on the store's queue.
    package func submit(_ task: BlobTask, completion: @escaping @Sendable (BlobResult) -> Void) {
        guard enter() else { return completion(.failed(reason: "too much waits for the disk")) }
        queue.async { [self] in
            let result: BlobResult
            do throws(StoreFailure) {
                result = try perform(task)
            } catch {
                result = .failed(reason: error.description)
            }
            state.withLock { $0.waiting -= 1 }
            completion(result)
        }
    }

    /// The size of a whole blob; nil when it is not here.
    package func size(of blob: BlobID) async throws -> Int? {
        try await run { store throws(StoreFailure) in
            guard case .whole(let size) = try store.standing(blob) else { return nil }
            return size
        }
    }

    /// Bytes of a whole blob from an offset on, at most `Limits.blobReadBytes`; nil when it is not here.
    package func read(_ blob: BlobID, offset: Int, length: Int) async throws -> [UInt8]? {
        try await run { store throws(StoreFailure) in
            guard let file = try BlobFile.reading(store.folder.whole(blob)) else { return nil }
            return try file.read(at: max(0, offset), count: min(max(0, length), Limits.blobReadBytes))
        }
    }

    /// Begins to take in a content whose name is not known yet.
    package func upload() async throws -> BlobUpload {
        let number: UInt64? = state.withLock { state in
            guard state.uploads < Limits.blobUploadsMax else { return nil }
            state.uploads += 1
            state.uploadCounter += 1
            return state.uploadCounter
        }
        guard let number else {
            throw StoreFailure(.overloaded, "Too many files are being uploaded; try again in a moment.")
        }
        return BlobUpload(self, path: folder.uploads + "/\(number)")
    }

    func uploadEnded() { state.withLock { $0.uploads -= 1 } }

    /// Runs a piece of work on the store's queue.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (BlobStore) throws(StoreFailure) -> Result
    ) async throws -> Result {
        guard enter() else { throw StoreFailure(.overloaded, "Too much waits for the disk; try again in a moment.") }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                let outcome: Swift.Result<Result, any Error>
                do throws(StoreFailure) {
                    outcome = .success(try body(self))
                } catch {
                    outcome = .failure(error)
                }
                state.withLock { $0.waiting -= 1 }
                continuation.resume(with: outcome)
            }
        }
    }

    private func enter() -> Bool {
        state.withLock { state in
            guard state.waiting < Limits.blobJobsMax else { return false }
            state.waiting += 1
            return true
        }
    }

    // MARK: On the queue

    private func perform(_ task: BlobTask) throws(StoreFailure) -> BlobResult {
        switch task {
        case .look(let blob): return .standing(try standing(blob))
        case .read(let blob, let offset, let length):
            guard let file = try BlobFile.reading(folder.whole(blob)) else { return .missing }
            let size = try file.length()
            guard offset >= 0, offset < size else { return .missing }
            let bytes = try file.read(at: offset, count: min(max(0, length), Limits.blobPartBytesMax))
            return .bytes(bytes, size: size)
        case .append(let blob, let offset, let bytes, let size):
            return try append(bytes, to: blob, at: offset, of: size)
        }
    }

    private func standing(_ blob: BlobID) throws(StoreFailure) -> BlobStanding {
        if let file = try BlobFile.reading(folder.whole(blob)) {
            let size = try file.length()
            if state.withLock({ $0.checked.contains(blob) }) { return .whole(size) }
            if BlobID(try file.hash()) == blob {
                state.withLock { _ = $0.checked.insert(blob) }
                return .whole(size)
            }
            try BlobFile.settle(folder.whole(blob), as: folder.damaged + "/" + blob.hex)
            state.withLock { state in
                if state.damaged.count < Limits.blobDamagedNamedMax { state.damaged.append(blob) }
            }
        }
        guard let file = try BlobFile.reading(folder.partial(blob)) else { return .absent }
        let length = try file.length()
        return length > 0 ? .partial(length) : .absent
    }

    private func append(
        _ bytes: [UInt8],
        to blob: BlobID,
        at offset: Int,
        of size: Int
    ) throws(StoreFailure) -> BlobResult {
        if case .whole(let size) = try standing(blob) { return .whole(size: size) }
        guard size <= Limits.blobBytesMax, offset >= 0, bytes.count <= size - offset else {
            return .failed(reason: "a part of \(bytes.count) bytes at \(offset) does not fit into \(size)")
        }
        let path = folder.partial(blob)
        if offset == 0 { prunePartials(leaving: Limits.blobPartialsMax - 1) }
        let file = try BlobFile.writing(path)
        let length = try file.length()
        guard offset <= length else { return .kept(length) }
        try file.write(bytes, at: offset)
        guard offset + bytes.count == size else { return .kept(offset + bytes.count) }
        guard BlobID(try file.hash()) == blob else {
            try? FileManager.default.removeItem(atPath: path)
            return .mismatched
        }
        try file.sync()
        try settle(path, as: blob)
        return .whole(size: size)
    }

    /// Gives a file on disk, known to be the blob, its name.
    func settle(_ path: String, as blob: BlobID) throws(StoreFailure) {
        try BlobFile.settle(path, as: folder.whole(blob))
        state.withLock { _ = $0.checked.insert(blob) }
    }

    /// Removes the oldest of partly fetched blobs beyond a number.
    private func prunePartials(leaving count: Int = Limits.blobPartialsMax) {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: folder.partials)) ?? []
        guard names.count > count else { return }
        let dated = names.map { name in
            let path = folder.partials + "/" + name
            let date = (try? files.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            return (path: path, date: date ?? .distantPast)
        }
        for old in dated.sorted(by: { ($0.date, $0.path) < ($1.date, $1.path) }).prefix(names.count - count) {
            try? files.removeItem(atPath: old.path)
        }
    }
}
