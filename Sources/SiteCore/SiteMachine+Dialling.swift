import Calls
import ContactCenter
import Kernel
import Replication
import Routing

/// Dialling a callback once: see `DialClaim`.
extension SiteMachine {
    /// An agent took a callback: claims it, and lets her dial once the claim holds.
    mutating func claimDial(_ live: LiveContact, by candidate: Candidate, _ reservation: Int64, _ now: Moment) {
        if let old = claims[live.id] {
            guard old.candidate != candidate || old.reservation != reservation else { return }
            // Of an offer that came to nothing: it must not stand against the new one.
            withdraw(old, now)
        }
        requestCounter += 1
        let claim = DialClaim(
            contact: live.id,
            root: live.root,
            number: requestCounter,
            candidate: candidate,
            reservation: reservation
        )
        claims[live.id] = claim
        timers.set(.contact(live.id), now.instant + Limits.dialClaimMax)
        pipeline.add(ContactEdits.dial(claim.root, line(claim, .claim)), for: .claim(live.id))
    }

    /// The claim is on this site's disk, or could not be written.
    mutating func claimed(_ contact: ContactID, _ outcome: CommitOutcome?, _ now: Moment) {
        guard case .committed(let commit) = outcome else {
            claims[contact] = nil
            if let live = contacts[contact] { returnCallback(live, "the claim to dial could not be written", now) }
            return
        }
        // One that was given up meanwhile has been taken back by a later line.
        claims[contact]?.dot = commit.dot
    }

    /// A contact's record has changed: somebody else's claim in it contests ours.
    mutating func noteDials(in document: Document) {
        guard !claims.isEmpty, let root = ContactID(document.id) else { return }
        for contact in claims.keys.sorted() {
            guard let claim = claims[contact], claim.root == root else { continue }
            let own = line(claim, .claim)
            if DialLine.standing(in: document).contains(where: { $0 != own }) { claims[contact]?.isContested = true }
        }
    }

    /// Goes on with claims that hold, and takes back those that are contested.
    mutating func weighClaims(_ now: Moment) {
        for contact in claims.keys.sorted() {
            guard let claim = claims[contact], let dot = claim.dot else { continue }
            if claim.isContested {
                withdraw(claim, now)
                contest(contact, now)
            } else if isHeldByMost(dot) {
                guard let live = contacts[contact], case .textOffering(let candidate, let reservation) = live.stage,
                    candidate == claim.candidate, reservation == claim.reservation
                else {
                    withdraw(claim, now)
                    continue
                }
                claims[contact] = nil
                dialAgreed(live, candidate, reservation, now)
            }
        }
    }

    /// Somebody else has claimed the callback: it waits again, and is left to the other after a few times.
    private mutating func contest(_ contact: ContactID, _ now: Moment) {
        guard let live = contacts[contact] else { return }
        let why = "another site has claimed the callback, or did so before it was lost"
        contacts[contact]?.contests += 1
        guard live.contests + 1 >= Limits.dialContestsMax else { return returnCallback(live, why, now) }
        // One that was answered before it came back to its queue stays answered.
        if live.answer == nil { contacts[contact]?.outcome = .moved }
        turnAway(live, status: 480, why, now)
    }

    /// The claim ends without a call: time is up, the agent or the contact is gone.
    mutating func dropClaim(of contact: ContactID, _ now: Moment) {
        if let claim = claims[contact] { withdraw(claim, now) }
    }

    private mutating func withdraw(_ claim: DialClaim, _ now: Moment) {
        claims[claim.contact] = nil
        log(.info, "callback.claimWithdrawn", [("contact", claim.contact.key)])
        pipeline.add(ContactEdits.dial(claim.root, line(claim, .void)), for: .record(claim.contact))
    }

    /// Most active members have the line on disk, and this site knows all that they had then.
    private func isHeldByMost(_ dot: Dot) -> Bool {
        let active = records.membership.active
        let holders = active.count { member in
            if member == site { return true }
            guard let theirs = records.durable[member] else { return false }
            return theirs.contains(dot) && records.vector.covers(theirs)
        }
        return holders >= records.membership.majorityOfActive
    }

    private func line(_ claim: DialClaim, _ kind: DialLine.Kind) -> DialLine {
        DialLine(kind, site: site, incarnation: boot.incarnation, number: claim.number)
    }
}
