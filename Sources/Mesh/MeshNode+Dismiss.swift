package import Kernel
import Transport

// What administrators and the core want of a link.

extension MeshNode {
    /// Ends the link to a peer that cannot be talked to, after the urgent frames that wait, so that it hears why.
    ///
    /// Whoever dials tries again with growing pauses: what was wrong may be mended by a restart.
    package func dismiss(_ peer: SiteID, because reason: MeshReason) {
        loop.assertOnLoop()
        peers[peer]?.link?.end(reason)
    }

    /// Cuts the link to a peer for a drill, or heals it: while cut it is neither dialled nor accepted.
    package func cut(_ peer: SiteID, _ isCut: Bool) {
        loop.assertOnLoop()
        guard peers[peer] != nil, peers[peer]?.isCut != isCut else { return }
        peers[peer]?.isCut = isCut
        guard isCut else {
            peers[peer]?.dialer?.start()
            return
        }
        let reason = MeshReason(.cut, "The link was cut here by an administrator.")
        peers[peer]?.dialer?.stop()
        peers[peer]?.link?.close(reason)
        for link in arriving.values where link.site == peer || link.dialled == peer { link.close(reason) }
    }
}
