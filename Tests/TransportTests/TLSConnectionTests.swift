import Glibc
import Kernel
import Testing
import Transport

@Suite("TLS connections", .timeLimit(.minutes(1)))
struct TLSConnectionTests {
    private let authority = TestAuthority.shared

    @Test("Two sites exchange bytes and close in good order")
    func exchange() async throws {
        let message = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        try await withLoop { loop in
            let ready = Mailbox<String>()
            let received = Mailbox<[UInt8]>()
            let closed = Mailbox<TransportError?>()
            let port = try await listen(loop, authority.context("north")) { connection in
                connection.onReady = { ready.put($0.description) }
                connection.onReceive = { received.put($0) }
                connection.onClose = { closed.put($0) }
            }
            try await dial(loop, port, authority.context("east")) { connection in
                connection.onReady = {
                    ready.put($0.description)
                    #expect(connection.write(message) == .accepted)
                    connection.finish()
                }
                connection.onClose = { closed.put($0) }
            }
            let names = try await [ready.next(), ready.next()]
            #expect(names.sorted() == ["tandem://test/east", "tandem://test/north"])
            var bytes: [UInt8] = []
            while bytes.count < message.count { bytes += try await received.next() }
            #expect(bytes == message)
            #expect(try await closed.next() == nil)
            #expect(try await closed.next() == nil)
        }
    }

    @Test("A writer is told to wait, then to go on, and every byte arrives")
    func backPressure() async throws {
        try await withLoop { loop in
            let server = Mailbox<LoopBound<TLSConnection>>()
            let counts = Mailbox<Int>()
            let sent = Mailbox<Int>()
            let writable = Mailbox<String>()
            let port = try await listen(loop, authority.context("north")) { connection in
                connection.onReceive = { counts.put($0.count) }
                connection.onReady = { _ in
                    connection.tcp.stopReading()
                    connection.write([1])
                    server.put(LoopBound(connection, on: loop))
                }
            }
            try await dial(loop, port, authority.context("east")) { connection in
                connection.onWritable = { writable.put("writable") }
                connection.onReceive = { _ in
                    connection.tcp.pendingBytesMax = 100_000
                    var total = 0
                    while connection.write([UInt8](repeating: 3, count: 9_000)) == .accepted {
                        total += 9_000
                        #expect(connection.pendingBytes <= 100_000)
                    }
                    sent.put(total)
                }
            }
            let total = try await sent.next()
            let reader = try await server.next()
            try await loop.run { reader.value.tcp.startReading() }
            #expect(try await writable.next() == "writable")
            var count = 0
            while count < total { count += try await counts.next() }
            #expect(count == total)
        }
    }

    @Test("The dialling end hears why it was refused")
    func refusalIsHeard() async throws {
        try await withLoop { loop in
            let closed = Mailbox<TransportError?>()
            let refused = Mailbox<TransportError?>()
            let port = try await listen(loop, authority.context("north")) { connection in
                connection.onClose = { refused.put($0) }
            }
            try await dial(loop, port, authority.context("expired")) { connection in
                connection.onClose = { closed.put($0) }
            }
            #expect(try await refused.next()?.code == .tlsCertificateExpired)
            let heard = try await closed.next()
            #expect(heard?.code == .tlsCertificateExpired)
            #expect(heard?.message.contains("refused this site's certificate") == true)
        }
    }

    @Test(
        "A program without a certificate, and one that speaks only TLS 1.2, are refused",
        arguments: [
            ("", TransportError.Code.tlsCertificateMissing, "showed no certificate"),
            ("-tls1_2", TransportError.Code.tlsFailed, "does not speak TLS 1.3"),
        ]
    )
    func otherPrograms(option: String, code: TransportError.Code, words: String) async throws {
        try await withLoop { loop in
            let refused = Mailbox<TransportError?>()
            let ready = Mailbox<TLSIdentity>()
            let port = try await listen(loop, authority.context("north")) { connection in
                connection.onReady = { ready.put($0) }
                connection.onClose = { refused.put($0) }
            }
            let command = "openssl s_client -connect 127.0.0.1:\(port) -alpn tandem/1 \(option)"
            let status = system("\(command) < /dev/null > \(authority.folder)/s_client.log 2>&1")
            #expect(status >= 0)
            let error = try await refused.next()
            #expect(error?.code == code)
            #expect(error?.message.contains(words) == true, "\(String(describing: error))")
            #expect(ready.count == 0)
        }
    }

    @Test("A peer that connects and says nothing is given up")
    func silentPeer() async throws {
        try await withLoop { loop in
            let closed = Mailbox<TransportError?>()
            try await loop.run {
                let context = try TestAuthority.shared.context("north")
                let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { tcp in
                    let connection = try? TLSConnection(
                        over: tcp,
                        context,
                        role: .server,
                        handshakeTimeout: .milliseconds(20)
                    )
                    connection?.onClose = { closed.put($0) }
                }
                try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                    if case .success(let connection) = result { connection.startReading() }
                }
            }
            #expect(try await closed.next()?.code == .timedOut)
        }
    }

    private func listen(
        _ loop: EventLoop,
        _ context: TLSContext,
        _ setUp: @escaping @Sendable (TLSConnection) -> Void
    ) async throws -> UInt16 {
        try await loop.run {
            try TCPListener.listen(on: loop, at: .loopback(port: 0)) { tcp in
                guard let connection = try? TLSConnection(over: tcp, context, role: .server) else { return }
                setUp(connection)
            }.localAddress.port
        }
    }

    private func dial(
        _ loop: EventLoop,
        _ port: UInt16,
        _ context: TLSContext,
        _ setUp: @escaping @Sendable (TLSConnection) -> Void
    ) async throws {
        try await loop.run {
            _ = try TCPConnection.connect(on: loop, to: .loopback(port: port)) { result in
                guard case .success(let tcp) = result,
                    let connection = try? TLSConnection(over: tcp, context, role: .client)
                else { return }
                setUp(connection)
            }
        }
    }
}
