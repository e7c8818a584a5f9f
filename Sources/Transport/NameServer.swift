import CUV
import Glibc
import Kernel

/// Asks name servers, and waits for the answer: never to be called on a loop's thread (see `LoopWorker`).
package struct NameServer: Hashable, Sendable {
    /// The server to ask, at an IPv4 address; nil asks those of the system.
    package var address: SocketAddress?

    /// Names the server; nil stands for those of the system (`/etc/resolv.conf`).
    package init(at address: SocketAddress? = nil) {
        self.address = address
    }

    /// The records of a full name.
    package func ask(_ name: String, _ kind: DNSRecord.Kind) throws(DNSFailure) -> [DNSRecord] {
        var length: Int32 = 0
        let answer = [UInt8](unsafeUninitializedCapacity: Limits.dnsAnswerBytesMax) { buffer, filled in
            length = query(name, kind, into: buffer)
            filled = max(0, Int(length))
        }
        switch length {
        case -HOST_NOT_FOUND: throw .noSuchName
        case -NO_DATA: throw .noRecord
        case ..<0: throw .unavailable
        default: break
        }
        guard let records = DNSMessage.records(of: kind, in: answer) else { throw .broken }
        if records.isEmpty { throw .noRecord }
        return records
    }

    /// The addresses of a name by all means of this machine, the hosts file among them; numeric ones as they are.
    ///
    /// A server that was named is not asked: it is for tests, which must not depend on the machine.
    package func systemAddresses(of name: String) -> [String] {
        guard address == nil else { return [] }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next {
            if let pointer = entry.pointee.ai_addr, let host = SocketAddress(pointer)?.host, !addresses.contains(host) {
                addresses.append(host)
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }

    private func query(_ name: String, _ kind: DNSRecord.Kind, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int32
    {
        let wait = (seconds: Int32(Limits.dnsWait.seconds), tries: Int32(Limits.dnsWait.tries))
        func ask(_ server: UnsafePointer<sockaddr_in>?) -> Int32 {
            let room = Int32(clamping: buffer.count)
            return tandem_dns_ask(
                name,
                Int32(kind.rawValue),
                server,
                wait.seconds,
                wait.tries,
                buffer.baseAddress,
                room
            )
        }
        guard let address, address.family == .v4 else { return ask(nil) }
        return address.withSockaddr { pointer in
            pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { ask($0) }
        }
    }
}
