import Kernel

// Histories: who is behind gets the rest, and two that differ become one.
extension DecisionMaker {
    /// A peer told how far its history reaches.
    mutating func notice(_ theirs: DecisionHead, of peer: SiteID, at now: Instant) {
        guard theirs != history.head, theirs.number >= history.number, !strangers.contains(peer) else { return }
        if let last = askedAt[peer], now - last < Limits.decisionAskSpacing { return }
        askedAt[peer] = now
        send(DecisionMessage(base: history.head, kind: .ask), to: peer)
    }

    /// Tells a peer whose history is `theirs` what it lacks, or asks it for what is lacking here.
    mutating func answer(_ theirs: DecisionHead, of peer: SiteID) {
        if theirs == history.head { return }
        guard let own = history.lineage(at: theirs.number) else {
            send(DecisionMessage(base: history.head, kind: .ask), to: peer)
            return
        }
        if own == theirs.lineage || theirs.number == 0 {
            sendPiece(after: theirs.number, to: peer)
        } else {
            // Two histories: each side gets the other's from the start, and both keep the same.
            sendPiece(after: 0, to: peer)
            askForAll(peer)
        }
    }

    private mutating func askForAll(_ peer: SiteID) {
        let start = DecisionHead(number: 0, lineage: history.lineage(at: 0) ?? [])
        send(DecisionMessage(base: start, kind: .ask), to: peer)
    }

    private mutating func sendPiece(after number: UInt64, to peer: SiteID) {
        guard !history.founders.isEmpty, let lineage = history.lineage(at: number) else { return }
        let rest = history.decisions.dropFirst(Int(number)).prefix(Limits.membershipDecisionsPerPieceMax)
        let piece = DecisionPiece(founders: history.founders, decisions: Array(rest), newest: history.number)
        let base = DecisionHead(number: number, lineage: lineage)
        send(DecisionMessage(base: base, kind: .piece(piece)), to: peer)
    }

    /// Takes a part of a peer's history.
    mutating func absorb(_ piece: DecisionPiece, after base: DecisionHead, from peer: SiteID, at now: Instant) {
        if history.founders.isEmpty, !piece.founders.isEmpty {
            guard base.number == 0 else { return askForAll(peer) }
            replaceHistory(with: Membership(founders: piece.founders))
        }
        guard piece.founders == history.founders else {
            if strangers.insert(peer).inserted { fresh.append(.directive(.alarm(.foundersDiffer(peer)))) }
            return
        }
        guard history.lineage(at: base.number) == base.lineage else {
            // It builds on something else than what is here, or on something that is yet to come.
            if base.number > 0 { askForAll(peer) }
            return
        }
        for decision in piece.decisions {
            guard weigh(decision, from: peer) else { return }
        }
        let end = base.number + UInt64(piece.decisions.count)
        if end < piece.newest, history.number < piece.newest, !piece.decisions.isEmpty {
            send(DecisionMessage(base: history.head, kind: .ask), to: peer)
        }
    }

    /// Takes one decision of a peer's history; false when the rest of it is of no use.
    private mutating func weigh(_ decision: MembershipDecision, from peer: SiteID) -> Bool {
        if decision.number <= history.number {
            let place = Int(decision.number) - 1
            let own = history.decisions[place]
            if own == decision { return true }
            guard decision.beats(own) else {
                tellCollision(kept: own, dropped: [decision])
                sendPiece(after: decision.number - 1, to: peer)
                return false
            }
            let dropped = Array(history.decisions[place...])
            let shorter = history.prefix(place)
            if let refusal = shorter.refusal(of: decision.change, on: decision.site) {
                fresh.append(.directive(.alarm(.impossible(peer, refusal))))
                return false
            }
            tellCollision(kept: decision, dropped: dropped)
            replaceHistory(with: shorter)
        }
        return enter(decision, from: peer)
    }

    /// Raises the alarm once, however often the same two meet.
    private mutating func tellCollision(kept: MembershipDecision, dropped: [MembershipDecision]) {
        guard lastCollision.map({ $0.kept != kept || $0.dropped != dropped }) ?? true else { return }
        lastCollision = (kept, dropped)
        fresh.append(.directive(.alarm(.collided(kept: kept, dropped: dropped))))
    }

    /// Puts the next decision into the history; whatever was promised or agreed to for its number is void.
    mutating func enter(_ decision: MembershipDecision, from peer: SiteID? = nil) -> Bool {
        do throws(MembershipRefusal) {
            try history.append(decision)
        } catch {
            if let peer { fresh.append(.directive(.alarm(.impossible(peer, error)))) }
            return false
        }
        replaceHistory(with: history)
        if let since = silentSince, decision.site == site, decision.change == .activate, decision.at > since {
            silentSince = nil
        }
        fresh.append(.directive(.decided(decision)))
        if let current = attempt, current.isFulfilled(by: decision, proposer: site) {
            fresh.append(.directive(.accepted(proposal: current.proposal.id, decision)))
            attempt = nil
        } else {
            reconsider()
        }
        return true
    }

    /// The history is another now: votes on what followed the old one mean nothing for the new.
    private mutating func replaceHistory(with next: Membership) {
        history = next
        vote = Vote()
        isDirty = true
        fresh.append(.publish(next))
    }
}
