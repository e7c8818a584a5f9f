import CUV

/// Runs what has to wait, such as a question to a name server, on a thread of libuv's pool.
///
/// The pool has four threads, so that only short and rare work belongs there. A loop's stop waits for it.
package enum LoopWorker {
    /// Runs `work` on another thread and hands its result to `completion` on the loop, never before this returns.
    package static func run<Value: Sendable>(
        on loop: EventLoop,
        _ work: @escaping @Sendable () -> Value,
        completion: @escaping (Value) -> Void
    ) {
        loop.assertOnLoop()
        let slot = Slot<Value>()
        let job = Job(
            work: { slot.value = work() },
            done: { if let value = slot.value { completion(value) } }
        )
        let request = UnsafeMutablePointer<uv_work_t>.allocate(capacity: 1)
        request.pointee.data = Unmanaged.passRetained(job).toOpaque()
        let status = uv_queue_work(
            loop.raw,
            request,
            { request in
                guard let data = request?.pointee.data else { return }
                Unmanaged<Job>.fromOpaque(data).takeUnretainedValue().work()
            },
            { request, _ in
                guard let request, let data = request.pointee.data else { return }
                request.deallocate()
                Unmanaged<Job>.fromOpaque(data).takeRetainedValue().done()
            }
        )
        if status != 0 {
            // It refuses only what has no work; there is some.
            request.deallocate()
            Unmanaged.passUnretained(job).release()
        }
    }

    /// A piece of work: `work` is called on one thread of the pool, then `done` on the loop, which libuv orders.
    private final class Job {
        let work: () -> Void
        let done: () -> Void

        init(work: @escaping () -> Void, done: @escaping () -> Void) {
            self.work = work
            self.done = done
        }
    }

    private final class Slot<Value> {
        var value: Value?
    }
}
