import CUV
package import Kernel

extension TCPConnection {
    /// Dials an address.
    ///
    /// `completion` comes exactly once, on the loop and never before this returns.
    ///
    /// Closing the connection meanwhile completes with `closed`.
    @discardableResult
    package static func connect(
        on loop: EventLoop,
        to address: SocketAddress,
        timeout: Span = Limits.tcpConnectTimeout,
        completion: @escaping (Result<TCPConnection, TransportError>) -> Void
    ) throws(TransportError) -> TCPConnection {
        let action = TransportError.Action.connect(address)
        let connection = try make(on: loop, as: action)
        connection.remoteAddress = address
        connection.connectCompletion = completion
        guard let tcp = connection.stream else { return connection }
        let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
        let status = address.withSockaddr { sockaddr in
            uv_tcp_connect(request, tcp, sockaddr) { request, status in
                guard let request, let handle = request.pointee.handle else { return }
                request.deallocate()
                LoopHandle.owner(from: handle.pointee.data, as: TCPConnection.self).connected(status)
            }
        }
        guard status == 0 else {
            request.deallocate()
            connection.close(because: TransportError(uv: status, action))
            return connection
        }
        connection.connectTimer = try? LoopTimer.make(on: loop) { [unowned connection] in
            connection.close(
                because: TransportError(.timedOut, "No answer from \(address) within \(timeout.seconds) s.")
            )
        }
        connection.connectTimer?.arm(after: timeout)
        return connection
    }

    /// A connection without its other end.
    static func make(on loop: EventLoop, as action: TransportError.Action) throws(TransportError) -> TCPConnection {
        let connection = TCPConnection(loop: loop)
        connection.stream = try connection.open(as: action) { uv_tcp_init($0, $1) }
        return connection
    }

    /// Reads both ends' addresses and turns off the delay of small packets.
    func becomeConnected() {
        guard let stream else { return }
        isConnected = true
        uv_tcp_nodelay(stream, 1)
        localAddress = SocketAddress(reading: { uv_tcp_getsockname(stream, $0, $1) })
        remoteAddress = SocketAddress(reading: { uv_tcp_getpeername(stream, $0, $1) }) ?? remoteAddress
    }

    private func connected(_ status: Int32) {
        connectTimer?.close()
        connectTimer = nil
        guard !isClosing else { return }
        guard status == 0, let completion = connectCompletion else {
            let address = remoteAddress ?? SocketAddress.loopback(port: 0)
            close(because: TransportError(uv: status, .connect(address)))
            return
        }
        connectCompletion = nil
        becomeConnected()
        completion(.success(self))
    }
}
