package import ContactCenter
package import Kernel

/// The contacts that wait: this site's own, and those that reachable sites publish, in one order of service.
///
/// Structure: one sorted index for each present requirement and cost (for freed agents who look for the most deserving
/// contact), one for each agent whom contacts wait for, and two for each queue (order of service, for the place in the
/// queue; order of arrival, for the longest wait). Each change costs time logarithmic in the contacts of its
/// requirement and queue.
package struct WaitingRoom: Sendable {
    /// What keeps a contact from being taken in.
    package enum Refusal: String, Hashable, Error, Sendable {
        /// The site holds as many as it can; the caller hears busy.
        case full
        /// A contact of this name is here already.
        case known
    }

    /// The site whose room this is.
    package let site: SiteID
    var entries: [ContactID: Entry] = [:]
    /// Those that anybody fit may take.
    var orders: [OrderKey: OrderedIndex<ServiceRank>] = [:]
    /// Those that only their last agent may take for now.
    var held: [AgentID: OrderedIndex<ServiceRank>] = [:]
    var lines: [QueueID: Line] = [:]
    var bySite: [SiteID: Set<ContactID>] = [:]
    /// Ends of pauses, on the monotonic clock.
    var pauses = OrderedIndex<Due>()
    /// Steps and ends of patience, on the wall clock: they count from the arrival, which may be at another site.
    var dues = OrderedIndex<Due>()
    /// The contacts whose patience with their last agent is not over.
    var awaited: [AgentID: Set<ContactID>] = [:]
    /// Of those, the ones to look at again: new, put back, or with a changed requirement.
    var unsettled: Set<ContactID> = []
    /// Contacts that waited for their last agent and no longer do: they want to be matched.
    var released: Set<ContactID> = []
    /// The time as last told.
    var clock: Moment?

    /// Makes the empty room of a site.
    package init(site: SiteID) {
        self.site = site
    }

    /// Contacts of all sites.
    package var count: Int { entries.count }

    /// A contact that waits or is being offered.
    package func contact(_ id: ContactID) -> WaitingContact? { entries[id]?.waiting }

    /// What a contact demands of an agent now, after the steps that its wait has reached.
    package func requirement(of id: ContactID) -> Requirement? { entries[id]?.requirement }

    /// Whether an agent is being asked, or rings, for a contact.
    package func isOffered(_ id: ContactID) -> Bool { entries[id]?.isOffered ?? false }

    /// The agent whom a contact waits for while others could take it; nil when it does not.
    package func awaitedAgent(of id: ContactID) -> AgentID? {
        entries[id].flatMap { $0.isHeld && !$0.isOffered ? $0.waiting.lastAgent : nil }
    }

    /// This site's own contacts, offered ones too, in the order of service: what presence publishes.
    package var own: [WaitingContact] {
        (bySite[site] ?? []).compactMap { entries[$0] }.sorted { $0.rank < $1.rank }.map(\.waiting)
    }
}

extension WaitingRoom {
    /// Takes in a contact, own or published by another site; it keeps its `since`, whatever the time is now.
    package mutating func add(_ waiting: WaitingContact) throws(Refusal) {
        guard entries[waiting.contact] == nil else { throw .known }
        guard waiting.site != site || (bySite[site]?.count ?? 0) < Limits.waitingContactsMax,
            entries.count < Limits.waitingContactsKnownMax
        else { throw .full }
        var entry = Entry(waiting.sane)
        bySite[waiting.site, default: []].insert(waiting.contact)
        schedule(&entry)
        file(entry)
        entries[waiting.contact] = entry
    }

    /// Notes that an agent is being asked for a contact; false when it is not here or already offered.
    package mutating func offer(_ id: ContactID) -> Bool {
        guard var entry = entries[id], !entry.isOffered else { return false }
        unfile(entry)
        entry.isOffered = true
        entry.isHeld = false
        clearPause(&entry)
        entries[id] = entry
        return true
    }

    /// Puts an offered contact back at its old place: it keeps its time of arrival and its rank, so everybody whom
    /// it stood before still stands behind it.
    package mutating func putBack(_ id: ContactID) {
        guard var entry = entries[id], entry.isOffered else { return }
        entry.isOffered = false
        schedule(&entry)
        file(entry)
        entries[id] = entry
    }

    /// Takes a contact out for good: answered, abandoned, ended.
    @discardableResult
    package mutating func remove(_ id: ContactID) -> WaitingContact? {
        guard var entry = entries[id] else { return nil }
        if !entry.isOffered { unfile(entry) }
        clearPause(&entry)
        unschedule(&entry)
        entries[id] = nil
        bySite[entry.waiting.site]?.remove(id)
        if bySite[entry.waiting.site]?.isEmpty == true { bySite[entry.waiting.site] = nil }
        return entry.waiting
    }

    /// Forgets what another site published, because it cannot be reached: its callers are unknown now.
    package mutating func forget(_ other: SiteID) {
        for id in (bySite[other] ?? []).sorted() { remove(id) }
    }

    /// Learns more of a contact (its customer, say); it moves to its new place.
    package mutating func update(_ waiting: WaitingContact) {
        let waiting = waiting.sane
        guard var entry = entries[waiting.contact], entry.waiting != waiting else { return }
        guard entry.waiting.site == waiting.site else { return }
        if !entry.isOffered { unfile(entry) }
        unschedule(&entry)
        var fresh = Entry(waiting)
        fresh.isOffered = entry.isOffered
        fresh.exclusions = entry.exclusions
        fresh.refusals = entry.refusals
        fresh.pausedUntil = entry.pausedUntil
        schedule(&fresh)
        if !fresh.isOffered { file(fresh) }
        if entry.isHeld { released.insert(waiting.contact) }
        entries[waiting.contact] = fresh
    }

    private mutating func clearPause(_ entry: inout Entry) {
        if let until = entry.pausedUntil {
            pauses.remove(Due(at: until.milliseconds, contact: entry.waiting.contact))
        }
        entry.pausedUntil = nil
    }
}
