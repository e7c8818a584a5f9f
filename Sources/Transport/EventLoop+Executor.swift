import CUV
import Glibc
import Kernel
import Synchronization

extension EventLoop {
    /// Takes a job of the Swift runtime.
    package func enqueue(_ job: consuming ExecutorJob) {
        put(.job(UnownedJob(job)))
    }

    /// The loop as an actor's executor.
    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// Lets `assumeIsolated` succeed in callbacks of sockets and timers, which no task runs.
    package func checkIsolated() {
        assertOnLoop()
    }

    /// The same question without stopping the program.
    package func isIsolatingCurrentContext() -> Bool? {
        isOnLoop
    }

    /// Puts work where the loop will find it: in this turn's list, or in the inbox with a wake-up if it was empty.
    func put(_ item: LoopWork) {
        if isOnLoop {
            work.append(item)
            return
        }
        let needsThread = inbox.withLock { inbox in
            inbox.work.append(item)
            switch inbox.phase {
            case .running:
                // Under the lock, so that the handle cannot be closed meanwhile.
                if inbox.work.count == 1 { uv_async_send(hooks.wake) }
                return false
            case .stopping, .lateWork:
                return false
            case .stopped:
                inbox.phase = .lateWork
                return true
            }
        }
        if needsThread { startLateThread() }
    }

    /// Runs what waits, and what that adds, up to the bound for one turn.
    func runWork() {
        var budget = Limits.loopJobsPerTurnMax
        while nextWork < work.count && budget > 0 {
            let item = work[nextWork]
            nextWork += 1
            budget -= 1
            switch item {
            case .job(let job):
                job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(),
                    taskExecutor: asUnownedTaskExecutor()
                )
            case .call(let body):
                body()
            }
        }
        if nextWork == work.count {
            work.removeAll(keepingCapacity: true)
        } else {
            work.removeFirst(nextWork)
        }
        nextWork = 0
    }

    /// Moves what other threads left into this turn's list.
    func takeInbox() {
        inbox.withLock { inbox in
            if work.isEmpty {
                swap(&work, &inbox.work)
            } else {
                work.append(contentsOf: inbox.work)
                inbox.work.removeAll(keepingCapacity: true)
            }
        }
    }
}
