package import Kernel

/// Decides, together with the other voters, on who belongs to the cluster: single-decree Paxos for each number.
///
/// Lamport, "Paxos Made Simple", 2001. Every voter is proposer and acceptor. A number is decided by a majority of
/// the sites that were not retired by the decisions before it, so two halves of a cluster can never both decide.
/// What a site promised, agreed to or learned is on its disk before anybody hears of it.
///
/// An operator's word (`MembershipProposal.isForced`) stands in for a majority that does not answer. Two halves
/// forced apart meet again with two histories; everybody then keeps the one whose first differing decision `beats`
/// the other, and the operator is told. That order is total, so all sites end with the same history.
package struct DecisionMaker: Sendable {
    /// What this site has promised and agreed to, for the number after its history.
    struct Vote: Hashable, Sendable {
        var promised: Ballot?
        var accepted: AcceptedDecision?
    }

    /// What waits until the disk has what it depends on.
    enum Deferred: Sendable {
        case directive(DecisionDirective)
        /// The membership is what everybody may know.
        case publish(Membership)
        /// This site's own vote in its round.
        case ownPromise(Ballot)
        case ownAcceptance(Ballot)
    }

    let site: SiteID
    var random: SeededRandom

    // What is written to disk.
    var history: Membership
    var vote: Vote
    /// Set while this site does not vote, having lost its disk.
    var silentSince: HybridTimestamp?

    // The disk.
    var isDirty: Bool
    private var issued: UInt64 = 0
    private var confirmed: UInt64 = 0
    var fresh: [Deferred] = []
    private var waiting: [(token: UInt64, item: Deferred)] = []

    // Peers.
    var linked: Set<SiteID> = []
    var askedAt: [SiteID: Instant] = [:]
    /// Peers with other founders, until their link ends.
    var strangers: Set<SiteID> = []
    /// The collision told last.
    var lastCollision: (kept: MembershipDecision, dropped: [MembershipDecision])?

    // Proposals.
    var attempt: ProposalAttempt?
    var queue: [ProposalAttempt] = []

    /// The membership as far as it is on disk: what the rest of the site goes by.
    package private(set) var membership: Membership

    /// Starts for the first time, with the founders (`Membership(founders:)`); the first event saves them.
    package init(site: SiteID, membership: Membership, random: SeededRandom) {
        self.site = site
        self.random = random
        self.membership = membership
        history = membership
        vote = Vote()
        isDirty = true
    }

    /// Starts again with the bytes saved last; throws when they mean nothing.
    package init(site: SiteID, saved bytes: [UInt8], random: SeededRandom) throws(FrameError) {
        let wire: WireDecisionState = try Wire.message(bytes, "decision state")
        self.site = site
        self.random = random
        history = try wire.history.membership()
        vote = try wire.vote(after: history.number)
        silentSince = wire.silentSince == 0 ? nil : HybridTimestamp(bits: wire.silentSince)
        membership = history
        isDirty = false
    }

    /// What to tell in hellos and beacons.
    package var head: DecisionHead { membership.head }

    /// True when this site has a vote and remembers what it voted.
    package var isVoting: Bool { silentSince == nil && history.voters.contains(site) }

    /// How many proposals of this site are not settled.
    package var pendingProposals: Int { queue.count + (attempt == nil ? 0 : 1) }

    /// When to send `.timer`; nil when there is nothing to wait for.
    package var nextDeadline: Instant? {
        ([attempt?.nextDeadline].compactMap { $0 } + queue.map(\.deadline)).min()
    }

    /// Takes an event.
    package mutating func handle(_ event: DecisionEvent, at now: Instant) -> [DecisionDirective] {
        var out: [DecisionDirective] = []
        switch event {
        case .propose(let proposal):
            propose(proposal, at: now)
        case .message(let peer, let message):
            take(message, from: peer, at: now)
        case .head(let peer, let head):
            notice(head, of: peer, at: now)
        case .linkUp(let peer):
            linked.insert(peer)
            send(DecisionMessage(base: history.head, kind: .ask), to: peer)
            repeatRound(to: peer)
        case .linkDown(let peer):
            linked.remove(peer)
            strangers.remove(peer)
            askedAt[peer] = nil
        case .saved(let token):
            confirm(token, at: now)
        case .lostMemory(let stamp):
            silentSince = max(stamp, silentSince ?? stamp)
            isDirty = true
        case .timer:
            break
        }
        work(at: now)
        flush(at: now, &out)
        return out
    }

    /// Sends a message once everything that it depends on is on disk.
    mutating func send(_ message: DecisionMessage, to peer: SiteID) {
        fresh.append(.directive(.send(peer, message)))
    }

    /// Everything that must not be forgotten, for `.save`.
    private var bytes: [UInt8] {
        var wire = WireDecisionState()
        wire.history = WireMembershipHistory(history)
        if let promised = vote.promised { wire.promised = WireDecisionBallot(promised) }
        if let accepted = vote.accepted { wire.accepted = WireAcceptedDecision(accepted) }
        wire.silentSince = silentSince?.bits ?? 0
        return Wire.bytes(wire)
    }

    /// Lets go of what depended on bytes that are now on disk.
    private mutating func confirm(_ token: UInt64, at now: Instant) {
        guard token > confirmed, token <= issued else { return }
        confirmed = token
        let count = waiting.prefix { $0.token <= token }.count
        let items = waiting.prefix(count).map(\.item)
        waiting.removeFirst(count)
        // They go first, in their order: what this event adds comes after them.
        released.append(contentsOf: items)
    }

    private var released: [Deferred] = []

    /// Writes what changed, and lets go of what is on disk, until nothing is left to do.
    private mutating func flush(at now: Instant, _ out: inout [DecisionDirective]) {
        while isDirty || !fresh.isEmpty || !released.isEmpty {
            let items = released
            released = []
            for item in items { release(item, at: now, &out) }
            work(at: now)
            if isDirty {
                isDirty = false
                issued += 1
                out.append(.save(bytes, token: issued))
            }
            if confirmed == issued {
                released += fresh
            } else {
                waiting += fresh.map { (issued, $0) }
                // Whoever misses an answer asks again; only proposals here must be told their outcome.
                if waiting.count > Limits.decisionAnswersMax { waiting.removeAll { $0.item.isAnswer } }
            }
            fresh = []
        }
    }

    private mutating func release(_ item: Deferred, at now: Instant, _ out: inout [DecisionDirective]) {
        switch item {
        case .directive(.send(let peer, let message)):
            if linked.contains(peer) { out.append(.send(peer, message)) }
        case .directive(let directive): out.append(directive)
        case .publish(let next): membership = next
        case .ownPromise(let ballot): promised(ballot, by: site, accepted: vote.accepted, at: now)
        case .ownAcceptance(let ballot): accepted(ballot, by: site, at: now)
        }
    }
}

extension DecisionMaker.Deferred {
    /// True for what goes to a peer.
    var isAnswer: Bool {
        if case .directive(.send) = self { true } else { false }
    }
}

extension WireDecisionState {
    /// Reads votes on the number after `number`.
    func vote(after number: UInt64) throws(FrameError) -> DecisionMaker.Vote {
        DecisionMaker.Vote(
            promised: hasPromised ? try promised.ballot() : nil,
            accepted: hasAccepted ? try accepted.accepted(after: number) : nil
        )
    }
}
