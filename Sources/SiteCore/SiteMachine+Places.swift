import Calls
import ContactCenter
import Kernel
import Replication
import Routing

/// Handing over places in the queue: a caller whose site was lost, and who is presented again here, waits on as
/// though nothing had happened (requirement A8).
///
/// When the other site lives after all, the two contacts of one caller are one too many: as soon as the sites see
/// each other, the old one ends while it waits, and the new one ends when the old one was answered first.
extension SiteMachine {
    /// Keeps the places of all who wait at a site that can no longer be reached.
    mutating func holdPlaces(of other: SiteID, _ now: Moment) {
        for entry in presence.entries(kind: PresenceKind.contact, of: other, at: now.instant) {
            guard let known = ContactPresence(entry.key, entry.fields), known.contact.site == other,
                known.channel == .voice, known.state == .waiting || known.state == .offered
            else { continue }
            let place = HeldPlace(
                contact: known.contact,
                queue: known.queue,
                entryQueue: known.entryQueue,
                since: known.arrivedAt,
                ticket: known.ticket,
                until: now.instant + Limits.placeHeldMax
            )
            places.hold(place, of: known.callerNumber, at: now.instant)
        }
    }

    /// Keeps the place of a caller who waited here when this site went down.
    mutating func holdPlace(_ record: ContactRecord, _ queue: QueueID, _ now: Moment) {
        guard record.answeredAt == nil, let since = record.queuedAt ?? record.startedAt,
            now.wall - since <= Limits.callWaitMax
        else { return }
        let place = HeldPlace(
            contact: record.id,
            queue: queue,
            entryQueue: queue,
            since: since,
            ticket: record.ticket,
            until: now.instant + Limits.placeHeldMax
        )
        places.hold(place, of: record.callerNumber, at: now.instant)
    }

    /// Gives an arriving caller the place that was kept, if there is one.
    mutating func takePlace(_ live: inout LiveContact, _ now: Moment) {
        guard let place = places.claim(by: live.callerNumber, entering: live.queue, at: now.instant) else { return }
        live.place = place
        if directory.queues[place.queue] != nil { live.queue = place.queue }
        heirs[place.contact] = live.id
        log(
            .info,
            "contact.placeKept",
            [
                ("contact", live.id.key), ("from", place.contact.key),
                ("waitedMs", "\(max(0, (now.wall - place.since).milliseconds))"),
            ]
        )
    }

    /// Compares what another site says of its contact with contacts of ours that are about the same caller.
    mutating func reconcile(_ known: ContactPresence, at other: SiteID, _ now: Moment) {
        places.release(known.contact)
        if let old = known.takesOver, old.site == site, let live = contacts[old] {
            // Whoever was answered first keeps the caller; one who only waits leaves.
            if live.answer == nil || isAnswered(known, before: live) { leave(live, for: other, now) }
        }
        if let mine = heirs[known.contact], let live = contacts[mine], known.answeredAt != nil,
            live.answer == nil || isAnswered(known, before: live)
        {
            leave(live, for: other, now)
        }
    }

    private func isAnswered(_ known: ContactPresence, before live: LiveContact) -> Bool {
        guard let theirs = known.answeredAt, let ours = live.answer?.at.wall else { return false }
        return (theirs, known.contact) < (ours, live.id)
    }

    /// Ends a contact whose caller is served at another site.
    private mutating func leave(_ contact: LiveContact, for other: SiteID, _ now: Moment) {
        var live = contact
        live.movedTo = other
        contacts[live.id] = live
        log(.info, "contact.moved", [("contact", live.id.key), ("to", other.name)])
        turnAway(live, status: 410, "presented again at \(other.name)", now)
    }
}
