package import Kernel

/// What sites say to each other about snapshots, repair and damaged records; answers carry the request's number.
package enum TransferMessage: Hashable, Sendable {
    /// Asks for the documents after an id, at most so many.
    case wantSnapshot(UInt64, after: DocumentID?, limit: Int)
    /// A range of documents.
    case snapshot(UInt64, SnapshotChunk)
    /// Asks for the sums of the digest.
    case wantSums(UInt64)
    /// The sums of all buckets, at a vector.
    case sums(UInt64, [UInt128], VersionVector)
    /// Asks for the hashes of the documents of some buckets.
    case wantHashes(UInt64, buckets: [Int])
    /// The hashes of as many of these buckets as there was room for.
    case hashes(UInt64, DigestHashes)
    /// Asks for documents.
    case wantDocuments(UInt64, [DocumentID])
    /// The healthy ones, as many as there was room for, at a vector.
    case documents(UInt64, [DocumentCopy], VersionVector)
    /// Asks for single ops.
    case wantOps(UInt64, [Dot])
    /// The healthy ones, as many as there was room for.
    case ops(UInt64, [OpCopy])
    /// The sender cannot answer: it is joining, or busy, or has not got it whole.
    case unavailable(UInt64)
    /// A kind that only a newer node understands; to be ignored.
    case unknown

    /// The number of the request.
    package var request: UInt64 {
        switch self {
        case .wantSnapshot(let number, _, _), .snapshot(let number, _), .wantSums(let number), .sums(let number, _, _),
            .wantHashes(let number, _), .hashes(let number, _), .wantDocuments(let number, _),
            .documents(let number, _, _), .wantOps(let number, _), .ops(let number, _), .unavailable(let number):
            number
        case .unknown: 0
        }
    }

    /// What a request asks of the disk; nil for an answer.
    var task: TransferTask? {
        switch self {
        case .wantSnapshot(_, let after, let limit): .readSnapshot(after: after, limit: limit)
        case .wantSums: .readSums
        case .wantHashes(_, let buckets): .readHashes(buckets: buckets)
        case .wantDocuments(_, let ids): .readDocuments(ids)
        case .wantOps(_, let dots): .readOps(dots)
        case .snapshot, .sums, .hashes, .documents, .ops, .unavailable, .unknown: nil
        }
    }

    /// The answer to a request with what was read for it.
    init(answering request: UInt64, with result: TransferResult) {
        switch result {
        case .snapshot(let chunk?): self = .snapshot(request, chunk)
        case .sums(let sums?, let vector): self = .sums(request, sums, vector)
        case .hashes(let hashes): self = .hashes(request, hashes)
        case .documents(let copies, let vector): self = .documents(request, copies, vector)
        case .ops(let copies): self = .ops(request, copies)
        default: self = .unavailable(request)
        }
    }
}
