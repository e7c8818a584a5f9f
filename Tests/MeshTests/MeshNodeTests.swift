import Kernel
import Mesh
import Replication
import Testing
import Transport

@Suite("The mesh", .timeLimit(.minutes(1)))
struct MeshNodeTests {
    @Test("Two sites link up once and exchange frames of every class, in order within a class")
    func twoSites() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let (east, north) = (nodes[0], nodes[1])
            for trafficClass in TrafficClass.allCases {
                try await east.run { node in
                    for number in 1...50 as ClosedRange<UInt8> {
                        #expect(node.send([trafficClass.rawValue, number], trafficClass, to: north.site) == .queued)
                    }
                }
                for number in 1...50 as ClosedRange<UInt8> {
                    #expect(try await north.nextBody() == [trafficClass.rawValue, number])
                }
            }
            _ = try await north.run { $0.send([9], .control, to: east.site) }
            #expect(try await east.nextBody() == [9])
        }
    }

    @Test("Three sites link each with each, and the status says so")
    func threeSites() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["south", "east", "north"], on: loop)
            for node in nodes {
                let status = try await node.run { $0.status }
                #expect(status.count == 2)
                #expect(status.allSatisfy { $0.isUp && !$0.isCut && $0.reason == nil })
                #expect(status.map(\.site) == status.map(\.site).sorted())
            }
        }
    }

    @Test("The largest frame passes; a larger one, and an empty one, are not taken")
    func frameSizes() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let north = nodes[1].site
            let most = Limits.frameBytesMax - FrameEnvelope.overhead
            try await nodes[0].run { node in
                #expect(node.send([UInt8](repeating: 1, count: most), .live, to: north) == .queued)
                #expect(node.send([UInt8](repeating: 1, count: most + 1), .live, to: north) == .dropped)
                #expect(node.send([], .live, to: north) == .dropped)
            }
            #expect(try await nodes[1].nextBody().count == most)
        }
    }

    @Test("A site without a link takes no frames")
    func notLinked() async throws {
        try await withLoop { loop in
            let east = try await TestNode("east", on: loop)
            let north = try #require(SiteID("north"))
            let outcome = try await east.run { $0.send([1], .control, to: north) }
            #expect(outcome == .notLinked)
        }
    }

    @Test("A site that stops is reported gone, dialled again, and linked when it is back")
    func reconnect() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let (east, north) = (nodes[0], nodes[1])
            try await north.run { $0.close() }
            #expect(try await east.nextLink() == "down north")
            #expect(try await east.notReached("Nobody listens").contains("127.0.0.1:\(north.port)"))
            let again = try await TestNode("north", on: loop, port: north.port)
            try await again.know(east.site, port: east.port)
            #expect(try await east.nextLink() == "up north")
            #expect(try await again.nextLink() == "up east")
        }
    }

    @Test("A peer whose address changes is dialled at the new one")
    func moved() async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            let east = try await TestNode("east", on: loop)
            try await north.know(east.site, port: east.port)
            try await east.know(north.site, port: 1)
            _ = try await east.notReached("Nobody listens")
            try await east.know(north.site, port: north.port)
            #expect(try await east.nextLink() == "up north")
        }
    }

    @Test("A link cut at either end stays down until healed there", arguments: [0, 1])
    func cutAndHeal(place: Int) async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let (east, north) = (nodes[0], nodes[1])
            let (cutter, other) = (nodes[place], nodes[1 - place])
            try await cutter.run { $0.cut(other.site, true) }
            #expect(try await east.nextLink() == "down north")
            #expect(try await north.nextLink() == "down east")
            let status = try await cutter.run { $0.status }
            #expect(status.first?.isCut == true && status.first?.isUp == false)
            #expect(status.first?.reason?.kind == .cut)
            if place == 1 { _ = try await east.notReached("The link is cut at north by an administrator") }
            try await cutter.run { $0.cut(other.site, false) }
            #expect(try await east.nextLink() == "up north")
            #expect(try await north.nextLink() == "up east")
        }
    }

    @Test("A link that was dismissed goes down at both ends and is made again")
    func dismissed() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let (east, north) = (nodes[0], nodes[1])
            let reason = MeshReason(.dismissed, "It speaks nonsense.")
            try await north.run { $0.dismiss(east.site, because: reason) }
            #expect(try await north.events.next() == .linkDown(east.site, reason: reason))
            #expect(try await east.nextLink() == "down north")
            #expect(try await east.nextLink() == "up north")
            #expect(try await north.nextLink() == "up east")
        }
    }

    @Test("A closed node tells nothing more and frees its port")
    func closed() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            try await nodes[1].run { node in
                node.close()
                node.close()
            }
            #expect(try await nodes[0].nextLink() == "down north")
            #expect(nodes[1].events.count == 0)
            _ = try await TestNode("north", on: loop, port: nodes[1].port)
        }
    }
}
