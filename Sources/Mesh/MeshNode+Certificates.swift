package import Kernel
package import Transport

// Certificates come, go, and are revoked while links stand.

extension MeshNode {
    /// Whom this site's own certificate speaks for, and until when.
    package var identity: TLSIdentity { context.identity }

    /// The last moment of the authority that signed it; nil when that is not known here.
    package var authorityExpiresAt: WallTime? { context.authorityExpiresAt }

    /// Uses other certificate files for the links to come; those that are up stay.
    ///
    /// Throws when the certificate is another site's; then the old files stay in use.
    package func use(_ context: TLSContext) throws(TransportError) {
        loop.assertOnLoop()
        try check(context)
        self.context = context
    }

    /// Trusts these certificates no more: links that stand with one of them are ended.
    package func revoke(_ list: RevocationList) {
        loop.assertOnLoop()
        revoked = list
        for (_, peer) in peers.sorted(by: { $0.key < $1.key }) {
            guard let link = peer.link, let identity = link.connection.peer, list.contains(identity.serial) else {
                continue
            }
            link.refuse(revocation(of: identity))
        }
    }

    /// Ends links whose certificates have run out since they were made; they are made again with the newer ones.
    package func endExpired(at wall: WallTime) {
        loop.assertOnLoop()
        for (_, peer) in peers.sorted(by: { $0.key < $1.key }) {
            guard let link = peer.link, let identity = link.connection.peer, identity.expiresAt < wall else { continue }
            let text = "The certificate of \(identity.site) (serial number \(identity.serial)) has expired."
            link.refuse(MeshReason(.certificateExpired, text))
        }
    }

    func revocation(of identity: TLSIdentity) -> MeshReason {
        let note = revoked.notes[identity.serial].flatMap { $0.isEmpty ? nil : " (\($0))" } ?? ""
        return MeshReason(
            .certificateRevoked,
            "The certificate of \(identity.site), serial number \(identity.serial), is revoked at \(site)\(note)."
        )
    }

    func check(_ context: TLSContext) throws(TransportError) {
        guard context.identity.site == site else {
            throw TransportError(
                .tlsIdentityWrong,
                "\(context.configuration.certificateFile) is the certificate of \(context.identity.site), "
                    + "this site is \(site)."
            )
        }
    }
}
