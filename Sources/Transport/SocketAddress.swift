import CUV
import Glibc

/// A numeric IP address and port: where a socket is, or where it sends to.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// Which of the two internets.
    package enum Family: Hashable, Sendable {
        /// IPv4.
        case v4
        /// IPv6.
        case v6
    }

    /// IPv4 or IPv6.
    package let family: Family
    /// The port, in the host's byte order.
    package var port: UInt16
    /// The address's bytes as they stand in memory in network order; IPv4 uses the first four of `low`.
    private let low: UInt64
    private let high: UInt64
    /// The interface that a link-local IPv6 address belongs to.
    private let scope: UInt32

    /// Reads a numeric address (`127.0.0.1`, `::1`, `fe80::1%eth0`); nil for names and other text.
    package init?(host: String, port: UInt16) {
        var v4 = sockaddr_in()
        if uv_ip4_addr(host, Int32(port), &v4) == 0 {
            self.init(v4)
            return
        }
        var v6 = sockaddr_in6()
        guard uv_ip6_addr(host, Int32(port), &v6) == 0 else { return nil }
        self.init(v6)
    }

    /// 127.0.0.1 with a port; 0 lets the system choose one.
    package static func loopback(port: UInt16) -> SocketAddress {
        SocketAddress(family: .v4, port: port, low: UInt64(UInt32(0x7F00_0001).bigEndian), high: 0, scope: 0)
    }

    /// The address without the port, as text.
    package var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            guard let start = text.baseAddress else { return "" }
            let size = socklen_t(text.count)
            switch family {
            case .v4:
                var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low))
                return inet_ntop(AF_INET, &address, start, size).map { String(cString: $0) } ?? ""
            case .v6:
                var address = (low, high)
                return inet_ntop(AF_INET6, &address, start, size).map { String(cString: $0) } ?? ""
            }
        }
    }

    /// Address and port: `127.0.0.1:5061`, `[::1]:5061`.
    package var description: String {
        family == .v4 ? "\(host):\(port)" : "[\(host)]:\(port)"
    }

    private init(family: Family, port: UInt16, low: UInt64, high: UInt64, scope: UInt32) {
        self.family = family
        self.port = port
        self.low = low
        self.high = high
        self.scope = scope
    }

    private init(_ address: sockaddr_in) {
        self.init(
            family: .v4,
            port: UInt16(bigEndian: address.sin_port),
            low: UInt64(address.sin_addr.s_addr),
            high: 0,
            scope: 0
        )
    }

    private init(_ address: sockaddr_in6) {
        let words = withUnsafeBytes(of: address.sin6_addr) { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(
            family: .v6,
            port: UInt16(bigEndian: address.sin6_port),
            low: words.0,
            high: words.1,
            scope: address.sin6_scope_id
        )
    }

    /// Reads what the system wrote; nil for other families.
    init?(_ pointer: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(pointer)
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET: self.init(raw.loadUnaligned(as: sockaddr_in.self))
        case AF_INET6: self.init(raw.loadUnaligned(as: sockaddr_in6.self))
        default: return nil
        }
    }

    /// Reads an address by a call that fills in a buffer, such as `getsockname`.
    init?(reading fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<Int32>) -> Int32) {
        var storage = sockaddr_storage()
        var length = Int32(MemoryLayout<sockaddr_storage>.size)
        let address: SocketAddress? = withUnsafeMutableBytes(of: &storage) { bytes in
            guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), fill(pointer, &length) == 0
            else { return nil }
            return SocketAddress(pointer)
        }
        guard let address else { return nil }
        self = address
    }

    /// Lends the address in the system's form.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        switch family {
        case .v4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low)
            return withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
            }
        case .v6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
                bytes.storeBytes(of: low, as: UInt64.self)
                bytes.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
            }
            return withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
            }
        }
    }
}
