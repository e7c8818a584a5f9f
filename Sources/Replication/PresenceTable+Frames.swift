import Kernel

// What comes from peers.
extension PresenceTable {
    mutating func take(_ frame: Frame, from peer: SiteID, at now: Instant, _ out: inout [PresenceDirective]) {
        guard linked[peer] != nil else { return }
        switch frame {
        case .presence(let update): take(update, from: peer, at: now, &out)
        case .presenceWant(let site): sendFull(of: site, to: peer, at: now, &out)
        case .digest(let digest): take(digest, from: peer, at: now, &out)
        default: break
        }
    }

    private mutating func take(
        _ update: PresenceUpdate,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [PresenceDirective]
    ) {
        guard update.site != site, remotes[update.site] != nil || remotes.count < Limits.sitesMax else { return }
        let known = remotes[update.site].map { ($0.incarnation, $0.counter) }
        if let known, (update.incarnation, update.counter) <= known {
            if (update.incarnation, update.counter) == known {
                confirm(update.site, at: now, age: update.age)
            }
            return
        }
        let changed: [PresenceKey]?
        if update.base == nil {
            changed = assemble(update, at: now)
        } else {
            changed = apply(update, at: now)
            // A change on top of something that is not here.
            if changed == nil { ask(for: update.site, peer, at: now, &out) }
        }
        guard let changed else { return }
        asked[update.site] = nil
        confirm(update.site, at: now, age: update.age)
        if !changed.isEmpty { out.append(.changed(update.site, changed.sorted())) }
        if update.parts == 1 {
            passOn(update, from: peer, at: now, &out)
        } else {
            for other in beyondReach(of: update.site, except: peer) {
                sendFull(of: update.site, to: other, at: now, &out)
            }
        }
    }

    /// Applies a change and returns the changed keys; nil when it does not fit what is known.
    private mutating func apply(_ update: PresenceUpdate, at now: Instant) -> [PresenceKey]? {
        guard let base = update.base else { return nil }
        if var remote = remotes[update.site], remote.incarnation == update.incarnation {
            guard base <= remote.counter else { return nil }
            var changed: [PresenceKey] = []
            for entry in update.entries where entry.counter > remote.counter {
                if remote.entries[entry.key] != entry.fields { changed.append(entry.key) }
                remote.entries[entry.key] = entry.fields
            }
            guard remote.entries.count <= Limits.presenceEntriesMax else { return [] }
            remote.counter = update.counter
            remotes[update.site] = remote
            return changed
        }
        // The first of a new life begins with nothing.
        guard base == 0 else { return nil }
        var entries: [PresenceKey: FieldMap] = [:]
        for entry in update.entries { entries[entry.key] = entry.fields }
        return replace(update, with: entries, at: now)
    }

    /// Gathers the parts of a full state and returns the changed keys with the last; nil until then.
    private mutating func assemble(_ update: PresenceUpdate, at now: Instant) -> [PresenceKey]? {
        var assembly: Assembly
        if update.part == 0 {
            assembly = Assembly(
                incarnation: update.incarnation,
                counter: update.counter,
                nextPart: 0,
                entries: [:]
            )
        } else if let known = assemblies[update.site] {
            assembly = known
        } else {
            return nil
        }
        guard assembly.incarnation == update.incarnation, assembly.counter == update.counter,
            assembly.nextPart == update.part
        else { return nil }
        for entry in update.entries { assembly.entries[entry.key] = entry.fields }
        assembly.nextPart += 1
        guard assembly.entries.count <= Limits.presenceEntriesMax else {
            assemblies[update.site] = nil
            return nil
        }
        guard assembly.nextPart == update.parts else {
            assemblies[update.site] = assembly
            return nil
        }
        assemblies[update.site] = nil
        return replace(update, with: assembly.entries, at: now)
    }

    private mutating func replace(
        _ update: PresenceUpdate,
        with entries: [PresenceKey: FieldMap],
        at now: Instant
    ) -> [PresenceKey] {
        let before = remotes[update.site]?.entries ?? [:]
        remotes[update.site] = Remote(
            incarnation: update.incarnation,
            counter: update.counter,
            entries: entries,
            confirmed: remotes[update.site]?.confirmed ?? now - update.age
        )
        return Set(before.keys).union(entries.keys).filter { before[$0] != entries[$0] }
    }

    private mutating func take(
        _ digest: PresenceDigest,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [PresenceDirective]
    ) {
        linked[peer] = digest.linked
        for line in digest.lines where line.site != site {
            let known = remotes[line.site].map { ($0.incarnation, $0.counter) } ?? (0, 0)
            if (line.incarnation, line.counter) == known {
                confirm(line.site, at: now, age: line.age)
            } else if (line.incarnation, line.counter) > known, line.site == peer || linked[line.site] == nil {
                ask(for: line.site, peer, at: now, &out)
            }
        }
    }

    private mutating func ask(
        for site: SiteID,
        _ peer: SiteID,
        at now: Instant,
        _ out: inout [PresenceDirective]
    ) {
        if let last = asked[site], now - last < Limits.presenceWantSpacing { return }
        guard asked[site] != nil || asked.count < Limits.sitesMax else { return }
        asked[site] = now
        out.append(.send(peer, .presenceWant(site)))
    }

    private mutating func confirm(_ site: SiteID, at now: Instant, age: Span) {
        guard let remote = remotes[site] else { return }
        remotes[site]?.confirmed = max(remote.confirmed, now - age)
    }

    /// Linked peers that do not hear the site themselves.
    private func beyondReach(of site: SiteID, except peer: SiteID) -> [SiteID] {
        linked.keys.filter { $0 != peer && $0 != site && linked[$0]?.contains(site) == false }.sorted()
    }

    private func passOn(
        _ update: PresenceUpdate,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [PresenceDirective]
    ) {
        var update = update
        update.age = remotes[update.site].map { now - $0.confirmed } ?? update.age
        out += beyondReach(of: update.site, except: peer).map { .send($0, .presence(update)) }
    }

    /// Sends all that is known of a site.
    private func sendFull(of site: SiteID, to peer: SiteID, at now: Instant, _ out: inout [PresenceDirective]) {
        let entries: [PresenceEntry]
        let version: (incarnation: UInt64, counter: UInt64)
        var age = Span.zero
        if site == self.site {
            entries = own.values.sorted { $0.key < $1.key }
            version = (incarnation, counter)
        } else if let remote = remotes[site] {
            entries = remote.entries.sorted { $0.key < $1.key }
                .map { PresenceEntry(key: $0.key, counter: remote.counter, fields: $0.value) }
            version = (remote.incarnation, remote.counter)
            age = now - remote.confirmed
        } else {
            return
        }
        let frames = PresenceTable.frames(of: entries)
        for (part, entries) in (frames.isEmpty ? [[]] : frames).enumerated() {
            let update = PresenceUpdate(
                site: site,
                incarnation: version.incarnation,
                base: nil,
                counter: version.counter,
                age: age,
                part: part,
                parts: max(frames.count, 1),
                entries: entries
            )
            out.append(.send(peer, .presence(update)))
        }
    }
}
