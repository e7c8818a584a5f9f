package import Kernel

/// What a site tells another in order to decide on membership.
///
/// Every message names the history that it builds on (`base`). Votes on one decision count only between sites
/// that agree on everything before it; others exchange their histories first.
package struct DecisionMessage: Hashable, Sendable {
    /// The history before the decision in question; of `.piece`, before its first decision.
    package let base: DecisionHead
    /// What is said.
    package let kind: Kind

    /// What is said.
    package enum Kind: Hashable, Sendable {
        /// "Will you vote in this ballot, and in none before it?"
        case prepare(Ballot)
        /// "I will. This is what I agreed to last."
        case promise(Ballot, AcceptedDecision?)
        /// "Agree to this."
        case accept(AcceptedDecision)
        /// "I agree."
        case accepted(Ballot)
        /// "No: I promised a later ballot."
        case refused(Ballot, promised: Ballot)
        /// "Do you have more than this?"
        case ask
        /// "These follow."
        case piece(DecisionPiece)
    }

    /// Makes a message.
    package init(base: DecisionHead, kind: Kind) {
        self.base = base
        self.kind = kind
    }
}

/// A part of a history.
package struct DecisionPiece: Hashable, Sendable {
    /// The founders, so that a joining site can start from them and strangers are noticed.
    package let founders: [SiteID]
    /// Decisions one after the other.
    package let decisions: [MembershipDecision]
    /// The newest decision that the sender has.
    package let newest: UInt64

    /// Makes a piece.
    package init(founders: [SiteID], decisions: [MembershipDecision], newest: UInt64) {
        self.founders = founders
        self.decisions = decisions
        self.newest = newest
    }
}
