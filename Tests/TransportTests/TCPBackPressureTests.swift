import Kernel
import Synchronization
import Testing
import Transport

@Suite("TCP back-pressure", .timeLimit(.minutes(1)))
struct TCPBackPressureTests {
    @Test("A writer is told to wait, then to go on, and nothing is lost or out of order")
    func fullThenWritable() async throws {
        try await withLoop { loop in
            let server = Mailbox<LoopBound<TCPConnection>>()
            let received = Mailbox<[UInt8]>()
            let events = Mailbox<String>()
            let bound = 64 * 1_024
            let total = try await loop.run { () -> LoopBound<Int> in
                let total = LoopBound(0, on: loop)
                let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { connection in
                    connection.onReceive = { received.put($0) }
                    server.put(LoopBound(connection, on: loop))
                }
                try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                    guard case .success(let connection) = result else { return }
                    connection.pendingBytesMax = bound
                    connection.onWritable = {
                        #expect(connection.pendingBytes <= bound / 2)
                        events.put("writable")
                    }
                    while connection.write(Self.piece(total.value)) == .accepted {
                        total.value += 1
                        #expect(connection.pendingBytes <= bound)
                    }
                    #expect(connection.write([1, 2, 3]) == .full || connection.pendingBytes + 3 <= bound)
                    events.put("full")
                }
                return total
            }
            #expect(try await events.next() == "full")
            let reader = try await server.next()
            try await loop.run { reader.value.startReading() }
            #expect(try await events.next() == "writable")
            let pieces = try await loop.run { total.value }
            var bytes: [UInt8] = []
            while bytes.count < pieces * Self.pieceBytes { bytes += try await received.next() }
            #expect(bytes.prefix(pieces * Self.pieceBytes).elementsEqual((0..<pieces).flatMap(Self.piece)))
        }
    }

    @Test("A reader that stops holds the writer back; starting again lets it through")
    func stopReading() async throws {
        try await withLoop { loop in
            let server = Mailbox<LoopBound<TCPConnection>>()
            let received = Mailbox<[UInt8]>()
            try await loop.run {
                let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { connection in
                    connection.onReceive = {
                        received.put($0)
                        connection.stopReading()
                    }
                    connection.startReading()
                    server.put(LoopBound(connection, on: loop))
                }
                try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                    guard case .success(let connection) = result else { return }
                    connection.write([UInt8](repeating: 5, count: 200_000))
                }
            }
            let reader = try await server.next()
            var count = try await received.next().count
            while count < 200_000 {
                #expect(received.count == 0)
                try await loop.run { reader.value.startReading() }
                count += try await received.next().count
            }
            #expect(count == 200_000)
        }
    }

    @Test("One write larger than the bound is taken when nothing waits")
    func largeWrite() async throws {
        try await withLoop { loop in
            let outcomes = Mailbox<[TCPConnection.WriteOutcome]>()
            try await loop.run {
                let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { _ in }
                try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                    guard case .success(let connection) = result else { return }
                    connection.pendingBytesMax = 1_000
                    let large = [UInt8](repeating: 1, count: 20_000_000)
                    outcomes.put([connection.write(large), connection.write([1]), connection.write([])])
                }
            }
            #expect(try await outcomes.next() == [.accepted, .full, .accepted])
        }
    }

    @Test("A connection that the other end drops tells why, and takes no more")
    func lost() async throws {
        try await withLoop { loop in
            let closed = Mailbox<TransportError?>()
            let client = Mailbox<LoopBound<TCPConnection>>()
            try await loop.run {
                let listener = try TCPListener.listen(on: loop, at: .loopback(port: 0)) { connection in
                    // Closing with unread bytes makes the system send a reset.
                    connection.onReceive = { _ in connection.close() }
                    connection.startReading()
                }
                try TCPConnection.connect(on: loop, to: listener.localAddress) { result in
                    guard case .success(let connection) = result else { return }
                    connection.onClose = { closed.put($0) }
                    connection.startReading()
                    connection.write([UInt8](repeating: 1, count: 5_000_000))
                    client.put(LoopBound(connection, on: loop))
                }
            }
            let error = try await closed.next()
            #expect(error?.code == .connectionLost)
            let connection = try await client.next()
            let outcome = try await loop.run { connection.value.write([1]) }
            #expect(outcome == .closed)
        }
    }

    private static let pieceBytes = 10_000

    private static func piece(_ number: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: pieceBytes)
    }
}
