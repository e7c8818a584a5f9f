import Kernel
package import Replication

/// The blobs of a site: the exchange with peers, and who here waits for one.
struct BlobDesk: Sendable {
    /// A command that waits for a blob, until when.
    struct Waiting: Sendable {
        let blob: BlobID
        let until: Instant
    }

    var exchange = BlobExchange()
    var waiting: [CommandToken: Waiting] = [:]

    var nextDeadline: Instant? {
        [exchange.nextDeadline, waiting.values.map(\.until).min()].compactMap { $0 }.min()
    }

    /// Takes out the commands that wait for a blob, in the order in which they came.
    mutating func takeWaiting(for blob: BlobID) -> [CommandToken] {
        let tokens = waiting.filter { $0.value.blob == blob }.keys.sorted()
        for token in tokens { waiting[token] = nil }
        return tokens
    }

    /// Takes out the commands whose patience is over.
    mutating func takeImpatient(at now: Instant) -> [(CommandToken, BlobID)] {
        let over = waiting.filter { $0.value.until <= now }.sorted { $0.key < $1.key }
        for (token, _) in over { waiting[token] = nil }
        return over.map { ($0.key, $0.value.blob) }
    }
}

/// What became of the wish for a blob.
package enum BlobReply: Hashable, Sendable {
    /// It is on this site's disk, whole.
    case here(size: Int)
    /// It is on its way and was not here in time; it goes on being fetched.
    case coming(BlobProgress)
    /// It cannot be had now.
    case failed(BlobFailure)
}
