package import ContactCenter
package import Kernel

/// The contacts that wait: this site's own, and those that reachable sites publish, in one order of service.
///
/// Structure: one sorted index for each requirement (for freed agents who look for the most deserving contact),
/// and two for each queue (order of service, for the place in the queue; order of arrival, for the longest wait).
/// Each change costs time logarithmic in the contacts of its requirement and queue.
package struct WaitingRoom: Sendable {
    /// What keeps a contact from being taken in.
    package enum Refusal: String, Hashable, Error, Sendable {
        /// The site holds as many as it can; the caller hears busy.
        case full
        /// A contact of this name is here already.
        case known
    }

    /// A recent refusal by an agent's site.
    struct Exclusion: Hashable, Sendable {
        let fence: LoginFence
        let version: UInt64

        /// True while nothing newer is known of the agent.
        func covers(_ view: AgentView) -> Bool { fence == view.fence && view.version <= version }
    }

    struct Entry: Sendable {
        var waiting: WaitingContact
        var rank: ServiceRank
        /// True while an agent is being asked or rings: it keeps its rank but nobody else may take it.
        var isOffered = false
        var exclusions: [AgentID: Exclusion] = [:]
        /// Refusals in a row.
        var refusals = 0
        var pausedUntil: Instant?
    }

    struct Arrival: Hashable, Comparable, Sendable {
        let since: Int64
        let contact: ContactID

        static func < (left: Arrival, right: Arrival) -> Bool {
            (left.since, left.contact) < (right.since, right.contact)
        }
    }

    struct Line: Sendable {
        var service = OrderedIndex<ServiceRank>()
        var arrival = OrderedIndex<Arrival>()
    }

    struct Pause: Hashable, Comparable, Sendable {
        let until: Instant
        let contact: ContactID

        static func < (left: Pause, right: Pause) -> Bool {
            (left.until, left.contact) < (right.until, right.contact)
        }
    }

    /// The site whose room this is.
    package let site: SiteID
    var entries: [ContactID: Entry] = [:]
    var orders: [Requirement: OrderedIndex<ServiceRank>] = [:]
    var lines: [QueueID: Line] = [:]
    var bySite: [SiteID: Set<ContactID>] = [:]
    var pauses = OrderedIndex<Pause>()

    /// Makes the empty room of a site.
    package init(site: SiteID) {
        self.site = site
    }

    /// Contacts of all sites.
    package var count: Int { entries.count }

    /// A contact that waits or is being offered.
    package func contact(_ id: ContactID) -> WaitingContact? { entries[id]?.waiting }

    /// Whether an agent is being asked, or rings, for a contact.
    package func isOffered(_ id: ContactID) -> Bool { entries[id]?.isOffered ?? false }

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
        let entry = Entry(waiting: waiting, rank: ServiceRank(waiting))
        entries[waiting.contact] = entry
        bySite[waiting.site, default: []].insert(waiting.contact)
        file(entry)
    }

    /// Notes that an agent is being asked for a contact; false when it is not here or already offered.
    package mutating func offer(_ id: ContactID) -> Bool {
        guard var entry = entries[id], !entry.isOffered else { return false }
        unfile(entry)
        entry.isOffered = true
        clearPause(&entry)
        entries[id] = entry
        return true
    }

    /// Puts an offered contact back at its old place: it keeps its time of arrival and its rank, so everybody whom
    /// it stood before still stands behind it.
    package mutating func putBack(_ id: ContactID) {
        guard var entry = entries[id], entry.isOffered else { return }
        entry.isOffered = false
        entries[id] = entry
        file(entry)
    }

    /// Takes a contact out for good: answered, abandoned, ended.
    @discardableResult
    package mutating func remove(_ id: ContactID) -> WaitingContact? {
        guard var entry = entries[id] else { return nil }
        if !entry.isOffered { unfile(entry) }
        clearPause(&entry)
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
        guard var entry = entries[waiting.contact], entry.waiting != waiting else { return }
        guard entry.waiting.site == waiting.site else { return }
        if !entry.isOffered { unfile(entry) }
        entry.waiting = waiting
        entry.rank = ServiceRank(waiting)
        entries[waiting.contact] = entry
        if !entry.isOffered { file(entry) }
    }

    private mutating func file(_ entry: Entry) {
        orders[entry.waiting.requirement, default: OrderedIndex()].insert(entry.rank)
        lines[entry.waiting.queue, default: Line()].service.insert(entry.rank)
        let arrival = Arrival(since: entry.rank.since, contact: entry.rank.contact)
        lines[entry.waiting.queue]?.arrival.insert(arrival)
    }

    private mutating func unfile(_ entry: Entry) {
        let requirement = entry.waiting.requirement
        orders[requirement]?.remove(entry.rank)
        if orders[requirement]?.isEmpty == true { orders[requirement] = nil }
        let queue = entry.waiting.queue
        lines[queue]?.service.remove(entry.rank)
        lines[queue]?.arrival.remove(Arrival(since: entry.rank.since, contact: entry.rank.contact))
        if lines[queue]?.service.isEmpty == true { lines[queue] = nil }
    }

    private mutating func clearPause(_ entry: inout Entry) {
        if let until = entry.pausedUntil {
            pauses.remove(Pause(until: until, contact: entry.waiting.contact))
        }
        entry.pausedUntil = nil
    }
}
