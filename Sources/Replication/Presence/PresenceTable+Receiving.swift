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

    private enum Content {
        case long(PresenceUpdate)
        case short(PresenceDelta)

        var isLong: Bool {
            if case .long = self { return true }
            return false
        }
    }

    private func version(of site: SiteID) -> Version? {
        remotes[site].map { Version(incarnation: $0.incarnation, counter: $0.counter) }
    }

    private mutating func take(
        _ note: Note,
        _ content: Content,
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
    private mutating func apply(_ note: Note, _ content: Content, at now: Instant) -> [PresenceKey]? {
        guard let base = note.base else { return nil }
        // Taken out while it is changed, so that nothing of it is copied.
        let before = remotes.removeValue(forKey: note.site)
        var remote: RemotePresence
        if let before, before.incarnation == note.version.incarnation {
            remote = before
        } else if base == 0 {
            // The first of a new life begins with nothing.
            remote = RemotePresence(
                incarnation: note.version.incarnation,
                counter: 0,
                confirmed: before?.confirmed ?? now - note.age
            )
        } else {
            remotes[note.site] = before
            return nil
        }
        defer { remotes[note.site] = remote }
        // The long form names whole entries with the count of each, so that it may also overlap what is here.
        guard base == remote.counter || content.isLong && base < remote.counter else { return nil }
        let changed =
            switch content {
            case .long(let update): PresenceTable.apply(update, to: &remote)
            case .short(let delta): PresenceTable.apply(delta, to: &remote)
            }
        guard let changed, remote.entries.count <= Limits.presenceEntriesMax else {
            // Perhaps a part was applied: nothing short of the full state will do.
            remote.counter = 0
            return nil
        }
        remote.counter = note.version.counter
        guard let before, before.incarnation != remote.incarnation else { return changed }
        return remote.differences(to: before)
    }

    private static func apply(_ update: PresenceUpdate, to remote: inout RemotePresence) -> [PresenceKey] {
        var changed: [PresenceKey] = []
        for entry in update.entries where entry.counter > remote.counter {
            guard remote.entries[entry.key]?.fields != entry.fields else { continue }
            changed.append(entry.key)
            remote.set(entry.key, entry.fields)
        }
        return changed
    }

    /// The changed keys; nil when a change does not fit.
    private static func apply(_ delta: PresenceDelta, to remote: inout RemotePresence) -> [PresenceKey]? {
        var changed: [PresenceKey] = []
        changed.reserveCapacity(delta.entries.count)
        for entry in delta.entries {
            switch entry.change {
            case .whole(let key, let fields):
                remote.set(key, fields, alias: entry.alias)
                changed.append(key)
            case .fields(let fields):
                guard let key = remote.key(entry.alias), remote.change(key, fields) else { return nil }
                changed.append(key)
            case .gone:
                guard let key = remote.key(entry.alias) else { return nil }
                remote.remove(key)
                changed.append(key)
            }
        }
        return changed
    }

    /// Gathers the parts of a full state and returns the changed keys with the last; nil until then.
    private mutating func assemble(_ note: Note, _ content: Content, at now: Instant) -> [PresenceKey]? {
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
