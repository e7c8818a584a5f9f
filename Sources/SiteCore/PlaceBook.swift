import ContactCenter
import Kernel

/// A place in the queue whose caller may come back: the site that held the caller is gone.
struct HeldPlace: Hashable, Sendable {
    /// The contact that had it.
    var contact: ContactID
    /// Where it waited.
    var queue: QueueID
    /// Where it entered; another queue when it has moved on since.
    var entryQueue: QueueID
    /// Since when it waited, over all sites.
    var since: WallTime
    /// The ticket that was opened for it.
    var ticket: TicketID?
    /// Until when the place is kept.
    var until: Instant
}

/// The places of callers whose site was lost, by calling number (requirement A8).
///
/// Callers who withhold their number have no place here: nothing tells them apart.
struct PlaceBook: Sendable {
    private var places: [ContactID: (number: String, place: HeldPlace)] = [:]
    private var byNumber: [String: Set<ContactID>] = [:]

    /// How many places are kept.
    var count: Int { places.count }

    /// Keeps a place; beyond `Limits.placesHeldMax` the new one is not kept.
    mutating func hold(_ place: HeldPlace, of callerNumber: String, at now: Instant) {
        guard let number = PhoneNumber.normalised(callerNumber) else { return }
        if places.count >= Limits.placesHeldMax { sweep(at: now) }
        guard places[place.contact] == nil, places.count < Limits.placesHeldMax else { return }
        places[place.contact] = (number, place)
        byNumber[number, default: []].insert(place.contact)
    }

    /// The contact is alive after all, or over: its place is nobody's.
    mutating func release(_ contact: ContactID) {
        guard let number = places.removeValue(forKey: contact)?.number else { return }
        byNumber[number]?.remove(contact)
        if byNumber[number]?.isEmpty == true { byNumber[number] = nil }
    }

    /// Gives the longest-waiting place of a number to a caller who enters the same queue, and takes it out.
    mutating func claim(by callerNumber: String, entering queue: QueueID, at now: Instant) -> HeldPlace? {
        guard let number = PhoneNumber.normalised(callerNumber), let contacts = byNumber[number] else { return nil }
        let found = contacts.compactMap { places[$0]?.place }
            .filter { $0.until > now && ($0.queue == queue || $0.entryQueue == queue) }
            .min { ($0.since, $0.contact) < ($1.since, $1.contact) }
        guard let found else { return nil }
        release(found.contact)
        return found
    }

    /// Forgets places whose time is up.
    private mutating func sweep(at now: Instant) {
        for contact in places.filter({ $0.value.place.until <= now }).keys.sorted() { release(contact) }
    }
}
