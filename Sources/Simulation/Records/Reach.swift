import Kernel

/// Something rare that a run should reach now and then: a fault's effect, a branch that is seldom taken.
enum Sometimes: String, CaseIterable {
    case linkLostFrames = "link.lost-frames"
    case linkStalled = "link.stalled"
    case linkWaited = "link.slow-queue"
    case linkOverflowed = "link.overflowed"
    case linkGarbage = "link.garbage-refused"
    case linkOutslept = "link.outslept"
    case crashLostBatch = "crash.lost-batch"
    case crashAfterPersist = "crash.after-persist"
    case pauseHeldFrames = "pause.held-frames"
    case diskRefused = "disk.refused"
    case diskStalled = "disk.stalled"
    case epochByHeadFile = "epoch.by-head-file"
    case epochByPeers = "epoch.by-peers"
    case epochBlank = "epoch.blank-disk"
    case lostForGood = "disk.lost-for-good"
    case ownOpsPulledBack = "pull.own-old-epoch"
    case relayUsed = "pull.relay"
    case caughtUp = "pull.catch-up"
    case liveTail = "pull.live-tail"
    case waitedForCauses = "apply.waited-for-causes"
    case heldBack = "apply.held-back"
    case released = "apply.released"
    case anHourPassed = "clock.an-hour-passed"
    case conflictMade = "edit.conflict"
    case conflictRestored = "edit.restored"
    case conflictDismissed = "edit.dismissed"
    case reopenBeatClose = "edit.reopen-beat-close"
    case editRefused = "edit.refused"
    case remainsMade = "delete.lost-and-found"
    case numberGiven = "edit.number"
    case acknowledgedOne = "acknowledged.one"
    case acknowledgedMajority = "acknowledged.majority"
    case acknowledgedLate = "acknowledged.time-up"
    case acknowledgementRefused = "acknowledged.refused"
    case clockNoticed = "clock.alarm"
    case repaired = "digest.repaired"
    case mended = "scrub.found-or-mended"
    case damageMet = "read.damage-met"
    case tombstonesDropped = "forget.tombstones"
    case logTrimmed = "forget.log"
    case joinBegan = "snapshot.began"
    case joined = "snapshot.complete"
    case chunkInstalled = "snapshot.chunk"
    case donorDied = "snapshot.donor-died"
    case memberAdded = "member.added"
    case memberSuspended = "member.suspended"
    case memberBack = "member.back"
    case decisionFailed = "member.decision-failed"
}

/// How often each fault and each rare branch was reached.
struct Reach: Sendable {
    private(set) var began: [String: Int] = [:]
    private(set) var bit: [String: Int] = [:]
    private(set) var branches: [String: Int] = [:]

    mutating func begin(_ fault: RecordsFault) { began[fault.rawValue, default: 0] += 1 }

    mutating func bite(_ fault: RecordsFault) { bit[fault.rawValue, default: 0] += 1 }

    mutating func note(_ branch: Sometimes) { branches[branch.rawValue, default: 0] += 1 }

    mutating func note(_ branch: String) { branches[branch, default: 0] += 1 }
}
