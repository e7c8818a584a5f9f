import Kernel

/// A proposal that is being pursued.
struct ProposalAttempt: Hashable, Sendable {
    /// One round of voting.
    struct Round: Hashable, Sendable {
        let base: DecisionHead
        let ballot: Ballot
        let voters: [SiteID]
        let needed: Int
        let deadline: Instant
        /// True once this site's own promise is on disk and the others may be asked.
        var isOpen = false
        var promises: Set<SiteID> = []
        /// Of the agreements that came with promises, that of the highest ballot.
        var newest: AcceptedDecision?
        /// What everybody is asked to agree to, once a majority promised.
        var value: MembershipDecision?
        var acceptances: Set<SiteID> = []
        /// Who answered anything.
        var answered: Set<SiteID> = []
    }

    let proposal: MembershipProposal
    let deadline: Instant
    /// When it is decided alone; nil when it is not forced.
    let forceAt: Instant?
    var round: Round?
    /// When the next round begins, while there is none.
    var nextTry: Instant
    var rounds = 0
    /// The highest round heard of.
    var highest: UInt64 = 0
    /// How many answered in the last round.
    var answers = 0
    /// True once others were asked to agree to this very proposal: some may have, unheard.
    var mayStillHappen = false

    init(_ proposal: MembershipProposal, at now: Instant) {
        self.proposal = proposal
        deadline = now + Limits.proposalPatience
        forceAt = proposal.isForced ? now + Limits.forcePatience : nil
        nextTry = now
    }

    var nextDeadline: Instant {
        min(deadline, min(forceAt ?? deadline, round?.deadline ?? nextTry))
    }

    /// The decision that it would become.
    func decision(number: UInt64, isForced: Bool, proposer: SiteID) -> MembershipDecision {
        MembershipDecision(
            number: number,
            site: proposal.site,
            change: proposal.change,
            actor: proposal.actor,
            at: proposal.at,
            isForced: isForced,
            proposer: proposer
        )
    }

    /// True when the decision is what was proposed, whoever brought it through.
    func isFulfilled(by decision: MembershipDecision, proposer: SiteID) -> Bool {
        decision.proposer == proposer && decision.at == proposal.at && decision.site == proposal.site
            && decision.change == proposal.change
    }
}
