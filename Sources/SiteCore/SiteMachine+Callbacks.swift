import Calls
import ContactCenter
import Kernel
import Replication
import Routing

/// Callbacks: a caller hangs up and keeps the place in the queue (requirement B8).
///
/// A callback is a task for an agent; it waits as the call did, over restarts, until it expires. When its site is lost
/// one of the others takes it over; whoever has an agent for it claims it before the number is dialled.
extension SiteMachine {
    /// Ends a waiting call and puts a callback in its place.
    mutating func callBack(_ id: ContactID, number: String, _ token: CommandToken?, _ now: Moment) throws(Refusal) {
        guard let call = contacts[id] else {
            let place = id.site.map { $0 == site ? "" : " It belongs to \($0.name)." } ?? ""
            throw Refusal(.notFound, "There is no live contact \(id.key) here.\(place)")
        }
        guard call.channel == .voice, call.stage == .waiting, call.answer == nil, call.outcome == nil else {
            throw Refusal(.conflict, "Only a call that waits can become a callback.")
        }
        guard records.writableLevel >= 2 else {
            throw Refusal(.unavailable, "Not every site has said since this one started that it understands callbacks.")
        }
        guard let known = PhoneNumber.normalised(number.isEmpty ? call.callerNumber : number) else {
            throw Refusal(.invalid, "'\(number)' is not a number to dial; give the number to call back.")
        }
        guard contacts.count < boot.settings.contactsMax else {
            throw Refusal(.unavailable, "The site has as many contacts as it can hold.")
        }
        let place = HeldPlace(
            contact: id,
            queue: call.queue,
            entryQueue: call.entryQueue,
            since: call.since,
            ticket: call.ticket,
            until: now.instant
        )
        var live = newCallback(place, number: known, now)
        live.file = call.file
        live.severity = call.severity
        live.callerName = call.callerName
        live.opening = token
        contacts[live.id] = live
        log(.info, "contact.callback", [("contact", live.id.key), ("from", id.key)])
        // The caller stays on the line until the callback is on disk, and is offered to nobody meanwhile.
        contacts[id]?.outcome = .callback
        endEstimate(call, isAnswered: false, now)
        router.waiting.remove(id)
        record(live.id, now)
    }

    /// The callback is on disk: its caller need not stay on the line.
    mutating func endCall(behind callback: LiveContact, _ now: Moment) {
        guard let call = waitingCall(behind: callback) else { return }
        // One who hears announcements hears this too before the line is ended.
        guard !confirmCallback(call.id, now) else { return }
        turnAway(call, status: 480, "will be called back", now)
    }

    /// The callback could not be written: its caller waits on.
    mutating func keepCall(behind callback: LiveContact, _ now: Moment) {
        guard let call = waitingCall(behind: callback) else { return }
        contacts[call.id]?.outcome = nil
        refuseCallback(call.id, now)
        enter(call, now)
    }

    private func waitingCall(behind callback: LiveContact) -> LiveContact? {
        guard callback.channel == .callback, let call = callback.place.flatMap({ contacts[$0.contact] }),
            call.channel == .voice, call.answer == nil
        else { return nil }
        return call
    }

    private mutating func newCallback(_ place: HeldPlace, number: String, _ now: Moment) -> LiveContact {
        contactCounter += 1
        var live = LiveContact(
            id: ContactID(site: site, incarnation: boot.incarnation, counter: contactCounter),
            queue: place.queue,
            entryQueue: place.entryQueue,
            dialled: "",
            callerNumber: number,
            callerName: "",
            arrived: now,
            stage: .recording,
            stageSince: now.wall
        )
        live.channel = .callback
        live.title = "Call back \(number)"
        live.place = place
        return live
    }

    /// Sees to the end of a callback that nobody gets to.
    mutating func planExpiry(_ live: LiveContact, _ now: Moment) {
        guard live.channel == .callback, live.answer == nil else { return }
        let left = boot.settings.callbackExpiry - max(.zero, now.wall - live.since)
        timers.set(.callback(live.id), now.instant + max(.zero, left))
    }

    mutating func callbackExpired(_ id: ContactID, _ now: Moment) {
        guard let live = contacts[id], live.channel == .callback, live.answer == nil else { return }
        guard live.stage == .waiting else { return timers.set(.callback(id), now.instant + Limits.matchAgainAfter) }
        contacts[id]?.outcome = .expired
        turnAway(live, status: 480, "the callback has expired", now)
    }

    // MARK: Taking over

    /// A site cannot be reached: its callbacks are somebody else's after a while.
    mutating func planTakeOver(of peer: SiteID, _ now: Moment) {
        timers.set(.takeOver(peer), now.instant + Limits.callbackTakeOverAfter)
    }

    /// Takes the callbacks of a lost site when this site is the one to do so: the first by name of most of the members.
    mutating func takeOver(from peer: SiteID, _ now: Moment) {
        guard !router.agents.isReachable(peer), !isDraining else { return }
        let up = ([site] + detector.peers.filter { $0.standing == .up }.map(\.site)).sorted()
        let active = Set(records.membership.active)
        let members = up.filter(active.contains)
        guard members.first == site, members.count >= records.membership.majorityOfActive else {
            return timers.set(.takeOver(peer), now.instant + Limits.callbackTakeOverAfter)
        }
        for entry in presence.entries(kind: PresenceKind.contact, of: peer, at: now.instant) {
            guard let known = ContactPresence(entry.key, entry.fields), known.channel == .callback,
                known.answeredAt == nil, heirs[known.contact] == nil, contacts.count < boot.settings.contactsMax
            else { continue }
            let place = HeldPlace(
                contact: known.contact,
                queue: known.queue,
                entryQueue: known.entryQueue,
                since: known.arrivedAt,
                ticket: known.ticket,
                until: now.instant
            )
            var live = newCallback(place, number: known.callerNumber, now)
            live.severity = known.severity
            live.root = known.root
            live.file = known.customer.map { customer in
                CallerFile(
                    customer: customer,
                    name: known.customerName ?? "",
                    tier: Int(known.tier.rawValue),
                    latestTicket: nil,
                    latestOwner: known.lastAgent,
                    score: known.score
                )
            }
            contacts[live.id] = live
            heirs[known.contact] = live.id
            log(.info, "callback.takenOver", [("contact", live.id.key), ("from", known.contact.key)])
            record(live.id, now)
        }
    }

    /// A callback that was offered waits again, and the agent is free.
    mutating func returnCallback(_ live: LiveContact, _ reason: String, _ now: Moment) {
        guard case .textOffering(let candidate, _) = live.stage else { return }
        releaseText(live, reason, now)
        passOver(candidate, of: live.id, reason, now)
    }
}
