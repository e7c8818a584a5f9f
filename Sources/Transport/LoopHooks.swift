import CUV

/// The loop's own libuv handles: the wake-up, and the places in a turn where Swift jobs run.
///
/// A turn of libuv is: timers, `prepare`, wait for sockets and their callbacks, `check`, close callbacks. Jobs
/// run in `prepare` and in `check`, so whatever adds one, it runs before the loop waits. `spin` is active only
/// while jobs are left over from a full turn; it keeps libuv from waiting.
struct LoopHooks {
    let wake = UnsafeMutablePointer<uv_async_t>.allocate(capacity: 1)
    let prepare = UnsafeMutablePointer<uv_prepare_t>.allocate(capacity: 1)
    let check = UnsafeMutablePointer<uv_check_t>.allocate(capacity: 1)
    let spin = UnsafeMutablePointer<uv_idle_t>.allocate(capacity: 1)

    /// Makes the handles; `loop` must outlive them.
    func open(on loop: EventLoop) {
        // libuv leaves `data` as it finds it, and the loop's stop asks for it.
        wake.initialize(to: uv_async_t())
        prepare.initialize(to: uv_prepare_t())
        check.initialize(to: uv_check_t())
        spin.initialize(to: uv_idle_t())
        loop.raw.pointee.data = Unmanaged.passUnretained(loop).toOpaque()
        uv_async_init(loop.raw, wake) { handle in
            guard let handle else { return }
            EventLoop.of(handle.pointee.loop)?.takeInbox()
        }
        uv_prepare_init(loop.raw, prepare)
        uv_prepare_start(prepare) { handle in
            guard let handle else { return }
            EventLoop.of(handle.pointee.loop)?.endTurn()
        }
        uv_check_init(loop.raw, check)
        uv_check_start(check) { handle in
            guard let handle else { return }
            EventLoop.of(handle.pointee.loop)?.runWork()
        }
        uv_idle_init(loop.raw, spin)
    }

    /// Closes the handles; the memory stays until `deallocate`.
    func close() {
        LoopHooks.close(wake)
        LoopHooks.close(prepare)
        LoopHooks.close(check)
        LoopHooks.close(spin)
    }

    /// Frees the memory, once libuv is done with it.
    func deallocate() {
        wake.deallocate()
        prepare.deallocate()
        check.deallocate()
        spin.deallocate()
    }

    private static func close<Handle>(_ handle: UnsafeMutablePointer<Handle>) {
        uv_close(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), nil)
    }
}
