import Kernel

// The acceptor: promises and agreements, each on disk before it is told.
extension DecisionMaker {
    mutating func take(_ message: DecisionMessage, from peer: SiteID, at now: Instant) {
        switch message.kind {
        case .ask:
            answer(message.base, of: peer)
            return
        case .piece(let piece):
            absorb(piece, after: message.base, from: peer, at: now)
            return
        default:
            break
        }
        // Votes count only between sites with the same history.
        guard message.base == history.head else {
            if !strangers.contains(peer) { answer(message.base, of: peer) }
            return
        }
        guard history.voters.contains(peer), history.voters.contains(site) else { return }
        switch message.kind {
        case .prepare(let ballot): promise(ballot, to: peer)
        case .accept(let accepted): agree(to: accepted, with: peer)
        case .promise(let ballot, let accepted): promised(ballot, by: peer, accepted: accepted, at: now)
        case .accepted(let ballot): accepted(ballot, by: peer, at: now)
        case .refused(let ballot, let promised): refused(ballot, by: peer, promised: promised, at: now)
        case .ask, .piece: break
        }
    }

    private mutating func promise(_ ballot: Ballot, to peer: SiteID) {
        guard isVoting, ballot.site == peer else { return }
        if let promised = vote.promised, promised > ballot {
            send(reply(.refused(ballot, promised: promised)), to: peer)
            return
        }
        if vote.promised != ballot {
            vote.promised = ballot
            isDirty = true
        }
        send(reply(.promise(ballot, vote.accepted)), to: peer)
    }

    private mutating func agree(to proposed: AcceptedDecision, with peer: SiteID) {
        let decision = proposed.decision
        guard isVoting, proposed.ballot.site == peer,
            history.refusal(of: decision.change, on: decision.site) == nil
        else { return }
        if let promised = vote.promised, promised > proposed.ballot {
            send(reply(.refused(proposed.ballot, promised: promised)), to: peer)
            return
        }
        if vote.promised != proposed.ballot || vote.accepted != proposed {
            vote.promised = proposed.ballot
            vote.accepted = proposed
            isDirty = true
        }
        send(reply(.accepted(proposed.ballot)), to: peer)
    }

    private func reply(_ kind: DecisionMessage.Kind) -> DecisionMessage {
        DecisionMessage(base: history.head, kind: kind)
    }
}
