// Bounds of the links between sites.

extension Limits {
    /// Unsent bytes a link keeps for frames of the control class.
    ///
    /// They are small and soon out of date: a link that has a megabyte of them waiting is dead, and is closed so
    /// that a new one is made.
    package static let meshControlQueueBytesMax = 1_024 * 1_024
    /// Unsent bytes of presence.
    ///
    /// Beyond, presence is dropped; the digest exchange repairs what is missing.
    package static let meshPresenceQueueBytesMax = 2 * 1_024 * 1_024
    /// Unsent bytes of live ops.
    ///
    /// Beyond, they are dropped: the peer sees from a beacon what it lacks and asks for it.
    package static let meshDurableQueueBytesMax = 1_024 * 1_024
    /// What is handed to TLS before the kernel has taken it.
    ///
    /// The less, the sooner an urgent frame passes the others; this keeps a link of 1 Gbit/s busy over a round trip
    /// of 0.5 ms.
    package static let meshWriteAheadBytes = 64 * 1_024
    /// Frames are joined up to this size before they are encrypted: one TLS record, one system call.
    package static let meshBatchBytes = 16 * 1_024
    /// Strangers and peers whose handshake is not done.
    ///
    /// Sites are few; more is a flood.
    package static let meshHandshakesMax = 64
    /// First and shortest wait before a peer is dialled again.
    package static let meshRetryMin = Span.milliseconds(100)
    /// Longest wait before a peer is dialled again.
    package static let meshRetryMax = Span.seconds(5)
    /// How long a link must hold before the next wait starts from the shortest again.
    package static let meshStableAfter = Span.seconds(5)
    /// Longest wait for a peer's TCP answer: two tries of the kernel, then another address or another moment.
    package static let meshConnectTimeout = Span.seconds(2)
    /// A link on which nothing was heard for so long is closed; each side sends four times as often.
    package static let meshIdleTimeout = Span.seconds(6)
    /// A refusal that repeats within this time is told once.
    package static let meshRefusalQuiet = Span.seconds(30)
    /// Bytes that the kernel may hold of a link without having sent them.
    ///
    /// With the write-ahead above, this is what an urgent frame waits behind at most, beside what is on its way.
    package static let meshKernelUnsentBytesMax = 128 * 1_024
    /// Requests of one peer for bulk that wait because its line is full: one for each read that may be under way.
    package static let heldRequestsPerPeerMax = readsPerPeerMax
    /// How much of the catch-up and the snapshot line may be taken when something more is read from disk for it.
    ///
    /// Two batches keep the link busy while the next is read.
    package static let meshBulkAdmitBytesMax = 2 * opsBatchBytesMax
    /// Unsent bytes of each bulk class: what was admitted, and an answer to each read that was under way by then.
    ///
    /// So a bulk frame is never dropped: see `MeshNode.hasRoom`.
    package static let meshBulkQueueBytesMax =
        meshBulkAdmitBytesMax + (readsPerPeerMax + 1) * (opsBatchBytesMax + 64 * 1_024)
    /// How often certificate, key, authority and revocation files are looked at for changes: four small files.
    package static let certificateCheckInterval = Span.seconds(10)
    /// How long before its end a certificate is told of: time enough to issue one through a slow organisation.
    package static let certificateWarnBefore = Span.seconds(30 * 86_400)
    /// How often it is told again: once a day, so that it stays in the newest part of any log.
    package static let certificateWarnAgain = Span.seconds(86_400)
}
