/// What sites say to each other about blobs: the payload of `Frame.blob`.
package enum BlobMessage: Hashable, Sendable {
    /// Has the receiver this blob? With `relay` above 0 it shall get it from others if it has not, over as many sites.
    case ask(BlobID, relay: Int)
    /// The sender has it whole, with so many bytes.
    case here(BlobID, size: Int)
    /// The sender has not got it.
    case absent(BlobID)
    /// The sender is getting it and says `here` when it has it.
    case coming(BlobID)
    /// The sender needs no help any more with a blob for which it asked with `relay`.
    case enough(BlobID)
    /// Asks for a range; the answer carries the number.
    case want(UInt64, BlobID, offset: Int, length: Int)
    /// A range, as much as there was room for, and the size of the whole.
    case part(UInt64, offset: Int, size: Int, [UInt8])
    /// The sender cannot answer that request now: busy, or the blob is not there.
    case unavailable(UInt64)
    /// A kind that only a newer node understands; to be ignored.
    case unknown
}
