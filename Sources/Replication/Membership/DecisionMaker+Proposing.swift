import Kernel

// The proposer: rounds of voting until a majority agreed to something.
extension DecisionMaker {
    mutating func propose(_ proposal: MembershipProposal, at now: Instant) {
        let reason: ProposalFailure? =
            if let refusal = history.refusal(of: proposal.change, on: proposal.site) {
                .refused(refusal)
            } else if silentSince != nil {
                .lostMemory
            } else if !history.voters.contains(site) {
                .noVote(history.refusal(ofHelloFrom: site) ?? .notAMember(site))
            } else if proposal.actor.name.utf8.count > Limits.membershipActorBytesMax {
                .badActor
            } else if pendingProposals >= Limits.membershipProposalsMax {
                .busy
            } else {
                nil
            }
        if let reason {
            fresh.append(.directive(.failed(proposal: proposal.id, reason)))
        } else {
            queue.append(ProposalAttempt(proposal, at: now))
        }
    }

    /// Does what is due: ends proposals, rounds and waits.
    mutating func work(at now: Instant) {
        for late in queue where late.deadline <= now { fail(late, .busy) }
        queue.removeAll { $0.deadline <= now }
        while attempt == nil, !queue.isEmpty {
            attempt = queue.removeFirst()
            reconsider()
        }
        guard var current = attempt else { return }
        if let round = current.round, round.base != history.head || round.deadline <= now {
            closeRound(&current, at: now)
            attempt = current
        }
        if current.deadline <= now {
            fail(current, verdict(on: current))
            attempt = nil
            work(at: now)
        } else if let forceAt = current.forceAt, forceAt <= now, isVoting {
            decide(current.decision(number: history.number + 1, isForced: true, proposer: site))
        } else if current.round == nil, current.nextTry <= now, isVoting {
            openRound(at: now)
        }
    }

    /// Ends the current proposal if what was decided meanwhile settles it; else it goes on with the next number.
    mutating func reconsider() {
        guard let current = attempt else { return }
        if let refusal = history.refusal(of: current.proposal.change, on: current.proposal.site) {
            fail(current, .refused(refusal))
        } else if !history.voters.contains(site) {
            fail(current, .noVote(history.refusal(ofHelloFrom: site) ?? .notAMember(site)))
        } else {
            return
        }
        attempt = nil
    }

    private mutating func fail(_ attempt: ProposalAttempt, _ reason: ProposalFailure) {
        fresh.append(.directive(.failed(proposal: attempt.proposal.id, reason)))
    }

    private func verdict(on attempt: ProposalAttempt) -> ProposalFailure {
        if silentSince != nil { return .lostMemory }
        if attempt.answers >= history.votesNeeded {
            return .overtaken(rounds: attempt.rounds, mayStillHappen: attempt.mayStillHappen)
        }
        return .tooFewAnswers(
            attempt.answers,
            voters: history.voters.count,
            needed: history.votesNeeded,
            mayStillHappen: attempt.mayStillHappen
        )
    }

    /// Begins a round with a ballot above all that this site has heard of; its own promise comes first.
    private mutating func openRound(at now: Instant) {
        guard var current = attempt else { return }
        let round = max(vote.promised?.round ?? 0, current.highest) + 1
        guard round <= Limits.ballotRoundMax else { return }
        let ballot = Ballot(round: round, site: site)
        current.rounds += 1
        current.round = ProposalAttempt.Round(
            base: history.head,
            ballot: ballot,
            voters: history.voters,
            needed: history.votesNeeded,
            deadline: now + Limits.ballotPatience
        )
        attempt = current
        vote.promised = ballot
        isDirty = true
        fresh.append(.ownPromise(ballot))
    }

    /// Ends a round without a decision; the next begins after a wait that grows and that chance shortens.
    private mutating func closeRound(_ attempt: inout ProposalAttempt, at now: Instant) {
        guard let round = attempt.round else { return }
        attempt.answers = round.answered.count
        attempt.round = nil
        guard round.base == history.head else {
            // Its number was taken: the next is free to try.
            attempt.nextTry = now
            return
        }
        let doublings = Int64(min(attempt.rounds - 1, 10))
        let ceiling = min(Limits.ballotBackoffMin * (1 << doublings), Limits.ballotBackoffMax)
        attempt.nextTry = now + .milliseconds(Int64.random(in: 1...ceiling.milliseconds, using: &random))
    }

    /// Says the round's current question to a peer whose link has just come up.
    mutating func repeatRound(to peer: SiteID) {
        guard let round = attempt?.round, round.isOpen, round.voters.contains(peer) else { return }
        send(question(of: round), to: peer)
    }

    private func question(of round: ProposalAttempt.Round) -> DecisionMessage {
        let kind: DecisionMessage.Kind =
            if let value = round.value {
                .accept(AcceptedDecision(ballot: round.ballot, decision: value))
            } else {
                .prepare(round.ballot)
            }
        return DecisionMessage(base: round.base, kind: kind)
    }

    private mutating func ask(_ round: ProposalAttempt.Round) {
        let question = question(of: round)
        for voter in round.voters where voter != site && linked.contains(voter) { send(question, to: voter) }
    }

    /// A voter's promise; of this site itself, once it is on disk.
    mutating func promised(_ ballot: Ballot, by voter: SiteID, accepted: AcceptedDecision?, at now: Instant) {
        guard var current = attempt, var round = current.round, round.ballot == ballot, round.base == history.head,
            round.voters.contains(voter), voter == site || round.isOpen
        else { return }
        round.answered.insert(voter)
        if voter == site {
            round.isOpen = true
            ask(round)
        }
        if round.value == nil {
            round.promises.insert(voter)
            if let accepted, round.newest.map({ $0.ballot < accepted.ballot }) ?? true { round.newest = accepted }
            if round.promises.count >= round.needed { agree(&round, &current) }
        }
        current.round = round
        attempt = current
    }

    /// A majority promised: everybody is asked to agree to what may have been decided before, or to the proposal.
    private mutating func agree(_ round: inout ProposalAttempt.Round, _ current: inout ProposalAttempt) {
        let own = current.decision(number: round.base.number + 1, isForced: false, proposer: site)
        let value = round.newest?.decision ?? own
        round.value = value
        if value == own { current.mayStillHappen = true }
        ask(round)
        // Another ballot may have come between; then this site itself does not agree.
        guard vote.promised == round.ballot else { return }
        vote.accepted = AcceptedDecision(ballot: round.ballot, decision: value)
        isDirty = true
        fresh.append(.ownAcceptance(round.ballot))
    }

    /// A voter's agreement; of this site itself, once it is on disk.
    mutating func accepted(_ ballot: Ballot, by voter: SiteID, at now: Instant) {
        guard let round = attempt?.round, round.ballot == ballot, round.base == history.head,
            round.voters.contains(voter), let value = round.value
        else { return }
        attempt?.round?.answered.insert(voter)
        attempt?.round?.acceptances.insert(voter)
        if (attempt?.round?.acceptances.count ?? 0) >= round.needed { decide(value) }
    }

    /// A voter promised a later ballot: this round is lost.
    mutating func refused(_ ballot: Ballot, by voter: SiteID, promised: Ballot, at now: Instant) {
        guard var current = attempt, let round = current.round, round.ballot == ballot,
            round.base == history.head, round.voters.contains(voter)
        else { return }
        current.round?.answered.insert(voter)
        current.highest = max(current.highest, promised.round)
        let lost = (current.round?.answered.count ?? 0) >= round.needed
        if lost { closeRound(&current, at: now) }
        attempt = current
    }

    /// Makes a decision part of the history and tells everybody.
    mutating func decide(_ decision: MembershipDecision) {
        let base = history.head
        guard enter(decision) else { return }
        let piece = DecisionPiece(founders: history.founders, decisions: [decision], newest: history.number)
        for peer in linked.sorted() where !strangers.contains(peer) {
            send(DecisionMessage(base: base, kind: .piece(piece)), to: peer)
        }
    }
}
