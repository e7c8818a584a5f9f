package import Kernel

/// Who is where and in which state, at all sites: written by its own site only, spread to all.
///
/// A site's presence is a set of entries with one count that rises with each change. Changes travel with the
/// count that they apply to; who lacks something notices, from the change itself or from the digests, and asks
/// for the full state. What a site hears it passes on to those that have no link to the writer.
package struct PresenceTable: Sendable {
    /// What is known of another site's presence.
    struct Remote: Sendable {
        var incarnation: UInt64
        var counter: UInt64
        var entries: [PresenceKey: FieldMap]
        /// When this was known to be the newest.
        var confirmed: Instant
    }

    /// A full state of which some parts have come.
    struct Assembly: Sendable {
        let incarnation: UInt64
        let counter: UInt64
        var nextPart: Int
        var entries: [PresenceKey: FieldMap]
    }

    let site: SiteID
    let incarnation: UInt64
    var own: [PresenceKey: PresenceEntry] = [:]
    var counter: UInt64 = 0
    /// Own entries changed since the last flush.
    var dirty: [PresenceKey: PresenceEntry] = [:]
    /// The count up to which changes were sent.
    var flushed: UInt64 = 0
    var lastFlush: Instant?
    var flushAt: Instant?
    var remotes: [SiteID: Remote] = [:]
    /// Full states of which some parts have come.
    var assemblies: [SiteID: Assembly] = [:]
    /// Linked peers, and to whom they have links.
    var linked: [SiteID: [SiteID]] = [:]
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
        [flushAt, nextDigest].compactMap { $0 }.min()
    }

    /// Sets an entry of this site, or removes it with nil.
    ///
    /// The first change goes out at once, later ones of the same 25 ms together. An entry beyond the bounds of
    /// `Limits` is not taken.
    package mutating func set(_ key: PresenceKey, _ fields: FieldMap?, at now: Instant) -> [PresenceDirective] {
        guard own[key]?.fields != fields else { return [] }
        if let fields {
            guard own[key] != nil || own.count < Limits.presenceEntriesMax,
                key.id.utf8.count <= Limits.documentKeyBytesMax, fields.count <= Limits.fieldsPerMapMax,
                PresenceTable.weight(fields) <= Limits.presenceEntryBytesMax
            else { return [] }
        }
        counter += 1
        let entry = PresenceEntry(key: key, counter: counter, fields: fields)
        own[key] = fields == nil ? nil : entry
        dirty[key] = entry
        let earliest = lastFlush.map { $0 + Limits.presenceCoalescing } ?? now
        guard earliest <= now else {
            flushAt = earliest
            return []
        }
        return flush(at: now)
    }

    /// Takes an event.
    package mutating func handle(_ event: PresenceEvent, at now: Instant) -> [PresenceDirective] {
        var out: [PresenceDirective] = []
        switch event {
        case .linkUp(let peer):
            linked[peer] = []
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

    /// Sends the changes gathered since the last time.
    private mutating func flush(at now: Instant) -> [PresenceDirective] {
        flushAt = nil
        lastFlush = now
        let changes = dirty.values.sorted { $0.counter < $1.counter }
        dirty = [:]
        var out: [PresenceDirective] = []
        for entries in PresenceTable.frames(of: changes) {
            let last = entries.last?.counter ?? counter
            let update = PresenceUpdate(
                site: site,
                incarnation: incarnation,
                base: flushed,
                counter: last,
                age: .zero,
                entries: entries
            )
            flushed = last
            out += linked.keys.sorted().map { .send($0, .presence(update)) }
        }
        return out
    }

    /// Tells every peer what is known here of everybody.
    private mutating func sendDigests(at now: Instant, _ out: inout [PresenceDirective]) {
        nextDigest = linked.isEmpty ? nil : now + Limits.presenceDigestInterval
        // What waits to be flushed is not told yet: a peer would ask for it in vain.
        var lines = [PresenceDigest.Line(site: site, incarnation: incarnation, counter: flushed, age: .zero)]
        for (site, remote) in remotes.sorted(by: { $0.key < $1.key }) {
            lines.append(
                PresenceDigest.Line(
                    site: site,
                    incarnation: remote.incarnation,
                    counter: remote.counter,
                    age: now - remote.confirmed
                )
            )
        }
        let digest = PresenceDigest(lines: lines, linked: linked.keys.sorted())
        out += linked.keys.sorted().map { .send($0, .digest(digest)) }
    }

    /// Rough bytes of an entry's fields.
    static func weight(_ fields: FieldMap) -> Int {
        fields.values.reduce(0) { $0 + $1.weight + 4 }
    }

    /// Cuts entries into pieces that fit a frame each.
    static func frames(of entries: [PresenceEntry]) -> [[PresenceEntry]] {
        var result: [[PresenceEntry]] = []
        var bytes = Int.max
        for entry in entries {
            let weight = weight(entry.fields ?? [:]) + entry.key.id.utf8.count + 16
            let isFull = (result.last?.count ?? .max) >= Limits.presenceEntriesPerFrameMax
            if isFull || bytes >= Limits.presenceFrameBytesMax - weight {
                result.append([])
                bytes = 0
            }
            result[result.count - 1].append(entry)
            bytes += weight
        }
        return result
    }
}
