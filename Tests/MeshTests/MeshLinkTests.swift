import Kernel
import Mesh
import Replication
import Testing
import Transport

@Suite("A link under strain", .timeLimit(.minutes(1)))
struct MeshLinkTests {
    @Test("A peer that reads nothing fills its bound; durable frames wait for room, presence is dropped")
    func backlog() async throws {
        try await withNorth(idleTimeout: .seconds(120)) { north, peer, _ in
            try await peer.read(false)
            let frame = [UInt8](repeating: 7, count: 50_000)
            let counts = try await north.run { node in
                var (live, presence) = (0, 0)
                while node.send(frame, .live, to: Self.east) == .queued { live += 1 }
                #expect(node.send(frame, .live, to: Self.east) == .full)
                while node.send(frame, .presence, to: Self.east) == .queued { presence += 1 }
                #expect(node.send(frame, .presence, to: Self.east) == .dropped)
                return (live: live, presence: presence, queued: node.status[0].queuedBytes)
            }
            #expect(counts.live * frame.count <= Limits.meshDurableQueueBytesMax + 6_000_000)
            #expect(counts.queued <= Limits.meshDurableQueueBytesMax + Limits.meshPresenceQueueBytesMax)
            try await peer.read(true)
            #expect(try await north.events.first { $0 == .writable(Self.east, .live) } == .writable(Self.east, .live))
            var (live, presence) = (0, 0)
            while live < counts.live || presence < counts.presence {
                switch try await peer.envelopes.next().trafficClass {
                case .live: live += 1
                case .presence: presence += 1
                default: break
                }
            }
            #expect(live == counts.live && presence == counts.presence)
        }
    }

    @Test("An urgent frame passes those of other classes that wait")
    func urgency() async throws {
        try await withNorth(idleTimeout: .seconds(120)) { north, peer, _ in
            try await peer.read(false)
            try await north.run { node in
                while node.hasRoom(for: .catchUp, to: Self.east) {
                    node.send([UInt8](repeating: 1, count: 100_000), .catchUp, to: Self.east)
                }
            }
            // The kernel's buffers take some of these; what waits after that is behind the urgent frame.
            try await north.run { node in
                while node.hasRoom(for: .catchUp, to: Self.east) {
                    node.send([UInt8](repeating: 1, count: 100_000), .catchUp, to: Self.east)
                }
                node.send([2], .live, to: Self.east)
                node.send([3], .control, to: Self.east)
            }
            try await peer.read(true)
            var order: [UInt8] = []
            while order.filter({ $0 > 1 }).count < 2 {
                if let first = try await peer.envelopes.next().body.first { order.append(first) }
            }
            let control = try #require(order.firstIndex(of: 3))
            let live = try #require(order.firstIndex(of: 2))
            #expect(control < live)
            let later = try await peer.envelopes.first { !$0.body.isEmpty }
            #expect(later.trafficClass == .catchUp)
        }
    }

    @Test("A link whose control frames pile up is given up")
    func controlBacklog() async throws {
        try await withNorth { north, peer, _ in
            try await peer.read(false)
            try await north.run { node in
                while node.send([UInt8](repeating: 1, count: 100_000), .control, to: Self.east) == .queued {}
                #expect(node.send([1], .control, to: Self.east) == .notLinked || node.status[0].isUp)
            }
            let down = try await north.events.next()
            guard case .linkDown(Self.east, let reason) = down else {
                Issue.record("\(down)")
                return
            }
            #expect(reason.kind == .controlBacklog)
        }
    }

    @Test("A peer that falls silent is noticed")
    func silence() async throws {
        try await withNorth(idleTimeout: .seconds(2)) { north, _, _ in
            let down = try await north.events.next()
            #expect(
                down
                    == .linkDown(
                        Self.east,
                        reason: MeshReason(.silence, "Nothing was heard from the other end for 2.0 s.")
                    )
            )
        }
    }

    @Test("A peer that never says welcome is turned away")
    func noWelcome() async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop, idleTimeout: .seconds(2))
            try await north.know(Self.east, port: 1)
            _ = try await RawPeer("east", to: north.port, on: loop)
            #expect(try await north.nextRefusal().reason.text.contains("Nothing was heard"))
        }
    }

    @Test("Signs of life keep a link that carries nothing else")
    func signsOfLife() async throws {
        try await withNorth(idleTimeout: .seconds(2)) { north, peer, _ in
            // Each sign is answered; the silence of the whole exchange would be longer than the time-out.
            for _ in 0..<6 {
                #expect(try await peer.envelopes.next().body.isEmpty)
                try await peer.send([])
            }
            #expect(try await north.run { $0.status[0].isUp })
        }
    }

    @Test("A newer link replaces the older one")
    func replaced() async throws {
        try await withNorth { north, peer, loop in
            let newer = try await RawPeer.greeted("east", to: north.port, on: loop)
            #expect(
                try await north.events.next()
                    == .linkDown(
                        Self.east,
                        reason: MeshReason(.replaced, "The other end made a new link.")
                    )
            )
            #expect(try await north.nextLink() == "up east")
            _ = try await peer.closed.next()
            try await newer.send([5])
            #expect(try await north.nextBody() == [5])
        }
    }

    @Test("A broken frame ends the link")
    func brokenFrame() async throws {
        try await withNorth { north, peer, _ in
            var bytes = FrameEnvelope(trafficClass: .live, body: [1, 2, 3]).encoded()
            bytes[bytes.count - 1] ^= 1
            try await peer.sendRaw(bytes)
            guard case .linkDown(_, let reason) = try await north.events.next() else {
                Issue.record("The link is still up")
                return
            }
            #expect(reason.kind == .frameChecksum)
        }
    }

    @Test("A frame before the welcome is refused")
    func frameBeforeWelcome() async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            try await north.know(Self.east, port: 1)
            let peer = try await RawPeer("east", to: north.port, on: loop)
            try await peer.send([1, 2, 3])
            #expect(try await north.nextRefusal().reason.kind == .frameBeforeWelcome)
        }
    }

    private static let east = SiteID("east").unsafelyUnwrapped

    /// Starts north and links a peer to it that the test steers.
    private func withNorth(
        idleTimeout: Span = Limits.meshIdleTimeout,
        _ body: (TestNode, RawPeer, EventLoop) async throws -> Void
    ) async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop, idleTimeout: idleTimeout)
            try await north.know(Self.east, port: 1)
            let peer = try await RawPeer.greeted("east", to: north.port, on: loop)
            #expect(try await north.nextLink() == "up east")
            #expect(try await peer.envelopes.next().body.isEmpty)
            try await body(north, peer, loop)
        }
    }
}
