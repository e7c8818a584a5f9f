import Kernel
import Mesh
import Replication
import Testing
import Transport

@Suite("Certificates between two sites", .timeLimit(.minutes(1)))
struct MeshCertificateTests {
    /// What is wrong with east's certificate, and where it is noticed.
    struct Case: Sendable, CustomTestStringConvertible {
        let certificate: String
        let kind: MeshReason.Kind
        var cluster = "test"
        /// The site at the other end: `north` is dialled by east, `central` dials it.
        let good: String

        var testDescription: String { "\(kind.rawValue), \(good == "north" ? "east dials" : "east is dialled")" }
    }

    static let cases: [Case] = ["north", "central"].flatMap { good in
        [
            Case(certificate: "expired", kind: .certificateExpired, good: good),
            Case(certificate: "future", kind: .certificateNotYetValid, good: good),
            Case(certificate: "stranger", kind: .otherAuthority, good: good),
            Case(certificate: "impostor", kind: .otherAuthority, good: good),
            Case(certificate: "foreign", kind: .otherCluster, cluster: "elsewhere", good: good),
            Case(certificate: "revoked", kind: .certificateRevoked, good: good),
        ]
    }

    @Test("A bad certificate is refused, both ends say which fault it has, and no link comes up", arguments: cases)
    func refused(_ test: Case) async throws {
        try await withLoop { loop in
            let serial = try TestAuthority.shared.context("revoked").identity.serial
            let revoked = try RevocationList(text: "\(serial) 2026-11-20 key lost\n")
            let east = try await TestNode("east", on: loop, certificate: test.certificate, cluster: test.cluster)
            let good = try await TestNode(test.good, on: loop, revoked: revoked)
            // Who dials is told last.
            let (first, last) = test.good == "north" ? (good, east) : (east, good)
            try await first.know(last.site, port: last.port)
            try await last.know(first.site, port: first.port)

            let here = try await good.nextFailure(test.kind)
            #expect(!here.isToldByPeer)
            let there = try await east.nextFailure(test.kind)
            // Of two clusters each end finds the other wrong.
            #expect(there.isToldByPeer || test.kind == .otherCluster, "\(there)")
            for node in [good, east] {
                let isUp = try await node.run { $0.status.contains(where: \.isUp) }
                let count = try await node.run { $0.tally.count(of: test.kind) }
                #expect(!isUp && count >= 1)
            }
        }
    }

    @Test("A standing link is ended at both ends when its certificate is revoked, and a new certificate mends it")
    func revokedMeanwhile() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let (east, north) = (nodes[0], nodes[1])
            let serial = try TestAuthority.shared.context("east").identity.serial
            let list = try RevocationList(text: "\(serial) 2026-11-20 laptop stolen")
            try await north.run { $0.revoke(list) }
            let down = try await north.nextDown()
            #expect(down.kind == .certificateRevoked)
            #expect(down.text.contains("\(serial)") && down.text.contains("laptop stolen"))
            let told = try await east.events.first { if case .notReached = $0 { true } else { false } }
            guard case .notReached(_, let reason) = told else { return }
            #expect(reason.kind == .certificateRevoked && reason.isToldByPeer)

            let newer = try TestAuthority.shared.context("newer")
            try await east.run { try $0.use(newer) }
            #expect(try await east.nextLink() == "up north")
        }
    }

    @Test("A revoked certificate of another site does not touch the links that stand")
    func otherRevoked() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let serial = try TestAuthority.shared.context("west").identity.serial
            try await nodes[1].run { $0.revoke(try RevocationList(text: "\(serial)")) }
            _ = try await nodes[0].run { $0.send([7], .control, to: nodes[1].site) }
            #expect(try await nodes[1].nextBody() == [7])
        }
    }

    @Test("New certificate files serve the next link; the one that stands stays as it is")
    func rotation() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let (east, north) = (nodes[0], nodes[1])
            let (old, new) = (try TestAuthority.shared.context("east"), try TestAuthority.shared.context("newer"))
            try await east.run { try $0.use(new) }
            _ = try await east.run { $0.send([1], .control, to: north.site) }
            #expect(try await north.nextBody() == [1])
            #expect(try await north.run { $0.status[0].certificate?.serial } == old.identity.serial)

            try await north.run { $0.dismiss(east.site, because: MeshReason(.dismissed, "Once more.")) }
            #expect(try await north.nextLink() == "down east")
            #expect(try await north.nextLink() == "up east")
            #expect(try await north.run { $0.status[0].certificate?.serial } == new.identity.serial)
        }
    }

    @Test("A link whose certificate has run out is ended with that reason and made anew")
    func expiredMeanwhile() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let identity = try TestAuthority.shared.context("east").identity
            try await nodes[1].run { $0.endExpired(at: identity.expiresAt) }
            #expect(try await nodes[1].run { $0.status[0].isUp })
            try await nodes[1].run { $0.endExpired(at: identity.expiresAt + .seconds(1)) }
            #expect(try await nodes[1].nextDown().kind == .certificateExpired)
            // By its own clock the certificate is still good.
            #expect(try await nodes[1].nextLink() == "up east")
        }
    }

    @Test("Files with another site's certificate are not taken into use")
    func othersCertificate() async throws {
        try await withLoop { loop in
            let nodes = try await linkedNodes(["east", "north"], on: loop)
            let west = try TestAuthority.shared.context("west")
            let error = await transportError { try await nodes[0].run { try $0.use(west) } }
            #expect(error?.code == .tlsIdentityWrong)
            try await nodes[0].run { $0.dismiss(nodes[1].site, because: MeshReason(.dismissed, "Once more.")) }
            #expect(try await nodes[0].nextLink() == "down north")
            #expect(try await nodes[0].nextLink() == "up north")
        }
    }
}
