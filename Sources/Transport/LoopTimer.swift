import CUV
package import Kernel

/// A one-shot timer that can be armed again and again.
///
/// It never fires early.
///
/// Confined to the loop.
package final class LoopTimer: LoopHandle {
    /// When it will fire, if it is armed.
    package private(set) var deadline: Instant?
    private var fire: (() -> Void)?
    private var timer: UnsafeMutablePointer<uv_timer_t>?

    /// Makes a timer, not armed, that calls `fire` on the loop.
    package static func make(on loop: EventLoop, fire: @escaping () -> Void) throws(TransportError) -> LoopTimer {
        let timer = LoopTimer(loop: loop)
        timer.timer = try timer.open(as: .other("make a timer")) { uv_timer_init($0, $1) }
        timer.fire = fire
        return timer
    }

    /// Arms it for `deadline`, replacing an earlier one; a deadline in the past fires in the next turn.
    package func arm(at deadline: Instant) {
        guard !isClosing else { return }
        self.deadline = deadline
        start()
    }

    /// Arms it to fire when `span` has passed.
    package func arm(after span: Span) {
        arm(at: SystemClock.instant + span)
    }

    /// Takes the deadline back; harmless when there is none.
    package func disarm() {
        loop.assertOnLoop()
        deadline = nil
        if let timer, !isClosing { uv_timer_stop(timer) }
    }

    override func didClose() {
        deadline = nil
        fire = nil
        timer = nil
    }

    private func start() {
        guard let timer, let deadline else { return }
        // libuv counts from the start of the turn, which may lie well back.
        uv_update_time(loop.raw)
        let wait = max(0, (deadline - SystemClock.instant).milliseconds)
        uv_timer_start(timer, { LoopTimer.fired($0) }, UInt64(wait), 0)
    }

    private static func fired(_ timer: UnsafeMutablePointer<uv_timer_t>?) {
        guard let timer else { return }
        let owner = owner(from: timer.pointee.data, as: LoopTimer.self)
        guard let deadline = owner.deadline, !owner.isClosing else { return }
        // The two clocks cut off their fractions at different places: the last millisecond may still be missing.
        if SystemClock.instant < deadline {
            uv_timer_start(timer, { LoopTimer.fired($0) }, 1, 0)
            return
        }
        owner.deadline = nil
        owner.fire?()
    }
}
