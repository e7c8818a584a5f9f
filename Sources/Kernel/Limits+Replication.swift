extension Limits {
    /// How far ahead of this site's wall clock a stamp may pull its hybrid clock: beyond that a clock is wrong,
    /// not drifting, and one wrong clock must not drag every site's stamps into the future.
    package static let clockAheadMax = Span.seconds(5)
    /// How far ahead of use stamps are reserved on disk: one small write per two seconds of commits, and at
    /// most that much jump of the clock after a crash.
    package static let clockReserve = Span.seconds(2)

    /// Edits in one request: an import of customers sends several requests, and no form touches that many.
    package static let editsPerRequestMax = 64
    /// Changes of one document in one request: more than its schema has fields, several times over.
    package static let changesPerEditMax = 256
    /// Bytes of one op's body: it must fit a frame with room for the envelope, whatever else rides there.
    package static let opBytesMax = 256 * 1_024
    /// Bytes of one value: a long note.
    ///
    /// Larger things are attachments, which are stored apart.
    package static let valueBytesMax = 64 * 1_024
    /// Lists inside lists: values are flat records; a bound keeps a hostile one from exhausting the stack.
    package static let valueDepthMax = 8
    /// Bytes of one document as measured roughly at commit: it is read and written whole at each change.
    package static let documentBytesMax = 1_024 * 1_024
    /// Overwritten concurrent values kept for one register.
    ///
    /// Past it the writer's site settles the oldest with its op, so that a client which always sends a stale
    /// version cannot grow a document for ever.
    package static let lostWritesPerRegisterMax = 16

    /// What number series start after: four digits from the first, so that people hear equal lengths.
    package static let humanNumbersStart: Int64 = 1_000

    /// Ops of other sites kept in memory while something they depend on is still on its way.
    package static let heldOpsMax = 4_096
    /// Bytes of those ops: with the count above, what a site spends at most on waiting for causes.
    package static let heldOpBytesMax = 4 * 1_024 * 1_024
    /// Bytes of op bodies in one batch: a link stays free for heartbeats between batches, and applying one
    /// takes about 20 ms.
    package static let opsBatchBytesMax = 256 * 1_024
    /// Ops in one batch, for many tiny ones.
    package static let opsBatchCountMax = 4_096
    /// Batches received and not yet applied, per origin, before the next is asked for: one on the disk, one waiting.
    package static let unappliedBatchesMax = 2
    /// Reads of the op log under way for one peer, at most one per origin of a cluster of moderate size.
    package static let readsPerPeerMax = 16
    /// Origins in one version vector from a peer: sites times the epochs of each, generously.
    package static let originsMax = 1_024

    /// A frame's bytes after its length field: four batches, because a message of the control class must
    /// never have to be split.
    package static let frameBytesMax = 1_024 * 1_024
    /// Sites in a cluster, generously: digests and reachability lists grow with it.
    package static let sitesMax = 64
    /// Presence entries of one site: agents, waiting contacts and gauges of the largest site, twice.
    package static let presenceEntriesMax = 40_000
    /// Presence entries in one frame: about 100 bytes each, well below the frame's bound.
    package static let presenceEntriesPerFrameMax = 2_000
    /// Bytes of one presence entry's fields: it travels on each change.
    package static let presenceEntryBytesMax = 2_048
    /// Fields of one presence entry or message.
    package static let fieldsPerMapMax = 64
}

// Times of anti-entropy, presence and their retries.
extension Limits {
    /// Between beacons: what bounds how late a lost message is noticed.
    package static let beaconInterval = Span.seconds(1)
    /// At least this long between beacons after commits, so that a busy site does not answer each op with one.
    package static let beaconSpacing = Span.milliseconds(50)
    /// A repeated hello is answered only so long after our own: a lost one is repeated each `beaconInterval`, and one
    /// that crossed ours on the way comes sooner than this on any link that is of use.
    package static let helloSpacing = Span.milliseconds(500)
    /// How long ops announced by their own site may be on their way before they are asked for.
    package static let liveTailPatience = Span.milliseconds(100)
    /// The same, while their site has a link here and another site announces them: asking at once would bring
    /// most ops twice.
    package static let relayPatience = Span.milliseconds(400)
    /// A wish for ops unanswered this long is taken to be lost, and the next peer is asked.
    package static let wantTimeout = Span.seconds(2)
    /// An origin whose ops could not be applied is left alone this long: the reason seldom goes away at once.
    package static let blockedOriginPause = Span.seconds(10)

    /// Changes of presence after the first are gathered this long: people notice nothing, bursts shrink.
    package static let presenceCoalescing = Span.milliseconds(25)
    /// Between digests of presence.
    package static let presenceDigestInterval = Span.seconds(1)
    /// Between two wishes for the full presence of one site.
    package static let presenceWantSpacing = Span.milliseconds(500)
    /// Presence not confirmed this long is stale: three digests missed.
    package static let presenceStaleAfter = Span.milliseconds(3_500)
    /// Bytes of entries in one presence frame, roughly: the link stays free for calls between two.
    package static let presenceFrameBytesMax = 256 * 1_024
}

// Times and sizes of forgetting and of what is held back.
extension Limits {
    /// Deleted documents looked at by one task of forgetting, so that a caller waits milliseconds at most.
    package static let tombstonesPerTaskMax = 256
    /// Ops of one origin kept on disk because their stamps lie in the future: an hour of a busy site.
    ///
    /// What does not fit is asked for again when there is room.
    package static let heldBackOpsMax = 10_000
    /// Between rounds of forgetting: each may look at `tombstonesPerTaskMax` documents.
    package static let forgettingInterval = Span.seconds(30)
    /// How long ops stay in the log after every counted member has them: what a site that lost its disk, or one that
    /// was set back to last weekend's backup, can still get op by op.
    package static let logRetention = Span.minutes(72 * 60)
    /// How many moments of the retention are remembered; more would only make the trimming smoother.
    package static let stableHistoryMax = 128
    /// How long a command may wait for other sites' disks at most: an HTTP request does not live longer.
    package static let acknowledgementPatienceMax = Span.seconds(30)
    /// Between notes on disk of when each member was heard: silence is judged in days.
    package static let heardSaveInterval = Span.minutes(10)
    /// Between checks of the whole disk because ops could not be applied: a full disk is the commoner reason.
    package static let lookAtDiskInterval = Span.minutes(1)
    /// Between rounds of housekeeping: what nobody waits for, yet should not lie for long.
    package static let housekeepingInterval = Span.seconds(1)
}
