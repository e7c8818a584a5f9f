package import Kernel
package import Replication
package import Transport

/// What happens on the mesh.
package enum MeshEvent: Hashable, Sendable {
    /// A link to a site is ready for frames, both ways.
    ///
    /// A link that it replaces was reported down before.
    case linkUp(SiteID, SocketAddress)
    /// A frame's body arrived (`FrameCodec.decode`).
    case frame(SiteID, TrafficClass, [UInt8])
    /// After `full`, or after `hasRoom` said no: there is room again for frames of that class to that site.
    case writable(SiteID, TrafficClass)
    /// The link to a site is gone; frames not yet sent are lost.
    case linkDown(SiteID, reason: MeshReason)
    /// A site could not be dialled, or refused.
    ///
    /// Told when the reason changes; dialling goes on.
    case notReached(SiteID, reason: MeshReason)
    /// Somebody who connected was turned away; the site is nil when there was no acceptable certificate.
    case refused(SiteID?, SocketAddress?, reason: MeshReason)
}

/// What became of a frame handed to `MeshNode.send`.
package enum MeshSendOutcome: Hashable, Sendable {
    /// It is sent in its turn, unless the link breaks.
    case queued
    /// Not taken: too many bytes of its class wait.
    ///
    /// `writable` tells when to try again.
    case full
    /// Not taken, and no notice will come: presence in excess (its digest repairs that), or a body beyond
    /// the frame's bound.
    case dropped
    /// There is no link to that site.
    case notLinked
}

/// How the link to one site stands.
package struct MeshLinkStatus: Hashable, Sendable {
    /// The other site.
    package let site: SiteID
    /// True while frames can be sent.
    package let isUp: Bool
    /// True while an administrator has cut it here.
    package let isCut: Bool
    /// Since when it is up or down.
    package let since: Moment
    /// Bytes that wait to be sent.
    package let queuedBytes: Int
    /// Why it is down, as far as known.
    package let reason: MeshReason?
    /// The certificate that the other end showed for the link that is up.
    package let certificate: TLSIdentity?
}
