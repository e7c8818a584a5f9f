import Kernel

// What comes from peers.
extension PresenceTable {
    mutating func take(_ frame: Frame, from peer: SiteID, at now: Instant, _ out: inout [PresenceDirective]) {
        guard linked[peer] != nil else { return }
        switch frame {
        case .presence(let update):
            let note = Note(
                site: update.site,
                version: Version(incarnation: update.incarnation, counter: update.counter),
                base: update.base,
                age: update.age,
                part: update.part,
                parts: update.parts
            )
            take(note, .long(update), from: peer, at: now, &out)
        case .presenceDelta(let delta):
            let note = Note(
                site: delta.site ?? peer,
                version: Version(incarnation: delta.incarnation, counter: delta.counter),
                base: delta.base,
                age: delta.age,
                part: delta.part,
                parts: delta.parts
            )
            take(note, .short(delta), from: peer, at: now, &out)
        case .presenceWant(let site): sendFull(of: site, to: peer, at: now, &out)
        case .digest(let digest): take(digest, from: peer, at: now, &out)
        default: break
        }
    }

    /// How new some presence of a site is.
    private struct Version: Comparable {
        var incarnation: UInt64
        var counter: UInt64

        static func < (left: Version, right: Version) -> Bool {
            (left.incarnation, left.counter) < (right.incarnation, right.counter)
        }
    }

    /// What both forms say beside their entries.
    private struct Note {
        let site: SiteID
        let version: Version
        let base: UInt64?
        let age: Span
        let part: Int
        let parts: Int
    }

    private func version(of site: SiteID) -> Version? {
        remotes[site].map { Version(incarnation: $0.incarnation, counter: $0.counter) }
    }

    private mutating func take(
        _ note: Note,
        _ content: RemotePresence.Content,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [PresenceDirective]
    ) {
        guard note.site != site, remotes[note.site] != nil || remotes.count < Limits.sitesMax else { return }
        if let known = version(of: note.site), note.version <= known {
            if note.version == known { confirm(note.site, at: now, age: note.age) }
            return
        }
        let changed: [PresenceKey]?
        if note.base == nil {
            changed = assemble(note, content, at: now)
        } else {
            changed = apply(note, content, at: now)
            // A change on top of something that is not here.
            if changed == nil { ask(for: note.site, peer, at: now, &out) }
        }
        guard let changed else { return }
        asked[note.site] = nil
        confirm(note.site, at: now, age: note.age)
        if !changed.isEmpty { out.append(.changed(note.site, changed)) }
        guard note.parts == 1 else {
            for other in beyondReach(of: note.site, except: peer) {
                sendFull(of: note.site, to: other, at: now, &out)
            }
            return
        }
        switch content {
        case .long(let update): passOn(update, from: peer, at: now, &out)
        case .short(let delta): passOn(delta, of: note.site, changed, from: peer, at: now, &out)
        }
    }

    /// Applies a change and returns the changed keys; nil when it does not fit what is known.
    private mutating func apply(_ note: Note, _ content: RemotePresence.Content, at now: Instant) -> [PresenceKey]? {
        guard let base = note.base else { return nil }
        guard remotes[note.site]?.incarnation != note.version.incarnation else {
            // Changed where it lies, so that nothing of it is copied.
            return remotes[note.site]?.apply(content, on: base, leadingTo: note.version.counter) ?? nil
        }
        // The first of a new life begins with nothing.
        guard base == 0 else { return nil }
        let earlier = remotes[note.site]
        var remote = RemotePresence(
            incarnation: note.version.incarnation,
            counter: 0,
            confirmed: earlier?.confirmed ?? now - note.age
        )
        guard remote.apply(content, on: 0, leadingTo: note.version.counter) != nil else { return nil }
        remotes[note.site] = remote
        return remote.differences(to: earlier)
    }

    /// Gathers the parts of a full state and returns the changed keys with the last; nil until then.
    private mutating func assemble(_ note: Note, _ content: RemotePresence.Content, at now: Instant) -> [PresenceKey]? {
        let known = assemblies.removeValue(forKey: note.site)
        var assembly: Assembly
        if note.part == 0 {
            let confirmed = remotes[note.site]?.confirmed ?? now - note.age
            let (incarnation, counter) = (note.version.incarnation, note.version.counter)
            let state = RemotePresence(incarnation: incarnation, counter: counter, confirmed: confirmed)
            assembly = Assembly(nextPart: 0, state: state)
        } else if let known {
            assembly = known
        } else {
            return nil
        }
        guard assembly.state.incarnation == note.version.incarnation, assembly.state.counter == note.version.counter,
            assembly.nextPart == note.part
        else { return nil }
        switch content {
        case .long(let update):
            for entry in update.entries { assembly.state.set(entry.key, entry.fields) }
        case .short(let delta):
            for entry in delta.entries {
                if case .whole(let key, let fields) = entry.change {
                    assembly.state.set(key, fields, alias: entry.alias)
                }
            }
        }
        assembly.nextPart += 1
        guard assembly.state.entries.count <= Limits.presenceEntriesMax else { return nil }
        guard assembly.nextPart == note.parts else {
            assemblies[note.site] = assembly
            return nil
        }
        assembly.state.confirmed = remotes[note.site]?.confirmed ?? assembly.state.confirmed
        let changed = assembly.state.differences(to: remotes[note.site])
        remotes[note.site] = assembly.state
        return changed
    }

    private mutating func take(
        _ digest: PresenceDigest,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [PresenceDirective]
    ) {
        linked[peer] = Linked(hears: digest.linked, level: digest.level)
        for line in digest.lines where line.site != site {
            let said = Version(incarnation: line.incarnation, counter: line.counter)
            let known = version(of: line.site) ?? Version(incarnation: 0, counter: 0)
            if said == known {
                confirm(line.site, at: now, age: line.age)
            } else if said > known, line.site == peer || linked[line.site] == nil {
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
        guard let confirmed = remotes[site]?.confirmed else { return }
        remotes[site]?.confirmed = max(confirmed, now - age)
    }
}
