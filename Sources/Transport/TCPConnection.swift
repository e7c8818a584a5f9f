import CUV
import Kernel

/// A TCP connection, made by `connect` or by a `TCPListener`.
///
/// Confined to the loop. Set the callbacks, then call `startReading()`. `onClose` comes exactly once, after which
/// no callback comes and all of them are dropped.
package final class TCPConnection: LoopHandle {
    /// What became of bytes handed to `write`.
    package enum WriteOutcome: Hashable, Sendable {
        /// Sent, or kept and sent as the other side reads.
        case accepted
        /// Nothing was taken: too much waits.
        ///
        /// `onWritable` tells when to try again.
        case full
        /// Nothing was taken: the connection is closed, or its last word was said.
        case closed
    }

    /// The other end.
    package internal(set) var remoteAddress: SocketAddress?
    /// This end.
    package internal(set) var localAddress: SocketAddress?
    /// Bytes accepted that the kernel has not taken yet.
    package internal(set) var pendingBytes = 0
    /// What `pendingBytes` may reach.
    ///
    /// A write is also taken when nothing waits, whatever its size.
    package var pendingBytesMax = Limits.tcpWriteQueueBytesMax

    /// Receives what the other side sent.
    package var onReceive: (([UInt8]) -> Void)?
    /// The other side has said its last word but still reads.
    ///
    /// Without this callback the connection closes then.
    package var onEnd: (() -> Void)?
    /// At most half of `pendingBytesMax` waits again.
    package var onWritable: (() -> Void)?
    /// It is closed; the error is nil when this side asked or the other side ended in good order.
    package var onClose: ((TransportError?) -> Void)?

    /// Receives in the loop's own buffer, valid during the call; instead of `onReceive`, for TLS.
    var onReceiveRaw: ((UnsafeRawBufferPointer) -> Void)?
    var stream: UnsafeMutablePointer<uv_tcp_t>?
    var closeReason: TransportError?
    var connectCompletion: ((Result<TCPConnection, TransportError>) -> Void)?
    var connectTimer: LoopTimer?
    var lingerTimer: LoopTimer?
    var isConnected = false
    var saidLastWord = false
    var heardLastWord = false

    /// Starts to hand out what arrives.
    ///
    /// Stop and start again to hold the other side back.
    package func startReading() {
        guard let stream, isConnected, !isClosing, !heardLastWord else { return }
        let status = uv_read_start(
            asStream(stream),
            { handle, _, buffer in lendReadBuffer(of: handle, to: buffer, slots: false) },
            { handle, count, buffer in TCPConnection.received(handle, count, buffer) }
        )
        if status != 0 && status != UV_EALREADY.rawValue {
            close(because: TransportError(uv: status, .other("read from \(peerName)")))
        }
    }

    /// Stops handing out what arrives; the kernel's buffers fill and the other side has to wait.
    package func stopReading() {
        guard let stream, !isClosing else { return }
        uv_read_stop(asStream(stream))
    }

    /// Closes it because of an error, which `onClose` then tells.
    package func close(because reason: TransportError?) {
        if !isClosing { closeReason = reason }
        close()
    }

    /// The other end for messages.
    var peerName: String { remoteAddress?.description ?? "the other side" }

    override func didClose() {
        stream = nil
        connectTimer?.close()
        lingerTimer?.close()
        let completion = connectCompletion
        let closed = onClose
        connectCompletion = nil
        onReceive = nil
        onReceiveRaw = nil
        onEnd = nil
        onWritable = nil
        onClose = nil
        if let completion {
            let early = TransportError(.closed, "The connection was closed before it was made.")
            completion(.failure(closeReason ?? early))
        } else {
            closed?(closeReason)
        }
    }

    private static func received(
        _ handle: UnsafeMutablePointer<uv_stream_t>?,
        _ count: Int,
        _ buffer: UnsafePointer<uv_buf_t>?
    ) {
        guard let handle else { return }
        let connection = owner(from: handle.pointee.data, as: TCPConnection.self)
        if count > 0, let buffer {
            let bytes = UnsafeRawBufferPointer(start: buffer.pointee.base, count: count)
            if let raw = connection.onReceiveRaw {
                raw(bytes)
            } else {
                connection.onReceive?([UInt8](bytes))
            }
        } else if count == Int(UV_EOF.rawValue) {
            connection.heardEnd()
        } else if count < 0 {
            let action = TransportError.Action.other("read from \(connection.peerName)")
            connection.close(because: TransportError(uv: Int32(count), action))
        }
    }

    private func heardEnd() {
        heardLastWord = true
        stopReading()
        if saidLastWord || onEnd == nil {
            close()
        } else {
            onEnd?()
        }
    }
}

/// A TCP handle as the stream that it is.
func asStream(_ tcp: UnsafeMutablePointer<uv_tcp_t>) -> UnsafeMutablePointer<uv_stream_t> {
    UnsafeMutableRawPointer(tcp).assumingMemoryBound(to: uv_stream_t.self)
}
