package import Kernel

/// What happens to a site's records.
package enum RecordsEvent: Sendable {
    /// An authenticated link to a peer is ready for frames.
    case linkUp(SiteID)
    /// A link to a peer is gone.
    case linkDown(SiteID)
    /// A frame arrived from a peer; those that are not about records are ignored.
    case frame(SiteID, Frame)
    /// Edits of this site are on disk.
    case committed(CommitResult)
    /// A batch asked to be applied was applied; the transaction is on disk.
    case applied(OpsApplication, ApplyOutcome)
    /// A batch asked to be applied could not be, because the storage failed.
    case applyFailed(OpsApplication)
    /// Ops asked to be read were read (`Ledger.readSound`); nil when the storage failed. `damaged` is an op whose bytes
    /// the disk changed, before which the batch ends.
    case read(OpsReading, OpsBatch?, damaged: Dot? = nil)
    /// A task is done and on disk; nil when the storage failed.
    case taskDone(LedgerTaskToken, LedgerTaskResult?)
    /// Somebody asks something of the cluster; answered by `.reply`.
    case command(RecordsCommandToken, RecordsCommand)
    /// The time of `nextDeadline` has come.
    case timer
}

/// What the records want done.
package enum RecordsDirective: Sendable {
    /// Send a frame to a peer.
    case send(SiteID, Frame)
    /// Read ops from the ledger and answer with `.read`.
    case readOps(OpsReading)
    /// Apply ops to the ledger and answer with `.applied` or `.applyFailed`.
    case applyOps(OpsApplication)
    /// Have the ledger perform a task, in the order of these directives, and answer with `.taskDone`.
    case task(LedgerTaskToken, LedgerTask)
    /// The peer's hello was accepted: its presence, messages and heartbeats count from now on.
    case peerAccepted(SiteID, Hello)
    /// The peer cannot be talked to: close the link, tell the operator, and do not hurry to dial again.
    case peerRefused(SiteID, Refusal)
    /// Documents changed that no edit or batch told of: the outcome of a task.
    case changed([Document])
    /// A decision about a member holds.
    case decided(MembershipDecision)
    /// Answer a command.
    case reply(RecordsCommandToken, RecordsReply)
    /// Something that somebody has to look at.
    case alarm(RecordsAlarm)
    /// Something worth a line in the log.
    case note(RecordsNote)
}

/// Names a task until it is done; counts up from 1.
package struct LedgerTaskToken: Hashable, Comparable, Sendable {
    /// The number.
    package let number: UInt64

    /// Makes a token.
    package init(_ number: UInt64) {
        self.number = number
    }

    /// Orders by number.
    package static func < (left: LedgerTaskToken, right: LedgerTaskToken) -> Bool {
        left.number < right.number
    }
}

/// Names a command to the records until its answer; chosen by whoever asks, unique while it is open.
package struct RecordsCommandToken: Hashable, Comparable, Sendable {
    /// The number.
    package let number: UInt64

    /// Makes a token.
    package init(_ number: UInt64) {
        self.number = number
    }

    /// Orders by number.
    package static func < (left: RecordsCommandToken, right: RecordsCommandToken) -> Bool {
        left.number < right.number
    }
}
