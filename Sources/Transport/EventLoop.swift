import CUV
import Glibc
package import Kernel
import Synchronization

/// One thread that runs sockets, timers and Swift jobs: a libuv loop that is also a Swift executor.
///
/// An actor whose `unownedExecutor` is the loop, or a plain class that only code on the loop touches, needs no
/// lock and pays no thread switch: callbacks of sockets run on the same thread as its methods. Make it with
/// `init(name:)`, end it with `stop()`; until then its own thread keeps it alive.
///
/// Unchecked Sendable: `inbox` and `threadWord` may be used from any thread and guard themselves; `counters` is
/// atomic; everything else is touched only by the loop's thread (`assertOnLoop`).
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// What the thread is called in debuggers and `top`; at most 15 bytes are shown.
    package let name: String

    let raw: UnsafeMutablePointer<uv_loop_t>
    let hooks: LoopHooks
    let readBuffer: UnsafeMutableRawBufferPointer
    let inbox = Mutex(LoopInbox())
    let threadWord = Atomic<UInt>(0)
    let counters = LoopCounters()

    /// Work of the current turn, run from `nextWork` on.
    var work: [LoopWork] = []
    var nextWork = 0
    var isIdling = false
    /// False once the loop is closing its handles; no new ones are made then.
    var acceptsHandles = true
    /// When the last turn ended, and how long the loop had waited in all by then, in nanoseconds.
    var lastTurnEnd: (time: UInt64, idle: UInt64) = (SystemClock.nanoseconds, 0)

    /// Makes the loop and starts its thread.
    package init(name: String) throws(TransportError) {
        self.name = name
        raw = .allocate(capacity: 1)
        hooks = LoopHooks()
        readBuffer = .allocate(byteCount: Limits.loopReadBufferBytes, alignment: 64)
        let status = uv_loop_init(raw)
        guard status == 0 else {
            throw TransportError(uv: status, .other("start the event loop \(name)"))
        }
        tandem_loop_count_idle(raw)
        hooks.open(on: self)
        guard startThread(EventLoop.main) else {
            throw TransportError(.system, "Cannot start a thread for the event loop \(name): the system has too many.")
        }
    }

    deinit {
        readBuffer.deallocate()
        hooks.deallocate()
        raw.deallocate()
    }

    /// What both clocks show now; any thread may ask.
    package var now: Moment { SystemClock.now }

    /// True on the loop's own thread.
    package var isOnLoop: Bool {
        threadWord.load(ordering: .relaxed) == UInt(pthread_self())
    }

    /// Stops the program when the caller is not on the loop's thread.
    package func assertOnLoop(_ file: StaticString = #fileID, _ line: UInt = #line) {
        precondition(isOnLoop, "Not on the event loop \(name)", file: file, line: line)
    }

    /// Runs `body` on the loop: after the work that waits already, in order with other callers' work.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        put(.call(body))
    }

    /// Runs `body` later in this turn of the loop; only code on the loop may ask.
    ///
    /// The way to gather what one turn produced and send it once.
    package func schedule(_ body: @escaping () -> Void) {
        assertOnLoop()
        work.append(.call(body))
    }

    /// Runs `body` on the loop and returns what it returned.
    package func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            execute { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }

    /// How busy the loop was since the last call; any thread may ask.
    package func takeLoad() -> LoopLoad {
        counters.take()
    }
}
