package import Kernel

/// What happens to the exchange of blobs.
package enum BlobEvent: Hashable, Sendable {
    /// A peer's hello was accepted.
    case peerUp(SiteID)
    /// A peer's link is gone.
    case peerDown(SiteID)
    /// The payload of a `Frame.blob`.
    case frame(SiteID, [UInt8])
    /// Somebody here wants a blob: it is fetched unless it is here. To be repeated while the wish lasts.
    case wanted(BlobID)
    /// What became of a job.
    case done(UInt64, BlobResult)
    /// The time of `nextDeadline` has come.
    case timer
}

/// What the exchange of blobs wants done.
package enum BlobDirective: Hashable, Sendable {
    /// Send a `Frame.blob` with this payload.
    case send(SiteID, [UInt8])
    /// Do this with the disk and answer with `BlobEvent.done`.
    case perform(BlobJob)
    /// A blob that was wanted is here whole.
    case arrived(BlobID, size: Int)
    /// A blob that was wanted did not come.
    case gaveUp(BlobID, BlobFailure)
    /// What came had another hash than the name; these peers gave parts of it.
    case mismatched(BlobID, from: [SiteID])
    /// A peer sends bytes that mean nothing: close the link.
    case malformed(SiteID, FrameError)
}

/// Why a blob did not come.
package enum BlobFailure: String, Hashable, Sendable {
    /// Too many blobs are on their way.
    case tooMany
    /// No site that can be reached has it.
    case nobodyHasIt
    /// Whatever came was something else.
    case damaged
    /// This site's disk did not take it.
    case disk
}

/// How far the fetch of a blob is.
package struct BlobProgress: Hashable, Sendable {
    /// Bytes on this site's disk.
    package let length: Int
    /// Of how many; nil while nobody who has it was found.
    package let size: Int?
    /// Who gives it at the moment.
    package let donor: SiteID?

    /// Tells how far one is.
    package init(length: Int, size: Int?, donor: SiteID?) {
        self.length = length
        self.size = size
        self.donor = donor
    }
}
