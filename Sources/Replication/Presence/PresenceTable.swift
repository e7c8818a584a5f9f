package import Kernel

/// Who is where and in which state, at all sites: written by its own site only, spread to all.
///
/// A site's presence is a set of entries with one count that rises with each change sent. Changes travel with the
/// count that they apply to; who lacks something notices, from the change itself or from the digests, and asks
/// for the full state. What a site hears it passes on to those that have no link to the writer.
package struct PresenceTable: Sendable {
    /// An entry of this site.
    struct Own: Sendable {
        /// Its number on the wire, never given again in this life.
        let alias: UInt64
        var fields: FieldMap
    }

    /// An entry of this site that changed since the last flush.
    struct Dirty: Sendable {
        let alias: UInt64
        /// What was sent of it last; nil when nothing is there at the others.
        let before: FieldMap?
    }

    /// A full state of which some parts have come.
    struct Assembly: Sendable {
        var nextPart: Int
        var state: RemotePresence
    }

    /// A peer with a link.
    struct Linked: Sendable {
        /// To whom it has links itself.
        var hears: [SiteID] = []
        /// What it understands; until its digest tells, nothing new.
        var level: UInt32 = 0
    }

    let site: SiteID
    let incarnation: UInt64
    var own: [PresenceKey: Own] = [:]
    /// How many entries' changes were sent.
    var counter: UInt64 = 0
    var lastAlias: UInt64 = 0
    var dirty: [PresenceKey: Dirty] = [:]
    var lastFlush: Instant?
    var flushAt: Instant?
    var remotes: [SiteID: RemotePresence] = [:]
    /// Full states of which some parts have come.
    var assemblies: [SiteID: Assembly] = [:]
    var linked: [SiteID: Linked] = [:]
    /// When a site's full state was last asked for.
    var asked: [SiteID: Instant] = [:]
    var nextDigest: Instant?

    /// Starts with nothing, in this life of the site.
    package init(site: SiteID, incarnation: UInt64) {
        self.site = site
        self.incarnation = incarnation
    }

    /// When to send `.timer`; nil when there is nothing to wait for.
    package var nextDeadline: Instant? {
        guard let flushAt, let nextDigest else { return flushAt ?? nextDigest }
        return min(flushAt, nextDigest)
    }

    /// Sets an entry of this site, or removes it with nil.
    ///
    /// The first change goes out at once, later ones of the same 25 ms together. An entry beyond the bounds of
    /// `Limits` is not taken.
    package mutating func set(_ key: PresenceKey, _ fields: FieldMap?, at now: Instant) -> [PresenceDirective] {
        let known = own[key]
        guard known?.fields != fields else { return [] }
        if let fields {
            guard known != nil || own.count < Limits.presenceEntriesMax,
                key.id.utf8.count <= Limits.documentKeyBytesMax, fields.count <= Limits.fieldsPerMapMax,
                PresenceTable.weight(fields) <= Limits.presenceEntryBytesMax
            else { return [] }
        }
        let alias = known?.alias ?? dirty[key]?.alias ?? newAlias()
        if dirty[key] == nil { dirty[key] = Dirty(alias: alias, before: known?.fields) }
        own[key] = fields.map { Own(alias: alias, fields: $0) }
        let earliest = lastFlush.map { $0 + Limits.presenceCoalescing } ?? now
        guard earliest <= now else {
            flushAt = earliest
            return []
        }
        return flush(at: now)
    }

    private mutating func newAlias() -> UInt64 {
        lastAlias += 1
        return lastAlias
    }

    /// Takes an event.
    package mutating func handle(_ event: PresenceEvent, at now: Instant) -> [PresenceDirective] {
        var out: [PresenceDirective] = []
        switch event {
        case .linkUp(let peer):
            linked[peer] = Linked()
            sendDigests(at: now, &out)
        case .linkDown(let peer):
            linked[peer] = nil
            sendDigests(at: now, &out)
        case .frame(let peer, let frame):
            take(frame, from: peer, at: now, &out)
        case .timer:
            if let due = flushAt, due <= now { out += flush(at: now) }
            if let due = nextDigest, due <= now { sendDigests(at: now, &out) }
        }
        return out
    }

    /// Tells every peer what is known here of everybody.
    private mutating func sendDigests(at now: Instant, _ out: inout [PresenceDirective]) {
        guard !linked.isEmpty else {
            nextDigest = nil
            return
        }
        nextDigest = now + Limits.presenceDigestInterval
        // What waits to be flushed is not counted yet: a peer would ask for it in vain.
        var lines = [PresenceDigest.Line(site: site, incarnation: incarnation, counter: counter, age: .zero)]
        for site in remotes.keys.sorted() {
            guard let remote = remotes[site] else { continue }
            lines.append(
                PresenceDigest.Line(
                    site: site,
                    incarnation: remote.incarnation,
                    counter: remote.counter,
                    age: now - remote.confirmed
                )
            )
        }
        let peers = linked.keys.sorted()
        let digest = PresenceDigest(lines: lines, linked: peers)
        out += peers.map { .send($0, .digest(digest)) }
    }

    /// Rough bytes of an entry's fields.
    static func weight(_ fields: FieldMap) -> Int {
        fields.values.reduce(0) { $0 + $1.weight + 4 }
    }

    /// Cuts things into pieces that fit a frame each.
    static func pieces<Thing>(_ things: [Thing], weight: (Thing) -> Int) -> [ArraySlice<Thing>] {
        var result: [ArraySlice<Thing>] = []
        var (start, bytes) = (0, 0)
        for place in things.indices {
            let weight = weight(things[place])
            let isFull = place - start >= Limits.presenceEntriesPerFrameMax
            if place > start, isFull || bytes + weight > Limits.presenceFrameBytesMax {
                result.append(things[start..<place])
                (start, bytes) = (place, 0)
            }
            bytes += weight
        }
        if start < things.count { result.append(things[start...]) }
        return result
    }
}
