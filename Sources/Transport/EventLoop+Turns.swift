import CUV
import Glibc
import Synchronization

extension EventLoop {
    /// The loop that a libuv loop belongs to.
    static func of(_ raw: UnsafeMutablePointer<uv_loop_t>?) -> EventLoop? {
        guard let data = raw?.pointee.data else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(data).takeUnretainedValue()
    }

    /// Runs what timers and close callbacks added, then notes how long the turn took: the loop waits next.
    func endTurn() {
        runWork()
        if work.isEmpty == isIdling {
            isIdling.toggle()
            if isIdling {
                uv_idle_start(hooks.spin) { _ in }
            } else {
                uv_idle_stop(hooks.spin)
            }
        }
        let end = (time: SystemClock.nanoseconds, idle: uv_metrics_idle_time(raw))
        let waited = end.idle &- lastTurnEnd.idle
        let passed = end.time &- lastTurnEnd.time
        counters.add(passed > waited ? passed - waited : 0)
        lastTurnEnd = end
    }

    /// The thread's whole life.
    static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        let loop = Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue()
        loop.threadWord.store(UInt(pthread_self()), ordering: .relaxed)
        loop.nameThread()
        uv_run(loop.raw, UV_RUN_DEFAULT)
        loop.finish()
        return nil
    }

    /// Names the thread and makes writing to a closed connection an error instead of a signal.
    func nameThread() {
        tandem_thread_name(String(name.prefix(15)))
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Starts a thread that keeps the loop alive and that nobody joins; false when the system has no more.
    func startThread(_ entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let loop = Unmanaged.passRetained(self)
        if pthread_create(&thread, &attributes, entry, loop.toOpaque()) == 0 { return true }
        loop.release()
        return false
    }
}
