/// One thing for a loop to run.
enum LoopWork {
    /// A job of a Swift task or actor.
    case job(UnownedJob)
    /// A plain call.
    case call(() -> Void)
}

/// What other threads left for a loop; guarded by the loop's mutex.
///
/// Unchecked Sendable: `LoopWork.call` holds a closure that is either `@Sendable` (from other threads) or never
/// leaves the loop's thread.
struct LoopInbox: @unchecked Sendable {
    /// Where the loop is in its life.
    enum Phase {
        /// The loop's thread waits for sockets and is woken for work.
        case running
        /// The loop's thread closes up; it empties the inbox once more before it ends.
        case stopping
        /// The loop's thread is gone; late work gets a thread of its own until the inbox is empty.
        case stopped
        /// Such a thread is at work.
        case lateWork
    }

    var phase = Phase.running
    var work: [LoopWork] = []
    var stopWaiters: [CheckedContinuation<Void, Never>] = []
}
