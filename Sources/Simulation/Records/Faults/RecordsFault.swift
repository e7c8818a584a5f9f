/// What can go wrong with simulated records.
package enum RecordsFault: String, Hashable, CaseIterable, Comparable, Sendable {
    /// The link between two sites is cut, both ways.
    case cut
    /// Frames vanish one way until the link is noticed dead.
    case oneWayCut
    /// Nothing arrives one way for a while, then everything at once.
    case stall
    /// A link carries few bytes a second.
    case slowLink
    /// A link breaks again and again.
    case flap
    /// A bit flips on the wire.
    case garbage
    /// A process is killed; half the time between the disk's work and the answer.
    case kill
    /// All processes are killed at once and start again one by one.
    case massRestart
    /// A process is stopped for a while and then goes on, as by SIGSTOP.
    case pause
    /// A disk refuses to write.
    case fullDisk
    /// A disk takes seconds.
    case slowDisk
    /// A disk is lost; the site starts blank.
    case lostDisk
    /// The database is set back to an old backup, and the head file tells.
    case restoredBackup
    /// The whole disk is set back to an old copy, so that only peers can tell.
    case setBackDisk
    /// The power fails while the head file is written.
    case tornHeadFile
    /// A bit of an op in the log flips on the disk.
    case rottenOp
    /// A document changes on the disk behind everybody's back.
    case rottenDocument
    /// A wall clock is set an hour forward or back.
    case steppedClock
    /// A wall clock runs too fast or too slow.
    case driftingClock
    /// A site is added and starts for the first time while the others work.
    case joiner
    /// A site is cut off from all others and suspended; later it comes back.
    case suspendedMember

    /// Those that happen unless somebody names others.
    package static let byDefault: [RecordsFault] = allCases.filter { $0 != .rottenDocument }

    /// Orders by name.
    package static func < (left: RecordsFault, right: RecordsFault) -> Bool {
        left.rawValue < right.rawValue
    }
}
