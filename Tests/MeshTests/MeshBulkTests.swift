import Kernel
import Mesh
import Replication
import Testing
import Transport

@Suite("Bulk over a slow link", .timeLimit(.minutes(1)))
struct MeshBulkTests {
    private static let east = SiteID("east").unsafelyUnwrapped
    private static let piece = 64 * 1_024

    @Test("Whoever asks for room before each read loses no bulk frame", arguments: [TrafficClass.catchUp, .snapshot])
    func nothingLost(trafficClass: TrafficClass) async throws {
        try await withSlowPeer { north, peer in
            // As the shell does: reads are begun while there is room, and some are under way when it ends.
            let sent = try await north.run { node in
                var sent = 0
                while node.hasRoom(for: trafficClass, to: Self.east) {
                    #expect(node.send(Self.frame(sent), trafficClass, to: Self.east) == .queued)
                    sent += 1
                }
                for _ in 0..<Limits.readsPerPeerMax {
                    #expect(node.send(Self.frame(sent), trafficClass, to: Self.east) == .queued)
                    sent += 1
                }
                return sent
            }
            try await peer.read(true)
            let writable = try await north.events.next()
            #expect(writable == .writable(Self.east, trafficClass))
            #expect(try await north.run { $0.hasRoom(for: trafficClass, to: Self.east) })
            var numbers: [Int] = []
            while numbers.count < sent {
                let envelope = try await peer.envelopes.next()
                if envelope.trafficClass == trafficClass { numbers.append(Self.number(envelope)) }
            }
            #expect(numbers == Array(0..<sent))
        }
    }

    @Test("What waits leaves in the order control, presence, live, catch-up, snapshot")
    func strictPriority() async throws {
        try await withSlowPeer { north, peer in
            let each = 4
            try await north.run { node in
                Self.fill(node, .snapshot)
                for trafficClass in TrafficClass.allCases.reversed() {
                    for number in 0..<each { node.send([1, UInt8(number)], trafficClass, to: Self.east) }
                }
            }
            try await peer.read(true)
            var order: [TrafficClass] = []
            while order.count < TrafficClass.allCases.count * each {
                let envelope = try await peer.envelopes.next()
                if envelope.body.count == 2 { order.append(envelope.trafficClass) }
            }
            #expect(order == TrafficClass.allCases.flatMap { [TrafficClass](repeating: $0, count: each) })
        }
    }

    @Test("An urgent frame waits behind little, however much bulk is queued")
    func urgentBehindLittle() async throws {
        try await withSlowPeer { north, peer in
            let sent = try await north.run { Self.fill($0, .catchUp) }
            let waiting = try await north.run { node in
                node.send([9], .control, to: Self.east)
                return node.status[0].queuedBytes
            }
            try await peer.read(true)
            var before = 0
            while true {
                let envelope = try await peer.envelopes.next()
                if envelope.body == [9] { break }
                before += envelope.body.count
            }
            // All that had not left this process when it was sent, but for what was handed to TLS and one frame.
            let ahead = before - (sent - waiting)
            #expect(ahead <= Limits.meshWriteAheadBytes + Self.piece)
            #expect(waiting > 2 * Self.piece)
        }
    }

    private static func frame(_ number: Int) -> [UInt8] {
        var frame = [UInt8](repeating: 1, count: piece)
        frame[0] = UInt8(number >> 8)
        frame[1] = UInt8(number & 0xFF)
        return frame
    }

    private static func number(_ envelope: FrameEnvelope) -> Int {
        Int(envelope.body[0]) << 8 | Int(envelope.body[1])
    }

    /// Queues much more of a class than leaves this process while nobody reads, and returns the bytes.
    @discardableResult
    private static func fill(_ node: MeshNode, _ trafficClass: TrafficClass) -> Int {
        let count = 48
        for _ in 0..<count {
            #expect(node.send([UInt8](repeating: 1, count: piece), trafficClass, to: east) == .queued)
        }
        return count * piece
    }

    private func withSlowPeer(_ body: (TestNode, RawPeer) async throws -> Void) async throws {
        try await withLoop { loop in
            // The peer says nothing all the while, and a busy machine is slow.
            let north = try await TestNode("north", on: loop, idleTimeout: .seconds(120))
            try await north.know(Self.east, port: 1)
            let peer = try await RawPeer.greeted("east", to: north.port, on: loop)
            #expect(try await north.nextLink() == "up east")
            #expect(try await peer.envelopes.next().body.isEmpty)
            try await peer.read(false)
            try await body(north, peer)
        }
    }
}
