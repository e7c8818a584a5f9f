// Sizes of blobs (attachments) and of their exchange.
extension Limits {
    /// Bytes of one blob: a long scan or a short video, as mail servers take it.
    package static let blobBytesMax = 25 * 1_024 * 1_024
    /// Bytes of one part on the wire: a frame of 256 kB with room for its head, so that a link stays free for calls.
    package static let blobPartBytesMax = 192 * 1_024
    /// Blobs fetched at the same time: with one part each in flight, less than a megabyte of memory.
    package static let blobFetchesMax = 4
    /// Blobs wanted and not here yet, under way or not; more are refused and asked for again by whoever waits.
    package static let blobFetchesWaitingMax = 64
    /// Questions of peers that the disk works on at once, over all peers: each may hold a part in memory.
    package static let blobServesMax = 16
    /// Questions of one peer that the disk works on at once: its fetches and as many asks.
    package static let blobServesPerPeerMax = 8
    /// Over how many sites a wish is passed on when nobody in reach has the blob.
    package static let blobRelayMax = 2
    /// Times that a blob may arrive with other content than its name says before it is given up.
    package static let blobMismatchesMax = 4
    /// Bytes that the disk reads at once for a hash or an answer: some milliseconds.
    package static let blobReadBytes = 256 * 1_024
    /// Jobs that wait for the blobs' disk; more are refused.
    package static let blobJobsMax = 256
    /// Partly fetched blobs kept on disk for going on; of more the oldest go.
    package static let blobPartialsMax = 64
    /// Damaged blobs named by a verification.
    package static let blobDamagedNamedMax = 100
    /// Uploads under way at once: each holds a few parts in memory and writes to the disk.
    package static let blobUploadsMax = 16
}

// Times of the exchange of blobs.
extension Limits {
    /// How long peers may take to say whether they have a blob.
    package static let blobAskTimeout = Span.seconds(2)
    /// How long a part may take; 192 kB over a link of 500 kbit/s take 3 s.
    package static let blobPartTimeout = Span.seconds(5)
    /// How long a peer that failed or was busy is left alone.
    package static let blobPeerPause = Span.seconds(1)
    /// How long after a round of asking without success the next one begins.
    package static let blobRest = Span.seconds(3)
    /// How long a blob is looked for after somebody last wanted it; a page that waits asks again.
    package static let blobInterest = Span.seconds(120)
    /// The same for a blob that is fetched for another site, which asks again each few seconds.
    package static let blobRelayInterest = Span.seconds(30)
    /// How long a request may wait for a blob before it is told how far it is.
    package static let blobPatienceMax = Span.seconds(30)
}
