import Kernel
import Mesh
import Testing
import Transport

/// One node of a test's mesh and what it told.
struct TestNode: Sendable {
    let site: SiteID
    let events = Mailbox<MeshEvent>()
    let port: UInt16
    private let node: LoopBound<MeshNode>
    private let loop: EventLoop

    /// Starts a node on a free port, or on a given one, without peers.
    init(
        _ name: String,
        on loop: EventLoop,
        certificate: String? = nil,
        cluster: String = "test",
        revoked: RevocationList = RevocationList(),
        port: UInt16 = 0,
        idleTimeout: Span = Limits.meshIdleTimeout
    ) async throws {
        let site = try #require(SiteID(name))
        let events = events
        let context = try TestAuthority.shared.context(certificate ?? name, cluster: cluster)
        let started = try await loop.run {
            let configuration = MeshConfiguration(
                site: site,
                listen: .loopback(port: port),
                peers: [],
                context: context,
                revoked: revoked,
                idleTimeout: idleTimeout
            )
            let node = MeshNode(configuration, on: loop, random: SeededRandom(seed: 1)) { events.put($0) }
            try node.start()
            return (LoopBound(node, on: loop), node.listenAddress?.port ?? 0)
        }
        (node, self.port) = started
        self.site = site
        self.loop = loop
    }

    /// Does something with the node on its loop.
    func run<Result: Sendable>(_ body: @escaping @Sendable (MeshNode) throws -> Result) async throws -> Result {
        let node = node
        return try await loop.run { try body(node.value) }
    }

    /// Makes another site a peer.
    func know(_ site: SiteID, port: UInt16) async throws {
        try await run { try $0.setPeer(MeshPeer(site: site, host: "127.0.0.1", port: port)) }
    }

    /// Waits for the next event of a kind.
    func nextLink() async throws -> String {
        let event = try await events.first { event in
            switch event {
            case .linkUp, .linkDown: true
            default: false
            }
        }
        return switch event {
        case .linkUp(let site, _): "up \(site)"
        case .linkDown(let site, _): "down \(site)"
        default: ""
        }
    }

    /// Waits for the next frame's body.
    func nextBody() async throws -> [UInt8] {
        while true {
            if case .frame(_, _, let body) = try await events.next() { return body }
        }
    }

    /// Waits until a peer could not be reached for a reason with these words.
    func notReached(_ words: String) async throws -> String {
        while true {
            if case .notReached(_, let reason) = try await events.next(), reason.text.contains(words) {
                return reason.text
            }
        }
    }

    /// Waits for the next stranger turned away.
    func nextRefusal() async throws -> (site: SiteID?, reason: MeshReason) {
        while true {
            if case .refused(let site, _, let reason) = try await events.next() { return (site, reason) }
        }
    }
}

extension TestNode {
    /// Waits until somebody was turned away or not reached for one of these kinds; no link and no frame may come first.
    func nextFailure(_ kinds: MeshReason.Kind...) async throws -> MeshReason {
        while true {
            switch try await events.next() {
            case .refused(_, _, let reason) where kinds.contains(reason.kind): return reason
            case .notReached(_, let reason) where kinds.contains(reason.kind): return reason
            case .linkUp(let other, _): Issue.record("\(site) has a link with \(other)")
            case .frame(let other, _, _): Issue.record("\(site) took a frame of \(other)")
            default: break
            }
        }
    }

    /// Waits until the link goes down.
    func nextDown() async throws -> MeshReason {
        while true {
            if case .linkDown(_, let reason) = try await events.next() { return reason }
        }
    }
}

/// Starts nodes that all know each other and waits until all links are up.
func linkedNodes(
    _ names: [String],
    on loop: EventLoop,
    idleTimeout: Span = Limits.meshIdleTimeout
) async throws
    -> [TestNode]
{
    var nodes: [TestNode] = []
    for name in names { nodes.append(try await TestNode(name, on: loop, idleTimeout: idleTimeout)) }
    // The largest name first: who is dialled knows the others by then.
    for node in nodes.sorted(by: { $1.site < $0.site }) {
        for other in nodes where other.site != node.site { try await node.know(other.site, port: other.port) }
    }
    for node in nodes {
        for _ in 1..<nodes.count { #expect(try await node.nextLink().hasPrefix("up")) }
    }
    return nodes
}
