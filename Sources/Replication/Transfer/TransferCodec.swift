import Kernel

/// Turns messages of state transfer into bytes and back: lengths before contents, every count within its bound.
package enum TransferCodec {
    /// The message's bytes.
    package static func encode(_ message: TransferMessage) -> [UInt8] {
        var writer = ByteWriter(capacity: 1_024)
        writer.byte(kind(of: message))
        writer.number(message.request)
        switch message {
        case .wantSnapshot(_, let after, let limit):
            writer.transfer(after)
            writer.number(max(limit, 0))
        case .snapshot(_, let chunk): writer.transfer(chunk)
        case .sums(_, let sums, let vector):
            writer.transfer(vector)
            writer.number(sums.count)
            for sum in sums { writer.transfer(DocumentHash(number: sum)) }
        case .wantHashes(_, let buckets):
            writer.number(buckets.count)
            for bucket in buckets { writer.number(bucket) }
        case .hashes(_, let hashes): writer.transfer(hashes)
        case .wantDocuments(_, let ids):
            writer.number(ids.count)
            for id in ids { writer.transfer(id) }
        case .documents(_, let copies, let vector):
            writer.transfer(vector)
            writer.number(copies.count)
            for copy in copies {
                writer.transfer(copy.id)
                writer.byte(copy.body == nil ? 0 : 1)
                if let body = copy.body { writer.block(body) }
            }
        case .wantOps(_, let dots): writer.transfer(dots)
        case .ops(_, let copies):
            writer.number(copies.count)
            for copy in copies {
                writer.transfer(copy.dot)
                writer.block(copy.body)
            }
        case .wantSums, .unavailable, .unknown: break
        }
        return writer.bytes
    }

    /// The message of some bytes; throws `FrameError.malformed` when they mean nothing or break a bound.
    package static func decode(_ bytes: [UInt8]) throws(FrameError) -> TransferMessage {
        do throws(ByteReader.Damaged) {
            var reader = ByteReader(bytes)
            let kind = try reader.byte()
            let request = try reader.number()
            guard let message = try message(kind, request, &reader) else { return .unknown }
            guard reader.isAtEnd else { throw ByteReader.Damaged() }
            return message
        } catch {
            throw .malformed("transfer of \(bytes.count) bytes")
        }
    }

    private static func kind(of message: TransferMessage) -> UInt8 {
        switch message {
        case .unknown: 0
        case .wantSnapshot: 1
        case .snapshot: 2
        case .wantSums: 3
        case .sums: 4
        case .wantHashes: 5
        case .hashes: 6
        case .wantDocuments: 7
        case .documents: 8
        case .wantOps: 9
        case .ops: 10
        case .unavailable: 11
        }
    }

    private static func message(
        _ kind: UInt8,
        _ request: UInt64,
        _ reader: inout ByteReader
    ) throws(ByteReader.Damaged) -> TransferMessage? {
        switch kind {
        case 1:
            let after = try reader.optionalID()
            let limit = Int(clamping: try reader.number())
            return .wantSnapshot(request, after: after, limit: limit)
        case 2: return .snapshot(request, try reader.chunk())
        case 3: return .wantSums(request)
        case 4:
            let vector = try reader.vector()
            let sums = try reader.list(limit: StateDigest.bucketCount) { reader throws(ByteReader.Damaged) in
                try reader.hash().number
            }
            guard sums.count == StateDigest.bucketCount else { throw ByteReader.Damaged() }
            return .sums(request, sums, vector)
        case 5: return .wantHashes(request, buckets: try reader.buckets())
        case 6: return .hashes(request, try reader.hashes())
        case 7:
            let ids = try reader.list(limit: Limits.repairDocumentsMax) { reader throws(ByteReader.Damaged) in
                try reader.documentID()
            }
            return .wantDocuments(request, ids)
        case 8:
            let vector = try reader.vector()
            let copies = try reader.list(limit: Limits.repairDocumentsMax) { reader throws(ByteReader.Damaged) in
                try reader.copy()
            }
            return .documents(request, copies, vector)
        case 9:
            let dots = try reader.list(limit: Limits.mendOpsMax) { reader throws(ByteReader.Damaged) in
                try reader.dot()
            }
            return .wantOps(request, dots)
        case 10:
            let copies = try reader.list(limit: Limits.mendOpsMax) { reader throws(ByteReader.Damaged) in
                OpCopy(dot: try reader.dot(), body: try reader.block())
            }
            return .ops(request, copies)
        case 11: return .unavailable(request)
        default: return nil
        }
    }
}

extension ByteWriter {
    fileprivate mutating func transfer(_ chunk: SnapshotChunk) {
        transfer(chunk.after)
        transfer(chunk.through)
        transfer(chunk.vector)
        transfer(chunk.heads)
        transfer(chunk.hash)
        number(chunk.items.count)
        for item in chunk.items {
            transfer(item.id)
            block(item.body)
        }
    }

    fileprivate mutating func transfer(_ hashes: DigestHashes) {
        transfer(hashes.vector)
        number(hashes.buckets.count)
        for bucket in hashes.buckets { number(bucket) }
        number(hashes.documents.count)
        for entry in hashes.documents {
            transfer(entry.id)
            transfer(entry.hash)
        }
    }
}

extension ByteReader {
    fileprivate mutating func chunk() throws(Damaged) -> SnapshotChunk {
        let after = try optionalID()
        let through = try optionalID()
        let vector = try vector()
        let heads = try heads()
        let hash = try hash()
        let items = try list(limit: Limits.snapshotChunkDocumentsMax) { reader throws(Damaged) in
            SnapshotChunk.Item(id: try reader.documentID(), body: try reader.block())
        }
        return SnapshotChunk(after: after, through: through, vector: vector, heads: heads, items: items, hash: hash)
    }

    fileprivate mutating func buckets() throws(Damaged) -> [Int] {
        try list(limit: Limits.repairBucketsMax) { reader throws(Damaged) in
            let bucket = try reader.number()
            guard bucket < UInt64(StateDigest.bucketCount) else { throw Damaged() }
            return Int(bucket)
        }
    }

    fileprivate mutating func hashes() throws(Damaged) -> DigestHashes {
        let vector = try vector()
        let buckets = try buckets()
        // The first bucket goes whole, however large it is.
        let documents = try list(limit: Limits.frameBytesMax) { reader throws(Damaged) in
            DigestHashes.Entry(id: try reader.documentID(), hash: try reader.hash())
        }
        return DigestHashes(buckets: buckets, documents: documents, vector: vector)
    }

    fileprivate mutating func copy() throws(Damaged) -> DocumentCopy {
        let id = try documentID()
        switch try byte() {
        case 0: return DocumentCopy(id: id, body: nil)
        case 1: return DocumentCopy(id: id, body: try block())
        default: throw Damaged()
        }
    }
}
