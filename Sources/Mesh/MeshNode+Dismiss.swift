package import Kernel
import Transport

extension MeshNode {
    /// Closes the link to a peer that cannot be talked to; frames not yet sent are lost.
    ///
    /// Whoever dials tries again with growing pauses: what was wrong may be mended by a restart.
    package func dismiss(_ peer: SiteID, reason: String) {
        loop.assertOnLoop()
        peers[peer]?.link?.close(reason)
    }
}
