/// What the exchange of blobs asks of the disk.
package enum BlobTask: Hashable, Sendable {
    /// Is it here? Answer `.standing`.
    case look(BlobID)
    /// Read a range of a whole blob, or of less at its end; answer `.bytes` or `.missing`.
    case read(BlobID, offset: Int, length: Int)
    /// Put fetched bytes at an offset of the partial file and forget what it held from there on.
    ///
    /// Answer `.kept` with the length that there is now: less than asked for when the offset lies beyond the file.
    /// With the last byte of `size` the whole is hashed: `.whole` or, the partial file gone, `.mismatched`.
    case append(BlobID, offset: Int, [UInt8], size: Int)
}

/// What became of a task.
package enum BlobResult: Hashable, Sendable {
    /// How much of it is here.
    case standing(BlobStanding)
    /// Bytes of it, and the size of the whole.
    case bytes([UInt8], size: Int)
    /// It is not here.
    case missing
    /// So many bytes of it are on disk.
    case kept(Int)
    /// It is here whole and was held against its name.
    case whole(size: Int)
    /// What came has another hash; it was thrown away.
    case mismatched
    /// The disk did not do it.
    case failed(reason: String)
}

/// How much of a blob is on a site's disk.
package enum BlobStanding: Hashable, Sendable {
    /// Nothing.
    case absent
    /// Its first bytes, so many.
    case partial(Int)
    /// All, so many bytes.
    case whole(Int)
}

/// A task with the number that its answer carries.
package struct BlobJob: Hashable, Sendable {
    /// Counts up from 1 within one life of a site.
    package let number: UInt64
    /// What to do.
    package let task: BlobTask

    /// Makes a job.
    package init(_ number: UInt64, _ task: BlobTask) {
        self.number = number
        self.task = task
    }
}
