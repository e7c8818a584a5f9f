import CUV
import Kernel

/// Accepts TCP connections at an address.
///
/// Confined to the loop.
package final class TCPListener: LoopHandle {
    /// Where it listens; the port is the real one if 0 was asked for.
    package private(set) var localAddress: SocketAddress
    /// Connections that could not be accepted, for want of file descriptors above all.
    package private(set) var failures = 0
    private var accept: ((TCPConnection) -> Void)?
    private var tcp: UnsafeMutablePointer<uv_tcp_t>?

    /// Listens; each new connection is given to `accept`, which sets its callbacks and starts reading.
    package static func listen(
        on loop: EventLoop,
        at address: SocketAddress,
        accept: @escaping (TCPConnection) -> Void
    ) throws(TransportError) -> TCPListener {
        let action = TransportError.Action.listenTCP(address)
        let listener = TCPListener(loop: loop, address: address)
        let tcp: UnsafeMutablePointer<uv_tcp_t> = try listener.open(as: action) { uv_tcp_init($0, $1) }
        listener.tcp = tcp
        listener.accept = accept
        let flags = address.family == .v6 ? UInt32(UV_TCP_IPV6ONLY.rawValue) : 0
        var status = address.withSockaddr { uv_tcp_bind(tcp, $0, flags) }
        if status == 0 {
            status = uv_listen(asStream(tcp), Limits.tcpListenBacklog) { handle, status in
                guard let handle else { return }
                LoopHandle.owner(from: handle.pointee.data, as: TCPListener.self).arrived(status)
            }
        }
        guard status == 0 else {
            listener.close()
            throw TransportError(uv: status, action)
        }
        if let bound = SocketAddress(reading: { uv_tcp_getsockname(tcp, $0, $1) }) { listener.localAddress = bound }
        return listener
    }

    private init(loop: EventLoop, address: SocketAddress) {
        localAddress = address
        super.init(loop: loop)
    }

    override func didClose() {
        accept = nil
        tcp = nil
    }

    private func arrived(_ status: Int32) {
        guard let tcp, !isClosing else { return }
        guard status == 0,
            let connection = try? TCPConnection.make(on: loop, as: .listenTCP(localAddress)),
            let stream = connection.stream
        else {
            failures += 1
            return
        }
        guard uv_accept(asStream(tcp), asStream(stream)) == 0 else {
            failures += 1
            connection.close()
            return
        }
        connection.becomeConnected()
        accept?(connection)
    }
}
