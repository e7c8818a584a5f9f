package import Kernel

/// What somebody asks of the cluster.
package enum RecordsCommand: Hashable, Sendable {
    /// Answer when an op on this site's disk has got so far, or when the time is up.
    case acknowledge(Dot, AcknowledgementLevel, within: Span)
    /// Decide with the other members on a change; `forced` is the operator's word that those who are silent are gone.
    case decide(MembershipChange, SiteID, by: Actor, forced: Bool)
    /// Check everything on disk now, as fast as it goes; `RecordsStatus.transfer` tells how far it is.
    case verify
}

/// The answer to a command.
package enum RecordsReply: Hashable, Sendable {
    /// How far the op has got; and why no further, where that is not just the time.
    case acknowledged(AcknowledgementLevel, AcknowledgementRefusal?)
    /// What was decided.
    case decided(MembershipDecision)
    /// It is under way or done.
    case done
    /// It was not done; one sentence for people.
    case refused(String)
}
