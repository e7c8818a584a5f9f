package import Kernel

/// A change of the membership that somebody at this site asks for.
package struct MembershipProposal: Hashable, Sendable {
    /// Names it in the answer; chosen by the caller, different for each.
    package let id: UInt64
    /// What is to change.
    package let change: MembershipChange
    /// About which site.
    package let site: SiteID
    /// Who asks.
    package let actor: Actor
    /// A new stamp of this site's clock; no two proposals of a site have the same.
    package let at: HybridTimestamp
    /// True when this site is to decide alone if no majority answers: the operator's word that those who are
    /// silent are really gone.
    package let isForced: Bool

    /// Describes a proposal.
    package init(
        id: UInt64,
        change: MembershipChange,
        site: SiteID,
        actor: Actor,
        at: HybridTimestamp,
        isForced: Bool
    ) {
        self.id = id
        self.change = change
        self.site = site
        self.actor = actor
        self.at = at
        self.isForced = isForced
    }
}

/// Why a proposal came to nothing.
package enum ProposalFailure: Hashable, Sendable, CustomStringConvertible {
    /// The change is not possible, or not any more.
    case refused(MembershipRefusal)
    /// This site has no vote and so proposes nothing.
    case noVote(MembershipRefusal)
    /// This site lost its disk and does not know what it voted; a decision of the others must activate it first.
    case lostMemory
    /// Too many proposals wait here.
    case busy
    /// The name of the actor is too long.
    case badActor
    /// Not enough voters answered; if the flag is set, the change may still be decided later, as some agreed.
    case tooFewAnswers(Int, voters: Int, needed: Int, mayStillHappen: Bool)
    /// Enough answered, but other proposals kept overtaking this one; the flag as above.
    case overtaken(rounds: Int, mayStillHappen: Bool)

    /// One sentence without a full stop.
    package var description: String {
        switch self {
        case .refused(let reason): "\(reason)"
        case .noVote(let reason): "this site does not vote: \(reason)"
        case .lostMemory: "this site lost its disk; it votes again when the others have suspended and activated it"
        case .busy: "\(Limits.membershipProposalsMax) proposals wait here already; try again in some seconds"
        case .badActor: "the actor's name is longer than \(Limits.membershipActorBytesMax) bytes"
        case .tooFewAnswers(let count, let voters, let needed, let mayStillHappen):
            "\(count) of \(voters) voters answered; \(needed) needed" + ProposalFailure.afterword(mayStillHappen)
        case .overtaken(let rounds, let mayStillHappen):
            "other proposals overtook this one in \(rounds) rounds; try again"
                + ProposalFailure.afterword(mayStillHappen)
        }
    }

    private static func afterword(_ mayStillHappen: Bool) -> String {
        mayStillHappen ? "; some agreed, so the change may still be decided when the others answer" : ""
    }
}

/// Something about decisions that the operator has to look at.
package enum MembershipAlarm: Hashable, Sendable {
    /// Two decisions of one number met, at least one of them forced: which is kept, and which are void, with all
    /// that followed them.
    case collided(kept: MembershipDecision, dropped: [MembershipDecision])
    /// The peer's founders are others than ours: it belongs to another cluster, or was configured wrongly.
    case foundersDiffer(SiteID)
    /// The peer sent a decision that is not possible.
    case impossible(SiteID, MembershipRefusal)
}

/// What happens to a decision maker.
package enum DecisionEvent: Hashable, Sendable {
    /// Somebody at this site asks for a change.
    case propose(MembershipProposal)
    /// A message arrived.
    case message(SiteID, DecisionMessage)
    /// A peer told, in a hello or a beacon, how far its history reaches.
    case head(SiteID, DecisionHead)
    /// A link to a peer is ready.
    case linkUp(SiteID)
    /// A link to a peer is gone.
    case linkDown(SiteID)
    /// The bytes of this token, and so all before it, are on disk.
    case saved(UInt64)
    /// This site has found out that it lost its disk: it must not vote before the others activated it anew, by a
    /// decision stamped later than this.
    case lostMemory(HybridTimestamp)
    /// The time of `nextDeadline` has come.
    case timer
}

/// What a decision maker wants done.
package enum DecisionDirective: Hashable, Sendable {
    /// Send a message to a peer.
    case send(SiteID, DecisionMessage)
    /// Write these bytes over those saved before, and answer with `.saved`; if that fails, do nothing.
    case save([UInt8], token: UInt64)
    /// A decision holds: `DecisionMaker.membership` has it now.
    case decided(MembershipDecision)
    /// A proposal of this site became this decision.
    case accepted(proposal: UInt64, MembershipDecision)
    /// A proposal of this site came to nothing.
    case failed(proposal: UInt64, ProposalFailure)
    /// The operator has to look at something.
    case alarm(MembershipAlarm)
}
