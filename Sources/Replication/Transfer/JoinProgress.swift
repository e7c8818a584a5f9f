package import Kernel

/// How far a site has come in taking in a snapshot; kept on disk with what it describes.
package struct JoinProgress: Hashable, Sendable {
    /// What is still to do.
    package enum Phase: UInt8, Hashable, Sendable {
        /// Ranges of documents are missing.
        case documents = 0
        /// All documents are here; the logs still have to begin at the base.
        case complete = 1
        /// Ops that the documents already reflect are still to arrive in the log; nothing may be written before.
        case tail = 2
        /// The site is as any other.
        case done = 3
    }

    /// What is still to do.
    package var phase: Phase
    /// The next range begins after this id; nil before the first.
    package var through: DocumentID?
    /// The least head of every origin over all chunks so far, with the chain hash that the chunk with that head told;
    /// nil before the first chunk.
    package var base: [OriginHead]?
    /// The greatest vector of all chunks so far: what some document may reflect.
    package var upper: VersionVector
    /// Ranges installed, for people.
    package var chunks: UInt64
    /// Documents received, for people.
    package var documents: UInt64

    /// Where nothing has been taken in.
    package init() {
        phase = .documents
        upper = VersionVector()
        chunks = 0
        documents = 0
    }

    /// Takes a chunk's vector and heads into account.
    ///
    /// An intersection of causally closed sets is closed, so the least heads are a vector like any other. Each chunk
    /// tells the chain of every head at its own vector, so whichever chunk has the least head of an origin tells the
    /// chain at that head: donors may change at any point, one that is behind included.
    mutating func include(_ chunk: SnapshotChunk) {
        upper.merge(chunk.vector)
        guard let base else {
            self.base = chunk.heads
            return
        }
        var theirs: [Origin: OriginHead] = [:]
        for head in chunk.heads { theirs[head.dot.origin] = head }
        self.base = base.compactMap { head in
            guard let other = theirs[head.dot.origin] else { return nil }
            return other.dot.sequence < head.dot.sequence ? other : head
        }
    }

    /// The name of the bytes in the storage.
    static let blobName = "transfer.join"

    private static let form: UInt8 = 1

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.byte(JoinProgress.form)
        writer.byte(phase.rawValue)
        writer.transfer(through)
        writer.byte(base == nil ? 0 : 1)
        writer.transfer(base ?? [])
        writer.transfer(upper)
        writer.number(chunks)
        writer.number(documents)
        return writer.bytes
    }

    /// Reads what `encoded` wrote; nil for anything else.
    init?(encoded bytes: [UInt8]) {
        self.init()
        do throws(ByteReader.Damaged) {
            var reader = ByteReader(bytes)
            guard try reader.byte() == JoinProgress.form, let phase = Phase(rawValue: try reader.byte()) else {
                return nil
            }
            self.phase = phase
            through = try reader.optionalID()
            let hasBase = try reader.byte() == 1
            let heads = try reader.heads()
            base = hasBase ? heads : nil
            upper = try reader.vector()
            chunks = try reader.number()
            documents = try reader.number()
            guard reader.isAtEnd else { return nil }
        } catch {
            return nil
        }
    }
}
