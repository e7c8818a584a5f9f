package import Kernel
package import Transport

/// Another site, and where it listens.
package struct MeshPeer: Hashable, Sendable {
    /// The site.
    package var site: SiteID
    /// Its host: a name or a numeric address.
    package var host: String
    /// Its mesh port.
    package var port: UInt16

    /// Makes a peer.
    package init(site: SiteID, host: String, port: UInt16) {
        self.site = site
        self.host = host
        self.port = port
    }
}

/// What a site's end of the mesh needs to know.
package struct MeshConfiguration: Sendable {
    /// This site; its certificate must say the same.
    package var site: SiteID
    /// Where to listen.
    package var listen: SocketAddress
    /// The other sites; nobody else is talked to.
    package var peers: [MeshPeer]
    /// Certificate, key and authority.
    package var context: TLSContext
    /// Certificates that are not to be trusted any more.
    package var revoked: RevocationList
    /// A link on which nothing was heard for so long is closed.
    package var idleTimeout: Span

    /// Makes a configuration.
    package init(
        site: SiteID,
        listen: SocketAddress,
        peers: [MeshPeer],
        context: TLSContext,
        revoked: RevocationList = RevocationList(),
        idleTimeout: Span = Limits.meshIdleTimeout
    ) {
        self.site = site
        self.listen = listen
        self.peers = peers
        self.context = context
        self.revoked = revoked
        self.idleTimeout = idleTimeout
    }
}
