import Kernel

/// Blobs in memory, for tests and the simulator; answers tasks as the disk does.
package struct InMemoryBlobs: Sendable {
    /// Whole blobs.
    package private(set) var whole: [BlobID: [UInt8]] = [:]
    /// The first bytes of others.
    package private(set) var partial: [BlobID: [UInt8]] = [:]

    /// Holds nothing.
    package init() {
    }

    /// Keeps a content and names it.
    @discardableResult
    package mutating func add(_ content: [UInt8]) -> BlobID {
        let blob = BlobID(of: content)
        whole[blob] = content
        return blob
    }

    /// Keeps a content under a name that may be another's, as a disk that has changed bytes.
    package mutating func put(_ content: [UInt8], as blob: BlobID) {
        whole[blob] = content
    }

    /// Does a task.
    package mutating func perform(_ task: BlobTask) -> BlobResult {
        switch task {
        case .look(let blob):
            if let content = whole[blob] { return .standing(.whole(content.count)) }
            return .standing(partial[blob].map { .partial($0.count) } ?? .absent)
        case .read(let blob, let offset, let length):
            guard let content = whole[blob], offset >= 0, offset < content.count else { return .missing }
            let end = min(content.count, offset + max(0, min(length, Limits.blobPartBytesMax)))
            return .bytes(Array(content[offset..<end]), size: content.count)
        case .append(let blob, let offset, let bytes, let size):
            if let content = whole[blob] { return .whole(size: content.count) }
            var content = partial[blob] ?? []
            guard offset >= 0, offset <= content.count else { return .kept(content.count) }
            content.removeSubrange(offset...)
            content += bytes
            guard content.count >= size else {
                partial[blob] = content
                return .kept(content.count)
            }
            partial[blob] = nil
            guard BlobID(of: content) == blob else { return .mismatched }
            whole[blob] = content
            return .whole(size: content.count)
        }
    }
}
