import CUV
import Glibc
import Synchronization

extension EventLoop {
    /// Closes all sockets and timers, runs the work that waits, ends the thread, and returns when that is done.
    ///
    /// Jobs that still come later (an actor on this loop that lives on) run on a short-lived thread, one after
    /// another, so that no task waits for ever. New sockets and timers are refused.
    package func stop() async {
        await withCheckedContinuation { continuation in
            let isOver = inbox.withLock { inbox in
                switch inbox.phase {
                case .running, .stopping:
                    inbox.stopWaiters.append(continuation)
                    return false
                case .stopped, .lateWork:
                    return true
                }
            }
            if isOver {
                continuation.resume()
            } else {
                execute { self.closeHandles() }
            }
        }
    }

    /// Begins the end: with its last handle the loop leaves `uv_run`.
    private func closeHandles() {
        guard acceptsHandles else { return }
        acceptsHandles = false
        inbox.withLock { $0.phase = .stopping }
        uv_walk(
            raw,
            { handle, _ in
                guard let handle, handle.pointee.data != nil, uv_is_closing(handle) == 0 else { return }
                LoopHandle.owner(of: handle).close()
            },
            nil
        )
        hooks.close()
    }

    /// Runs what is left when the loop has no more handles, and gives up the thread.
    func finish() {
        while !leave(as: .stopped) {
            takeInbox()
            runWork()
        }
        uv_loop_close(raw)
        let waiters = inbox.withLock { inbox in
            defer { inbox.stopWaiters = [] }
            return inbox.stopWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Starts the thread for work that came after the end.
    func startLateThread() {
        let isStarted = startThread { argument in
            guard let argument else { return nil }
            let loop = Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue()
            loop.threadWord.store(UInt(pthread_self()), ordering: .relaxed)
            loop.nameThread()
            while !loop.leave(as: .stopped) {
                loop.takeInbox()
                loop.runWork()
            }
            return nil
        }
        // Without a thread the work waits for the next call; the system is out of threads and says so elsewhere.
        if !isStarted { inbox.withLock { $0.phase = .stopped } }
    }

    /// Changes the phase and gives up the loop's identity if nothing waits; false if something does.
    private func leave(as phase: LoopInbox.Phase) -> Bool {
        guard work.isEmpty else { return false }
        return inbox.withLock { inbox in
            guard inbox.work.isEmpty else { return false }
            inbox.phase = phase
            threadWord.store(0, ordering: .relaxed)
            return true
        }
    }
}
