import CUV
import Kernel

/// A bound UDP socket.
///
/// Many datagrams come per wake-up and per system call.
///
/// Confined to the loop.
package final class UDPSocket: LoopHandle {
    /// What became of a datagram handed to `send`.
    package enum SendOutcome: Hashable, Sendable {
        /// The kernel has it.
        case sent
        /// It waits in the process; the kernel's buffer is full.
        case queued
        /// It is gone: too many wait already, it is too large, or the socket is closed.
        case dropped
    }

    /// What went through the socket since it was made.
    package struct Counters: Hashable, Sendable {
        /// Datagrams received.
        package var received = 0
        /// Datagrams that the kernel took at once.
        package var sent = 0
        /// Datagrams that had to wait for the kernel's buffer.
        package var queued = 0
        /// Datagrams not sent.
        package var dropped = 0
        /// Errors that the kernel reported on receipt.
        package var receiveErrors = 0

        /// Starts at zero.
        package init() {}
    }

    /// Where it is bound; the port is the real one if 0 was asked for.
    package private(set) var localAddress: SocketAddress
    /// What went through it.
    package private(set) var counters = Counters()
    /// What the kernel granted as receive buffer, in bytes (Linux counts its own overhead: twice the payload).
    package private(set) var receiveBufferBytes = 0

    private var receive: (([UInt8], SocketAddress) -> Void)?
    private var udp: UnsafeMutablePointer<uv_udp_t>?

    /// Binds a socket; each datagram is given to `receive` on the loop with the address it came from.
    package static func bind(
        on loop: EventLoop,
        to address: SocketAddress,
        receive: @escaping ([UInt8], SocketAddress) -> Void
    ) throws(TransportError) -> UDPSocket {
        let action = TransportError.Action.bindUDP(address)
        let socket = UDPSocket(loop: loop, address: address)
        let udp: UnsafeMutablePointer<uv_udp_t> = try socket.open(as: action) {
            uv_udp_init_ex($0, $1, UInt32(UV_UDP_RECVMMSG.rawValue))
        }
        socket.udp = udp
        socket.receive = receive
        let flags = address.family == .v6 ? UInt32(UV_UDP_IPV6ONLY.rawValue) : 0
        var status = address.withSockaddr { uv_udp_bind(udp, $0, flags) }
        if status == 0 { status = socket.startReceiving(udp) }
        guard status == 0 else {
            socket.close()
            throw TransportError(uv: status, action)
        }
        return socket
    }

    private init(loop: EventLoop, address: SocketAddress) {
        localAddress = address
        super.init(loop: loop)
    }

    /// Sends one datagram, in order with those that wait.
    @discardableResult
    package func send(_ bytes: [UInt8], to address: SocketAddress) -> SendOutcome {
        loop.assertOnLoop()
        let outcome = attempt(bytes, address)
        switch outcome {
        case .sent: counters.sent += 1
        case .queued: counters.queued += 1
        case .dropped: counters.dropped += 1
        }
        return outcome
    }

    override func didClose() {
        receive = nil
        udp = nil
    }

    private func attempt(_ bytes: [UInt8], _ address: SocketAddress) -> SendOutcome {
        guard let udp, !isClosing, bytes.count <= Limits.datagramBytesMax else { return .dropped }
        if uv_udp_get_send_queue_count(udp) == 0 {
            let status = bytes.withUVBuffer { buffer in
                address.withSockaddr { uv_udp_try_send(udp, buffer, 1, $0) }
            }
            if status >= 0 { return .sent }
            guard status == UV_EAGAIN.rawValue else { return .dropped }
        }
        guard uv_udp_get_send_queue_count(udp) < Limits.udpSendQueueMax else { return .dropped }
        return enqueue(bytes, address, udp) ? .queued : .dropped
    }

    private func enqueue(_ bytes: [UInt8], _ address: SocketAddress, _ udp: UnsafeMutablePointer<uv_udp_t>) -> Bool {
        let request = UnsafeMutablePointer<uv_udp_send_t>.allocate(capacity: 1)
        var buffer = uv_buf_t.copy(of: bytes[...])
        request.pointee.data = UnsafeMutableRawPointer(buffer.base)
        let status = address.withSockaddr { sockaddr in
            uv_udp_send(request, udp, &buffer, 1, sockaddr) { request, _ in
                request?.pointee.data?.deallocate()
                request?.deallocate()
            }
        }
        if status != 0 {
            request.pointee.data?.deallocate()
            request.deallocate()
        }
        return status == 0
    }

    private func startReceiving(_ udp: UnsafeMutablePointer<uv_udp_t>) -> Int32 {
        var size = Int32(Limits.udpReceiveBufferBytes)
        UnsafeMutableRawPointer(udp).withMemoryRebound(to: uv_handle_t.self, capacity: 1) { handle in
            uv_recv_buffer_size(handle, &size)
            size = 0
            uv_recv_buffer_size(handle, &size)
        }
        receiveBufferBytes = Int(size)
        if let bound = SocketAddress(reading: { uv_udp_getsockname(udp, $0, $1) }) { localAddress = bound }
        return uv_udp_recv_start(
            udp,
            { handle, _, buffer in lendReadBuffer(of: handle, to: buffer, slots: true) },
            { handle, count, buffer, address, _ in UDPSocket.received(handle, count, buffer, address) }
        )
    }

    private static func received(
        _ handle: UnsafeMutablePointer<uv_udp_t>?,
        _ count: Int,
        _ buffer: UnsafePointer<uv_buf_t>?,
        _ address: UnsafePointer<sockaddr>?
    ) {
        guard let handle else { return }
        let socket = owner(from: handle.pointee.data, as: UDPSocket.self)
        if count < 0 {
            socket.counters.receiveErrors += 1
            return
        }
        // Without an address it is libuv's word that the kernel has nothing more.
        guard let address, let buffer, let sender = SocketAddress(address) else { return }
        socket.counters.received += 1
        let bytes = [UInt8](UnsafeRawBufferPointer(start: buffer.pointee.base, count: count))
        socket.receive?(bytes, sender)
    }
}
