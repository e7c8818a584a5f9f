// Sizes of snapshots, repair and scrub.
extension Limits {
    /// Bytes of documents in one chunk of a snapshot: a frame of 256 kB with room for vector and heads, so that a link
    /// stays free for calls between two.
    package static let snapshotChunkBytesMax = 192 * 1_024
    /// Documents in one chunk, for many tiny ones: reading or installing them takes about 20 ms.
    package static let snapshotChunkDocumentsMax = 1_024
    /// Documents read at once while a chunk is filled: the rest of the last page is read in vain.
    package static let snapshotPageDocuments = 128
    /// Documents here that one installed chunk may be compared with; the next chunk is asked for from where it stopped.
    package static let installComparedMax = 2_048
    /// Bytes of one frame of a transfer; longer messages (a document near its bound) go in parts.
    package static let transferPartBytesMax = 224 * 1_024
    /// Bytes of a message put together from parts: the largest document, grown by merging beyond its bound, and the
    /// longest vector.
    package static let transferMessageBytesMax = 8 * 1_024 * 1_024
    /// Messages of one peer of which parts are still missing: one that it answers and one that it asks.
    package static let transferAssembliesMax = 2
    /// Requests that a donor works on at once, over all peers: each holds a chunk in memory.
    package static let transferServesMax = 4
    /// Requests of one peer that a donor works on at once; a peer has one of each kind (join, repair, scrub) under way.
    package static let transferServesPerPeerMax = 3
    /// Buckets of the digest whose documents one step of repair compares: with a million documents about 4,000 hashes.
    package static let repairBucketsMax = 16
    /// Hashes in one answer: they fit a frame.
    package static let repairHashesMax = 4_096
    /// Documents that one step of repair fetches.
    package static let repairDocumentsMax = 64
    /// Bytes of documents in one answer, beside the first, which always goes.
    package static let repairBytesMax = 192 * 1_024
    /// Steps of one round of repair before the digests are compared anew.
    package static let repairStepsMax = 64
    /// Own digests remembered by their vectors, so that a beacon meets one although commits go on.
    package static let digestHistoryMax = 64
    /// Conflicts read at once when those of one document are looked for.
    package static let conflictsPerPage = 256
    /// Ops that one slice of a scrub reads and hashes: about 5 ms.
    package static let scrubOpsPerSlice = 1_024
    /// Documents that one slice of a scrub checks: about 5 ms.
    package static let scrubDocumentsPerSlice = 256
    /// Damaged ops or documents remembered until they are mended; the next round finds what is left.
    package static let damagedRemembered = 256
    /// Damaged ops asked of a peer at once.
    package static let mendOpsMax = 64
}

// When a site joins by snapshot.
extension Limits {
    /// Ops that a blank site fetches one by one; with more, a snapshot is cheaper.
    ///
    /// A site that has records never takes a
    /// snapshot because of a number: it may not write meanwhile, and 100,000 ops a second arrive by themselves.
    package static let joinGapOpsMax: UInt64 = 50_000
    /// How long a site waits for a peer whose log still reaches far enough before it takes a snapshot.
    package static let joinPatience = Span.seconds(3)
    /// How long ops that a snapshot already shows may stay away; then their donor is gone, and another's snapshot
    /// counts.
    package static let joinTailPatience = Span.seconds(60)
}

// Times of transfers.
extension Limits {
    /// An unanswered request is given up and another peer asked.
    package static let transferTimeout = Span.seconds(5)
    /// A peer that failed or refused is left alone this long, if there is another.
    package static let transferPeerPause = Span.seconds(2)
    /// Between two rounds of repair with one peer.
    package static let repairPause = Span.seconds(5)
    /// Between two slices of a scrub: a million ops and documents are looked at within some hours.
    package static let scrubInterval = Span.seconds(2)
    /// Between two tries to mend what is damaged.
    package static let mendInterval = Span.seconds(5)
}
