import CUV
import Glibc

/// Finds the numeric addresses of a host name, by the system's resolver on a thread of libuv's pool.
package enum AddressResolver {
    /// Looks a name up.
    ///
    /// `completion` comes once, on the loop, never before this returns; numeric addresses need no look-up and come
    /// back as they are.
    package static func resolve(
        _ host: String,
        port: UInt16,
        on loop: EventLoop,
        completion: @escaping (Result<[SocketAddress], TransportError>) -> Void
    ) {
        if let address = SocketAddress(host: host, port: port) {
            loop.schedule { completion(.success([address])) }
            return
        }
        loop.assertOnLoop()
        let question = Question(host: host, port: port, completion: completion)
        let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
        request.pointee.data = Unmanaged.passRetained(question).toOpaque()
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        let status = uv_getaddrinfo(
            loop.raw,
            request,
            { request, status, list in AddressResolver.answered(request, status, list) },
            host,
            nil,
            &hints
        )
        if status != 0 {
            request.deallocate()
            Unmanaged.passUnretained(question).release()
            loop.schedule { completion(.failure(TransportError(uv: status, .resolve(host)))) }
        }
    }

    private final class Question {
        let host: String
        let port: UInt16
        let completion: (Result<[SocketAddress], TransportError>) -> Void

        init(
            host: String,
            port: UInt16,
            completion: @escaping (Result<[SocketAddress], TransportError>) -> Void
        ) {
            self.host = host
            self.port = port
            self.completion = completion
        }
    }

    private static func answered(
        _ request: UnsafeMutablePointer<uv_getaddrinfo_t>?,
        _ status: Int32,
        _ list: UnsafeMutablePointer<addrinfo>?
    ) {
        guard let request, let data = request.pointee.data else { return }
        let question = Unmanaged<Question>.fromOpaque(data).takeRetainedValue()
        request.deallocate()
        defer { uv_freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let pointer = entry.pointee.ai_addr, var address = SocketAddress(pointer) {
                address.port = question.port
                if !addresses.contains(address) { addresses.append(address) }
            }
            next = entry.pointee.ai_next
        }
        if status == 0 && !addresses.isEmpty {
            question.completion(.success(addresses))
        } else {
            let reason = status == 0 ? UV_EAI_NONAME.rawValue : status
            question.completion(.failure(TransportError(uv: reason, .resolve(question.host))))
        }
    }
}
