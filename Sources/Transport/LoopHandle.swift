import CUV

/// What all sockets and timers share: one libuv handle, whose memory lives until libuv has let go of it.
///
/// Confined to the loop. An open handle keeps its owner alive, so it must be closed: by `close()` or by the
/// loop's stop. The owner's callbacks are dropped when it has closed, so they may hold their owner.
package class LoopHandle {
    /// The loop that it lives on.
    package let loop: EventLoop
    /// True from the first `close()` on.
    package private(set) var isClosing = false
    private var handle: UnsafeMutablePointer<uv_handle_t>?

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// Makes the libuv handle.
    func open<Handle>(
        as action: TransportError.Action,
        _ initialise: (UnsafeMutablePointer<uv_loop_t>, UnsafeMutablePointer<Handle>) -> Int32
    ) throws(TransportError) -> UnsafeMutablePointer<Handle> {
        loop.assertOnLoop()
        guard loop.acceptsHandles else {
            throw TransportError(.loopStopped, "Could not \(action.words): the event loop \(loop.name) has stopped.")
        }
        let memory = UnsafeMutablePointer<Handle>.allocate(capacity: 1)
        let status = initialise(loop.raw, memory)
        guard status == 0 else {
            memory.deallocate()
            throw TransportError(uv: status, action)
        }
        let handle = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: uv_handle_t.self)
        handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        self.handle = handle
        return memory
    }

    /// Closes it; nothing is sent or received after this, and `didClose` follows in this turn of the loop.
    package func close() {
        loop.assertOnLoop()
        guard !isClosing else { return }
        isClosing = true
        guard let handle else { return }
        uv_close(handle) { handle in
            guard let handle, let data = handle.pointee.data else { return }
            let owner = Unmanaged<LoopHandle>.fromOpaque(data).takeRetainedValue()
            owner.handle = nil
            UnsafeMutableRawPointer(handle).deallocate()
            owner.didClose()
        }
    }

    /// Called once, when libuv is done with the handle: the place to tell others and drop callbacks.
    func didClose() {}

    /// The owner of a libuv handle.
    static func owner(of handle: UnsafeMutablePointer<uv_handle_t>) -> LoopHandle {
        owner(from: handle.pointee.data, as: LoopHandle.self)
    }

    /// The owner that a handle's `data` points to.
    static func owner<Owner: LoopHandle>(from data: UnsafeMutableRawPointer?, as: Owner.Type) -> Owner {
        guard let data else { preconditionFailure("A libuv handle without its owner") }
        return unsafeDowncast(Unmanaged<LoopHandle>.fromOpaque(data).takeUnretainedValue(), to: Owner.self)
    }
}
