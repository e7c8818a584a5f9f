import Glibc
import Kernel
import Synchronization
import Testing
import Transport

@Suite("TCP connections", .timeLimit(.minutes(1)))
struct TCPConnectionTests {
    @Test("Bytes go both ways, and each end knows both addresses", arguments: ["127.0.0.1", "::1"])
    func echo(host: String) async throws {
        let any = try #require(SocketAddress(host: host, port: 0))
        try await withLoop { loop in
            let arrived = Mailbox<[UInt8]>()
            let addresses = Mailbox<[SocketAddress?]>()
            try await loop.run {
                let listener = try TCPListener.listen(on: loop, at: any) { connection in
                    connection.onReceive = { connection.write($0.reversed()) }
                    connection.startReading()
                    addresses.put([connection.localAddress, connection.remoteAddress])
                }
                try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                    guard case .success(let connection) = result else { return }
                    connection.onReceive = { arrived.put($0) }
                    connection.startReading()
                    addresses.put([connection.remoteAddress, connection.localAddress])
                    connection.write([1, 2, 3])
                }
            }
            #expect(try await arrived.next() == [3, 2, 1])
            #expect(try await addresses.next() == addresses.next())
        }
    }

    @Test("The last word of one end does not end the other's")
    func halfClose() async throws {
        try await withLoop { loop in
            let arrived = Mailbox<[UInt8]>()
            let closed = Mailbox<TransportError?>()
            try await loop.run {
                let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { connection in
                    connection.onEnd = {
                        connection.write([9])
                        connection.finish()
                        #expect(connection.write([1]) == .closed)
                    }
                    connection.onClose = { closed.put($0) }
                    connection.startReading()
                }
                try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                    guard case .success(let connection) = result else { return }
                    connection.onReceive = { arrived.put($0) }
                    connection.onClose = { closed.put($0) }
                    connection.startReading()
                    connection.finish()
                }
            }
            #expect(try await arrived.next() == [9])
            #expect(try await closed.next() == nil)
            #expect(try await closed.next() == nil)
        }
    }

    @Test("A connection whose other end never says its last word closes after a short wait")
    func linger() async throws {
        try await withLoop { loop in
            let closed = Mailbox<String>()
            try await loop.run {
                let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { connection in
                    connection.onEnd = {}
                    connection.startReading()
                }
                try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                    guard case .success(let connection) = result else { return }
                    connection.onClose = { _ in closed.put("lingered") }
                    connection.startReading()
                    connection.finish()
                }
            }
            #expect(try await closed.next() == "lingered")
        }
    }

    @Test("A port where nobody listens refuses")
    func refused() async throws {
        try await withLoop { loop in
            let failed = Mailbox<TransportError?>()
            let port = try await loop.run {
                let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { _ in }
                listener.close()
                return listener.localAddress.port
            }
            try await loop.run {
                _ = try TCPConnection.connect(on: loop, to: .loopback(port: port)) { failed.put($0.failure) }
            }
            let error = try await failed.next()
            #expect(error?.code == .connectionRefused)
            #expect(error?.message == "Nobody listens at 127.0.0.1:\(port).")
        }
    }

    @Test("A connection that nobody answers is given up at its deadline")
    func connectTimeout() async throws {
        let full = try FullListener()
        try await withLoop { loop in
            let failed = Mailbox<TransportError?>()
            try await loop.run {
                _ = try TCPConnection.connect(on: loop, to: full.address, timeout: .milliseconds(50)) {
                    failed.put($0.failure)
                }
            }
            #expect(try await failed.next()?.code == .timedOut)
        }
    }

    @Test("Closing while connecting completes the connecting, once")
    func closeWhileConnecting() async throws {
        let full = try FullListener()
        try await withLoop { loop in
            let failed = Mailbox<TransportError?>()
            try await loop.run {
                let connection = try TCPConnection.connect(on: loop, to: full.address) { failed.put($0.failure) }
                connection.close()
                connection.close()
            }
            #expect(try await failed.next()?.code == .closed)
            try await loop.run {}
            #expect(failed.count == 0)
        }
    }

    @Test("A listener's port in use is named, with what to do")
    func portInUse() async throws {
        try await withLoop { loop in
            let port = try await loop.run {
                try TCPListener.listen(on: loop, at: .loopback(port: 0)) { _ in }.localAddress.port
            }
            let error = await transportError {
                try await loop.run { _ = try TCPListener.listen(on: loop, at: .loopback(port: port)) { _ in } }
            }
            #expect(error?.code == .addressInUse)
            #expect(error?.message.contains("TCP port \(port) on 127.0.0.1 is in use") == true)
        }
    }
}

extension Result {
    /// The error, if this is one.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}

/// A listening socket whose queue is full: who dials it gets no answer.
final class FullListener: Sendable {
    let address: SocketAddress
    private let descriptors: [Int32]

    init() throws {
        var descriptors: [Int32] = []
        func open() throws -> Int32 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            try #require(descriptor >= 0)
            descriptors.append(descriptor)
            return descriptor
        }
        let listener = try open()
        // A `sockaddr_in` byte by byte: family, port, 127.0.0.1, padding.
        var name: [UInt8] = [UInt8(AF_INET), 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
        var length = socklen_t(name.count)
        try name.withUnsafeMutableBytes { bytes in
            let generic = try #require(bytes.baseAddress).assumingMemoryBound(to: sockaddr.self)
            try #require(bind(listener, generic, length) == 0)
            try #require(listen(listener, 0) == 0)
            try #require(getsockname(listener, generic, &length) == 0)
            // A queue of length 0 takes one connection; the rest is for certainty.
            for _ in 0..<4 { _ = connect(try open(), generic, length) }
        }
        address = .loopback(port: UInt16(name[2]) << 8 | UInt16(name[3]))
        self.descriptors = descriptors
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
