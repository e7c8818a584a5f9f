import Kernel
import Mesh
import Replication
import Testing
import Transport

@Suite("Who may join the mesh", .timeLimit(.minutes(1)))
struct MeshIdentityTests {
    @Test("A node with another site's certificate does not start, and says whose it is")
    func ownCertificate() async throws {
        try await withLoop { loop in
            let error = await transportError { _ = try await TestNode("east", on: loop, certificate: "west") }
            #expect(error?.code == .tlsIdentityWrong)
            #expect(error?.message.contains("west.pem is the certificate of west, this site is east") == true)
        }
    }

    @Test("A peer's address where another site answers is refused by the dialling end, and the other is told")
    func wrongSite() async throws {
        try await withLoop { loop in
            let south = try await TestNode("south", on: loop)
            let east = try await TestNode("east", on: loop)
            try await south.know(east.site, port: east.port)
            try await east.know(try #require(SiteID("north")), port: south.port)
            let reason = try await east.notReached("north was dialled, and the certificate there is that of south")
            let refusal = try await south.nextRefusal()
            #expect(refusal.site == east.site)
            #expect(refusal.reason.text == "The other end refused: \(reason)")
            #expect(refusal.reason.kind == .otherSite && refusal.reason.isToldByPeer)
        }
    }

    @Test(
        "Certificates of strangers, expired ones and those of another cluster get no link",
        arguments: [
            ("stranger", MeshReason.Kind.otherAuthority, "not from this cluster's authority"),
            ("expired", .certificateExpired, "has expired"),
            ("future", .certificateNotYetValid, "not valid yet"),
            ("foreign", .otherCluster, "of cluster elsewhere"),
            ("nameless", .certificateWithoutSite, "names no site"),
            ("double", .certificateWithoutSite, "names 2 sites"),
        ]
    )
    func badCertificates(certificate: String, kind: MeshReason.Kind, words: String) async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            try await north.know(try #require(SiteID("east")), port: 1)
            let command = """
                openssl s_client -connect 127.0.0.1:\(north.port) -alpn tandem/1 -quiet \
                -cert \(TestAuthority.shared.folder)/\(certificate).pem \
                -key \(TestAuthority.shared.folder)/\(certificate).key
                """
            run(command)
            let refusal = try await north.nextRefusal()
            #expect(refusal.site == nil)
            #expect(refusal.reason.text.contains(words), "\(refusal.reason)")
            #expect(refusal.reason.kind == kind)
            #expect(try await north.run { $0.tally.lines.map(\.kind) } == [kind])
        }
    }

    @Test("A site that is not configured is turned away with the reason")
    func notConfigured() async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            let peer = try await RawPeer("east", to: north.port, on: loop)
            let answer = try await peer.envelopes.next()
            let text = "east is not among the peers configured at north."
            #expect(answer == FrameEnvelope(.refuse(.other("\(text) [not-configured]"))))
            #expect(try await north.nextRefusal().reason == MeshReason(.notConfigured, text))
            _ = try await peer.closed.next()
        }
    }

    @Test("A site that should be dialled may not dial")
    func wrongDirection() async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            try await north.know(try #require(SiteID("south")), port: 1)
            _ = try await RawPeer("south", to: north.port, on: loop)
            #expect(try await north.nextRefusal().reason.text.contains("north dials south, not the other way round"))
        }
    }

    @Test("A site that meets its own certificate turns it away")
    func itself() async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            _ = try await RawPeer("north", to: north.port, on: loop)
            #expect(try await north.nextRefusal().reason.text.contains("this site itself"))
        }
    }

    @Test("Connections that never finish a handshake do not add up")
    func flood() async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            let closed = Mailbox<Int>()
            try await loop.run {
                for number in 0...Limits.meshHandshakesMax {
                    try TCPConnection.connect(on: loop, to: .loopback(port: north.port)) { result in
                        guard case .success(let connection) = result else { return }
                        connection.onClose = { _ in closed.put(number) }
                        connection.startReading()
                    }
                }
            }
            #expect(try await closed.next() == Limits.meshHandshakesMax)
        }
    }
}
