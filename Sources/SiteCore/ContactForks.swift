import Calls
import ContactCenter
import Kernel
import Routing

/// The agents who are asked or ring for a contact beside the one whom its stage names.
///
/// One leads: the contact's stage is hers. Whatever happens to another makes that one lead first, so that a contact of
/// a queue that rings one agent at a time and one that rings all go through the same steps.
struct ContactForks: Sendable {
    /// One of the others.
    struct Fork: Hashable, Sendable {
        var stage: LiveContact.Stage
        /// When the site of the agent has been silent for too long; nil while the call machine watches over it.
        var until: Instant?
    }

    /// The others, in the order in which they are to lead.
    var others: [Fork] = []
    /// As `until`, of the one who leads.
    var leadUntil: Instant?

    var isEmpty: Bool { others.isEmpty }
}

extension LiveContact.Stage {
    /// The agent who is asked or rings.
    var candidate: Candidate? {
        switch self {
        case .lookingUp, .recording, .waiting, .talking, .textTalking, .placing, .outside: nil
        case .reserving(let candidate, _), .offering(_, let candidate), .textOffering(let candidate, _): candidate
        }
    }

    /// True while an agent's site has yet to promise her.
    var isReserving: Bool { if case .reserving = self { true } else { false } }

    /// Whether it is about this request for a reservation.
    func awaits(_ request: Int64, by peer: SiteID) -> Bool {
        if case .reserving(let candidate, request) = self { candidate.fence.site == peer } else { false }
    }

    /// Whether the phone of this bridge rings.
    func rings(_ bridge: BridgeID) -> Bool {
        if case .offering(bridge, _) = self { true } else { false }
    }
}

extension LiveContact {
    /// Where all those stand who are asked or ring, the one who leads first; empty otherwise.
    var offers: [Stage] { stage.candidate == nil ? [] : [stage] + forks.others.map(\.stage) }

    /// The agent of the first offer of some kind.
    func candidate(where isMeant: (Stage) -> Bool) -> Candidate? { offers.first(where: isMeant)?.candidate }

    /// Lets the agent lead about whom something has happened.
    mutating func lead(by candidate: Candidate) {
        guard stage.candidate != nil, stage.candidate != candidate,
            let index = forks.others.firstIndex(where: { $0.stage.candidate == candidate })
        else { return }
        let next = forks.others[index]
        forks.others[index] = ContactForks.Fork(stage: stage, until: forks.leadUntil)
        take(next)
    }

    /// Takes one of several agents out; false when she is the only one.
    ///
    /// One who rings leads before one who is only asked: then the lead is with the winner once all others who rang are
    /// out.
    mutating func drop(_ candidate: Candidate) -> Bool {
        guard !forks.isEmpty else { return false }
        guard stage.candidate == candidate else {
            forks.others.removeAll { $0.stage.candidate == candidate }
            return true
        }
        let index = forks.others.firstIndex { !$0.stage.isReserving } ?? 0
        take(forks.others.remove(at: index))
        return true
    }

    private mutating func take(_ fork: ContactForks.Fork) {
        stage = fork.stage
        forks.leadUntil = fork.until
        // The last word on whom it went to.
        guard let last = decisions.indices.last, let candidate = fork.stage.candidate else { return }
        decisions[last].agent = candidate.agent
        decisions[last].agentSite = candidate.fence.site
    }
}
