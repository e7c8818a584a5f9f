import Foundation
import Kernel
package import Replication
import Synchronization

/// A content on its way into the store: written to a file of its own while it is hashed, named when it has ended.
///
/// One task uses it, and calls `finish` or `cancel` in the end.
package final class BlobUpload: Sendable {
    private struct State {
        var hash = ContentHash()
        var length = 0
        var isOver = false
    }

    private let store: BlobStore
    private let path: String
    private let state = Mutex(State())

    init(_ store: BlobStore, path: String) {
        self.store = store
        self.path = path
    }

    /// Takes more bytes; throws `.tooSlow` never, `.diskFull` when they find no room.
    package func append(_ bytes: [UInt8]) async throws {
        let offset = state.withLock { state in
            state.hash.update(bytes)
            defer { state.length += bytes.count }
            return state.length
        }
        guard offset + bytes.count <= Limits.blobBytesMax else {
            throw StoreFailure(.overloaded, "A file may have \(Limits.blobBytesMax) bytes.")
        }
        let path = path
        try await store.run { _ throws(StoreFailure) in
            try BlobFile.writing(path).write(bytes, at: offset)
        }
    }

    /// Brings it to the disk for good and says its name and size.
    package func finish() async throws -> (blob: BlobID, size: Int) {
        let (blob, size) = state.withLock { (BlobID($0.hash), $0.length) }
        let path = path
        do {
            try await store.run { store throws(StoreFailure) in
                try BlobFile.writing(path).sync()
                try store.settle(path, as: blob)
            }
        } catch {
            await cancel()
            throw error
        }
        end()
        return (blob, size)
    }

    /// Throws away what came.
    package func cancel() async {
        let path = path
        _ = try? await store.run { _ in try? FileManager.default.removeItem(atPath: path) }
        end()
    }

    private func end() {
        let isFirst = state.withLock { state in
            defer { state.isOver = true }
            return !state.isOver
        }
        if isFirst { store.uploadEnded() }
    }
}
