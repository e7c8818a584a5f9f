import CUV

extension TransportError {
    /// What was being done when libuv returned an error.
    enum Action {
        case bindUDP(SocketAddress)
        case listenTCP(SocketAddress)
        case connect(SocketAddress)
        case resolve(String)
        case other(String)

        var words: String {
            switch self {
            case .bindUDP(let address): "bind UDP \(address)"
            case .listenTCP(let address): "listen on TCP \(address)"
            case .connect(let address): "connect to \(address)"
            case .resolve(let name): "find the address of \(name)"
            case .other(let words): words
            }
        }
    }

    /// Explains a libuv status.
    init(uv status: Int32, _ action: Action) {
        let cause = "\(String(cString: uv_err_name(status))): \(String(cString: uv_strerror(status)))"
        let code = Code(uv: status)
        self.init(code, TransportError.message(code, action), cause: cause)
    }

    private static func message(_ code: Code, _ action: Action) -> String {
        switch (code, action) {
        case (.addressInUse, .bindUDP(let address)):
            inUse("UDP", address, tool: "ss -ulnp")
        case (.addressInUse, .listenTCP(let address)):
            inUse("TCP", address, tool: "ss -tlnp")
        case (.addressInvalid, .bindUDP(let address)), (.addressInvalid, .listenTCP(let address)):
            "Cannot \(action.words): \(address.host) is not an address of this machine; `ip address` lists them."
        case (.permissionDenied, .bindUDP(let address)), (.permissionDenied, .listenTCP(let address)):
            "Cannot \(action.words): not permitted. Ports below 1024 need a privilege; \(address.port) may be one."
        case (.connectionRefused, .connect(let address)):
            "Nobody listens at \(address)."
        case (.unreachable, .connect(let address)):
            "There is no way to \(address)."
        case (.nameNotFound, .resolve(let name)):
            "The name \(name) has no address; check the spelling and the name server."
        default:
            "Could not \(action.words)."
        }
    }

    private static func inUse(_ kind: String, _ address: SocketAddress, tool: String) -> String {
        "\(kind) port \(address.port) on \(address.host) is in use by another process. "
            + "Stop that one (`\(tool) 'sport = :\(address.port)'` names it) or configure another port."
    }
}

extension TransportError.Code {
    /// The kind of failure that a libuv status stands for.
    init(uv status: Int32) {
        switch status {
        case UV_EADDRINUSE.rawValue: self = .addressInUse
        case UV_EADDRNOTAVAIL.rawValue, UV_EINVAL.rawValue, UV_EAFNOSUPPORT.rawValue: self = .addressInvalid
        case UV_EACCES.rawValue, UV_EPERM.rawValue: self = .permissionDenied
        case UV_ECONNREFUSED.rawValue: self = .connectionRefused
        case UV_ECONNRESET.rawValue, UV_EPIPE.rawValue, UV_EOF.rawValue, UV_ENOTCONN.rawValue,
            UV_ECONNABORTED.rawValue:
            self = .connectionLost
        case UV_ETIMEDOUT.rawValue: self = .timedOut
        case UV_ENETUNREACH.rawValue, UV_EHOSTUNREACH.rawValue, UV_ENETDOWN.rawValue: self = .unreachable
        case UV_EAI_NONAME.rawValue, UV_EAI_NODATA.rawValue, UV_EAI_AGAIN.rawValue, UV_EAI_FAIL.rawValue:
            self = .nameNotFound
        case UV_ECANCELED.rawValue: self = .closed
        default: self = .system
        }
    }
}
