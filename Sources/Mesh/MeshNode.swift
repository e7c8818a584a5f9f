package import Kernel
package import Replication
package import Transport

/// A site's end of the mesh: one link to each other site, over TLS with a certificate at both ends.
///
/// Of two sites the one with the smaller name dials and the other accepts, so that there is one link. It moves
/// frame bodies and does not look into them. Confined to the loop; events come on the loop too, and may call
/// back. Keep it until `close()`.
package final class MeshNode {
    /// This site.
    package let site: SiteID
    /// Where it listens, once started.
    package var listenAddress: SocketAddress? { listener?.localAddress }

    let loop: EventLoop
    let configuration: MeshConfiguration
    var context: TLSContext
    var peers: [SiteID: Peer] = [:]
    var arriving: [ObjectIdentifier: MeshLink] = [:]
    var isClosed = false
    /// How often links were refused, broke or could not be made since the start, by reason.
    package internal(set) var tally = MeshTally()
    var revoked: RevocationList
    var lastRefusal: (site: SiteID?, reason: MeshReason, at: Instant)?
    private var random: SeededRandom
    private var listener: TCPListener?
    private let tell: (MeshEvent) -> Void

    /// What is known of one peer.
    struct Peer {
        var dialer: MeshDialer?
        var link: MeshLink?
        var isCut = false
        var since: Moment
        var reason: MeshReason?
    }

    /// Makes the node; `start()` begins.
    package init(
        _ configuration: MeshConfiguration,
        on loop: EventLoop,
        random: SeededRandom,
        events: @escaping (MeshEvent) -> Void
    ) {
        site = configuration.site
        self.configuration = configuration
        self.loop = loop
        self.random = random
        context = configuration.context
        revoked = configuration.revoked
        tell = events
    }

    /// Listens, and dials the peers that are this site's to dial.
    package func start() throws(TransportError) {
        loop.assertOnLoop()
        try check(context)
        listener = try TCPListener.listen(on: loop, at: configuration.listen) { [weak self] in self?.accept($0) }
        for peer in configuration.peers { try setPeer(peer) }
    }

    /// Adds a peer, or changes where an existing one is dialled.
    package func setPeer(_ peer: MeshPeer) throws(TransportError) {
        guard peer.site != site, !isClosed else { return }
        if let known = peers[peer.site] {
            known.dialer?.move(to: peer)
            return
        }
        var entry = Peer(since: SystemClock.now)
        if site < peer.site {
            entry.dialer = try MeshDialer(
                peer,
                on: loop,
                random: random.split(),
                connected: { [weak self] in self?.dialled($0, $1) },
                failed: { [weak self] in self?.notReached($0, $1) }
            )
        }
        peers[peer.site] = entry
        entry.dialer?.start()
    }

    /// Sends a frame's body to a peer, in order within its class.
    @discardableResult
    package func send(_ body: [UInt8], _ trafficClass: TrafficClass, to peer: SiteID) -> MeshSendOutcome {
        loop.assertOnLoop()
        return peers[peer]?.link?.send(body, trafficClass) ?? .notLinked
    }

    /// True when something more may be read from disk to be sent to a peer in a bulk class (catch-up, snapshot).
    ///
    /// When it may not, `writable` follows. Who asks before each read and has at most `Limits.readsPerPeerMax` reads of
    /// a class under way for a peer never loses a frame to a full line. Without a link there is room: nothing waits.
    package func hasRoom(for trafficClass: TrafficClass, to peer: SiteID) -> Bool {
        loop.assertOnLoop()
        return peers[peer]?.link?.hasRoom(for: trafficClass) ?? true
    }

    /// How the links stand, by site.
    package var status: [MeshLinkStatus] {
        peers.sorted { $0.key < $1.key }.map { site, peer in
            MeshLinkStatus(
                site: site,
                isUp: peer.link != nil,
                isCut: peer.isCut,
                since: peer.since,
                queuedBytes: peer.link?.queuedBytes ?? 0,
                reason: peer.link == nil ? peer.reason : nil,
                certificate: peer.link?.connection.peer
            )
        }
    }

    /// Closes all links and stops listening; no event comes after this.
    package func close() {
        loop.assertOnLoop()
        guard !isClosed else { return }
        isClosed = true
        listener?.close()
        for peer in peers.values {
            peer.dialer?.close()
            peer.link?.close(MeshReason(.closed, "This site closed the link."))
        }
        for link in arriving.values { link.close(MeshReason(.closed, "This site closed the link.")) }
        peers = [:]
        arriving = [:]
    }

    /// Tells an event, unless the node is closed.
    func report(_ event: MeshEvent) {
        if !isClosed { tell(event) }
    }
}
