package import Kernel
import Replication

/// What a page here wants of a recording that is at another site.
package enum RecordingWish: Hashable, Sendable {
    /// Its size, length and picture; with a listener it is opened for that person.
    case look(SiteID, RecordingPlace, listener: String?)
    /// A range of one that was opened, at most `Limits.recordingPartBytesMax` bytes.
    case read(SiteID, grant: UInt64, offset: Int, length: Int)

    /// The site that has it.
    package var site: SiteID {
        switch self {
        case .look(let site, _, _), .read(let site, _, _, _): site
        }
    }
}

/// What became of such a wish.
package enum RecordingReply: Hashable, Sendable {
    /// It is there; the grant reads it when it was opened.
    case found(RecordingFacts, grant: UInt64)
    /// The bytes; never none, and never more than were asked for.
    case part([UInt8])
    /// The other site gives nothing.
    case refused(RecordingRefusal)
    /// The other site cannot be reached; since when it was not heard, as far as this life of the site knows.
    case away(since: WallTime?)
    /// The other site can be reached and did not answer in time.
    case late
}

/// What the disk is to do for another site.
package enum RecordingTask: Hashable, Sendable {
    /// Tells what a recording is; with a listener, after a note in the audit trail of who hears it, and where.
    case look(RecordingPlace, listener: String?, from: SiteID)
    /// Reads a range of the file.
    case read(RecordingPlace, offset: Int, length: Int)
}

/// A task with the number under which its result is awaited.
package struct RecordingJob: Hashable, Sendable {
    /// The number.
    package let number: UInt64
    /// What to do.
    package let task: RecordingTask

    /// Numbers a task.
    package init(_ number: UInt64, _ task: RecordingTask) {
        self.number = number
        self.task = task
    }
}

/// What became of a task.
package enum RecordingResult: Hashable, Sendable {
    /// The recording is on disk.
    case found(RecordingFacts)
    /// The bytes of the range, as many as the file has.
    case bytes([UInt8])
    /// Nothing is given.
    case refused(RecordingRefusal)
}

/// What can happen to the exchange of recordings.
enum RecordingEvent: Sendable {
    /// A link to a peer stands.
    case peerUp(SiteID)
    /// It is gone.
    case peerDown(SiteID)
    /// A message from a peer.
    case frame(SiteID, [UInt8])
    /// A page wants something; answered exactly once, `until` then at the latest.
    case wanted(CommandToken, RecordingWish, until: Instant)
    /// The disk has done a job.
    case done(UInt64, RecordingResult)
    /// The deadline has come, or nothing has.
    case timer
}

/// What the exchange wants done.
enum RecordingDirective: Sendable {
    /// Send a message to a peer.
    case send(SiteID, [UInt8])
    /// Have the disk do something and answer `done`.
    case perform(RecordingJob)
    /// Answer a page.
    case answer(CommandToken, RecordingReply)
    /// Answer a page that the peer cannot be reached.
    case away(CommandToken, SiteID)
    /// A peer has sent what makes no sense.
    case malformed(SiteID, FrameError)
}
