import CUV
package import Kernel

extension TCPConnection {
    /// Lets the kernel take no more than so many bytes that it has not sent yet (`TCP_NOTSENT_LOWAT`).
    ///
    /// What waits here instead can still be overtaken by something more urgent; what the kernel has cannot.
    package func limitUnsentInKernel(to bytes: Int) {
        setOption(TCP_NOTSENT_LOWAT, Int32(clamping: bytes))
    }

    /// Sets an option of TCP; where the system knows no such one, its own bounds hold.
    private func setOption(_ option: Int32, _ value: Int32) {
        guard let stream, !isClosing else { return }
        var descriptor: uv_os_fd_t = -1
        guard uv_fileno(UnsafeMutableRawPointer(stream).assumingMemoryBound(to: uv_handle_t.self), &descriptor) == 0
        else { return }
        var value = value
        setsockopt(descriptor, Int32(IPPROTO_TCP), option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Has the kernel notice an end that is gone without a word: by probes of a silent connection, and by the time
    /// that bytes sent go unconfirmed.
    ///
    /// The connection then closes with an error.
    package func noticeDeadPeer(after silence: Span, every interval: Span, times: Int) {
        guard let stream, !isClosing else { return }
        uv_tcp_keepalive(stream, 1, UInt32(clamping: silence.milliseconds / 1_000))
        setOption(TCP_KEEPINTVL, Int32(clamping: interval.milliseconds / 1_000))
        setOption(TCP_KEEPCNT, Int32(clamping: times))
        setOption(TCP_USER_TIMEOUT, Int32(clamping: (interval * Int64(times)).milliseconds))
    }

    /// Sends bytes after those that wait, or takes none of them.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> WriteOutcome {
        write(bytes, beyondBound: false)
    }

    /// Sends bytes; `beyondBound` for the few that must not be left out, such as the records of a handshake.
    func write(_ bytes: [UInt8], beyondBound: Bool) -> WriteOutcome {
        loop.assertOnLoop()
        guard let stream, isConnected, !isClosing, !saidLastWord else { return .closed }
        guard !bytes.isEmpty else { return .accepted }
        guard beyondBound || pendingBytes == 0 || pendingBytes + bytes.count <= pendingBytesMax else { return .full }
        var sent = 0
        if pendingBytes == 0 {
            let status = bytes.withUVBuffer { uv_try_write(asStream(stream), $0, 1) }
            if status >= 0 {
                sent = Int(status)
            } else if status != UV_EAGAIN.rawValue {
                close(because: TransportError(uv: status, .other("send to \(peerName)")))
                return .closed
            }
        }
        return sent == bytes.count ? .accepted : enqueue(bytes[sent...], stream)
    }

    /// Says the last word: what waits is sent, then the other side is told that no more comes.
    ///
    /// The connection closes when the other side has said its own, or after a short wait for it.
    package func finish() {
        guard let stream, isConnected, !isClosing, !saidLastWord else { return }
        saidLastWord = true
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        let status = uv_shutdown(request, asStream(stream)) { request, status in
            guard let request, let handle = request.pointee.handle else { return }
            request.deallocate()
            LoopHandle.owner(from: handle.pointee.data, as: TCPConnection.self).finished()
        }
        if status != 0 {
            request.deallocate()
            close()
        }
    }

    private func finished() {
        guard !isClosing else { return }
        if heardLastWord {
            close()
            return
        }
        lingerTimer = try? LoopTimer.make(on: loop) { [unowned self] in close() }
        lingerTimer?.arm(after: Limits.tcpLingerTimeout)
    }

    private func enqueue(_ bytes: ArraySlice<UInt8>, _ stream: UnsafeMutablePointer<uv_tcp_t>) -> WriteOutcome {
        let request = UnsafeMutablePointer<uv_write_t>.allocate(capacity: 1)
        let box = UnsafeMutablePointer<uv_buf_t>.allocate(capacity: 1)
        box.initialize(to: .copy(of: bytes))
        request.pointee.data = UnsafeMutableRawPointer(box)
        pendingBytes += bytes.count
        let status = uv_write(request, asStream(stream), box, 1) { request, status in
            guard let request, let handle = request.pointee.handle else { return }
            let count = TCPConnection.free(request)
            LoopHandle.owner(from: handle.pointee.data, as: TCPConnection.self).wrote(count, status)
        }
        guard status == 0 else {
            pendingBytes -= TCPConnection.free(request)
            close(because: TransportError(uv: status, .other("send to \(peerName)")))
            return .closed
        }
        return .accepted
    }

    private static func free(_ request: UnsafeMutablePointer<uv_write_t>) -> Int {
        defer { request.deallocate() }
        guard let box = request.pointee.data?.assumingMemoryBound(to: uv_buf_t.self) else { return 0 }
        defer { box.deallocate() }
        box.pointee.base?.deallocate()
        return box.pointee.len
    }

    private func wrote(_ count: Int, _ status: Int32) {
        pendingBytes -= count
        guard !isClosing else { return }
        if status != 0 {
            close(because: TransportError(uv: status, .other("send to \(peerName)")))
        } else if pendingBytes <= pendingBytesMax / 2, !saidLastWord {
            onWritable?()
        }
    }
}
