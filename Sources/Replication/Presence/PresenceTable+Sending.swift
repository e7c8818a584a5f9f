import Kernel

// What goes to peers: changes, full states, and what is passed on.
extension PresenceTable {
    /// One change that is about to be sent.
    private struct Outgoing {
        let key: PresenceKey
        let alias: UInt64
        let before: FieldMap?
        let now: FieldMap?
        /// Rough bytes in the long form.
        let weight: Int
    }

    /// Sends the changes gathered since the last time.
    mutating func flush(at now: Instant) -> [PresenceDirective] {
        flushAt = nil
        guard !dirty.isEmpty else { return [] }
        lastFlush = now
        var changes: [Outgoing] = []
        changes.reserveCapacity(dirty.count)
        for (key, dirty) in dirty {
            let fields = own[key]?.fields
            // It may have come and gone, or be again what it was.
            guard fields != dirty.before else { continue }
            let weight = PresenceTable.weight(fields ?? [:]) + key.id.utf8.count + 16
            changes.append(
                Outgoing(key: key, alias: dirty.alias, before: dirty.before, now: fields, weight: weight)
            )
        }
        dirty.removeAll(keepingCapacity: changes.count < 256)
        changes.sort { $0.alias < $1.alias }
        let peers = linked.keys.sorted()
        let short = peers.filter { isShort($0) }
        let long = peers.filter { !isShort($0) }
        var out: [PresenceDirective] = []
        for piece in PresenceTable.pieces(changes, weight: \.weight) {
            let base = counter
            counter += UInt64(piece.count)
            if !short.isEmpty {
                let delta = PresenceDelta(
                    site: nil,
                    incarnation: incarnation,
                    base: base,
                    counter: counter,
                    entries: piece.map(PresenceTable.delta)
                )
                out += short.map { .send($0, .presenceDelta(delta)) }
            }
            if !long.isEmpty {
                let update = PresenceUpdate(
                    site: site,
                    incarnation: incarnation,
                    base: base,
                    counter: counter,
                    age: .zero,
                    entries: piece.map { PresenceEntry(key: $0.key, counter: counter, fields: $0.now) }
                )
                out += long.map { .send($0, .presence(update)) }
            }
        }
        return out
    }

    private static func delta(_ outgoing: Outgoing) -> PresenceDelta.Entry {
        let change: PresenceDelta.Change =
            switch (outgoing.before, outgoing.now) {
            case (_, nil): .gone
            case (nil, let fields?): .whole(outgoing.key, fields)
            case (let before?, let after?): .fields(PresenceDelta.Field.changes(from: before, to: after))
            }
        return PresenceDelta.Entry(alias: outgoing.alias, change: change)
    }

    /// True for a peer that reads the short form.
    func isShort(_ peer: SiteID) -> Bool { (linked[peer]?.level ?? 0) >= PresenceDigest.deltaLevel }

    /// Linked peers that do not hear the site themselves.
    func beyondReach(of site: SiteID, except peer: SiteID) -> [SiteID] {
        linked.keys.filter { $0 != peer && $0 != site && linked[$0]?.hears.contains(site) == false }.sorted()
    }

    /// Passes a change in the long form on.
    func passOn(
        _ update: PresenceUpdate,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [PresenceDirective]
    ) {
        var update = update
        update.age = age(of: update.site, at: now) ?? update.age
        out += beyondReach(of: update.site, except: peer).map { .send($0, .presence(update)) }
    }

    /// Passes a change on, in the long form to those that need it.
    func passOn(
        _ delta: PresenceDelta,
        of site: SiteID,
        _ changed: [PresenceKey],
        from peer: SiteID,
        at now: Instant,
        _ out: inout [PresenceDirective]
    ) {
        let age = age(of: site, at: now) ?? delta.age
        for other in beyondReach(of: site, except: peer) {
            if isShort(other) {
                var delta = delta
                delta.site = site
                delta.age = age
                out.append(.send(other, .presenceDelta(delta)))
            } else {
                let update = PresenceUpdate(
                    site: site,
                    incarnation: delta.incarnation,
                    base: delta.base,
                    counter: delta.counter,
                    age: age,
                    entries: changed.map { key in
                        let fields = remotes[site]?.entries[key]?.fields
                        return PresenceEntry(key: key, counter: delta.counter, fields: fields)
                    }
                )
                out.append(.send(other, .presence(update)))
            }
        }
    }

    /// Sends all that is known of a site.
    mutating func sendFull(of site: SiteID, to peer: SiteID, at now: Instant, _ out: inout [PresenceDirective]) {
        // Full states stand between two changes, so that every change fits what somebody has, or nothing.
        if site == self.site { out += flush(at: now) }
        guard site == self.site || remotes[site] != nil else { return }
        let remote = remotes[site]
        var entries: [(key: PresenceKey, alias: UInt64?, fields: FieldMap)] =
            site == self.site
            ? own.map { ($0.key, $0.value.alias, $0.value.fields) }
            : (remote?.entries ?? [:]).map { ($0.key, $0.value.alias, $0.value.fields) }
        entries.sort { $0.key < $1.key }
        let isShort = isShort(peer) && remote?.hasAllAliases != false
        let pieces = PresenceTable.pieces(entries) { PresenceTable.weight($0.fields) + $0.key.id.utf8.count + 16 }
        let life = remote?.incarnation ?? incarnation
        let count = remote?.counter ?? counter
        let age = remote.map { now - $0.confirmed } ?? .zero
        for (part, piece) in (pieces.isEmpty ? [[]] : pieces).enumerated() {
            let parts = max(pieces.count, 1)
            if isShort {
                let delta = PresenceDelta(
                    site: site == self.site ? nil : site,
                    incarnation: life,
                    base: nil,
                    counter: count,
                    age: age,
                    part: part,
                    parts: parts,
                    entries: piece.map { .init(alias: $0.alias ?? 0, change: .whole($0.key, $0.fields)) }
                )
                out.append(.send(peer, .presenceDelta(delta)))
            } else {
                let update = PresenceUpdate(
                    site: site,
                    incarnation: life,
                    base: nil,
                    counter: count,
                    age: age,
                    part: part,
                    parts: parts,
                    entries: piece.map { PresenceEntry(key: $0.key, counter: count, fields: $0.fields) }
                )
                out.append(.send(peer, .presence(update)))
            }
        }
    }
}
