import Kernel

// Frames about volatile state between the wire and `Frame`'s types.

extension WirePresenceEntry {
    init(_ entry: PresenceEntry) {
        self.init()
        kind = UInt32(entry.key.kind)
        id = entry.key.id
        counter = entry.counter
        gone = entry.fields == nil
        fields = Wire.fields(entry.fields ?? [:])
    }

    func entry() throws(FrameError) -> PresenceEntry {
        guard let kind = UInt8(exactly: kind), id.utf8.count <= Limits.documentKeyBytesMax else {
            throw .malformed("presence key")
        }
        return PresenceEntry(
            key: PresenceKey(kind: kind, id: id),
            counter: counter,
            fields: gone ? nil : try Wire.fieldMap(fields)
        )
    }
}

extension WirePresence {
    init(_ update: PresenceUpdate) {
        self.init()
        site = update.site.name
        incarnation = update.incarnation
        if let base = update.base { self.base = base }
        counter = update.counter
        ageMs = update.age.wire
        part = UInt32(clamping: update.part)
        parts = UInt32(clamping: update.parts)
        entries = update.entries.map(WirePresenceEntry.init)
    }

    func update() throws(FrameError) -> PresenceUpdate {
        guard entries.count <= Limits.presenceEntriesPerFrameMax else { throw .malformed("presence entries") }
        guard part < parts, parts <= Limits.presenceEntriesMax else { throw .malformed("presence part") }
        var entries: [PresenceEntry] = []
        entries.reserveCapacity(self.entries.count)
        for entry in self.entries { entries.append(try entry.entry()) }
        return PresenceUpdate(
            site: try Wire.site(site),
            incarnation: incarnation,
            base: hasBase ? base : nil,
            counter: counter,
            age: Wire.span(ageMs),
            part: Int(part),
            parts: Int(parts),
            entries: entries
        )
    }
}

extension WireDigest {
    init(_ digest: PresenceDigest) {
        self.init()
        lines = digest.lines.map { line in
            var wire = WireDigest.Line()
            wire.site = line.site.name
            wire.incarnation = line.incarnation
            wire.counter = line.counter
            wire.ageMs = line.age.wire
            return wire
        }
        linked = digest.linked.map(\.name)
        level = digest.level
    }

    func digest() throws(FrameError) -> PresenceDigest {
        guard lines.count <= Limits.sitesMax else { throw .malformed("digest of \(lines.count) sites") }
        var result: [PresenceDigest.Line] = []
        for line in lines {
            result.append(
                PresenceDigest.Line(
                    site: try Wire.site(line.site),
                    incarnation: line.incarnation,
                    counter: line.counter,
                    age: Wire.span(line.ageMs)
                )
            )
        }
        return PresenceDigest(lines: result, linked: try Wire.sites(linked), level: level)
    }
}

extension WireHeartbeat {
    init(_ heartbeat: Heartbeat) {
        self.init()
        incarnation = heartbeat.incarnation
        reachable = heartbeat.reachable.map(\.name)
        sentAtMs = heartbeat.sentAt
        if let echo = heartbeat.echo { echoMs = echo }
        echoHeldMs = heartbeat.echoHeld.wire
        wallMs = heartbeat.wall.milliseconds
    }

    func heartbeat() throws(FrameError) -> Heartbeat {
        Heartbeat(
            incarnation: incarnation,
            reachable: try Wire.sites(reachable),
            sentAt: sentAtMs,
            echo: hasEchoMs ? echoMs : nil,
            echoHeld: Wire.span(echoHeldMs),
            wall: WallTime(milliseconds: wallMs)
        )
    }
}

extension WireProbe {
    init(_ probe: Probe) {
        self.init()
        step =
            switch probe.step {
            case .ask: .ask
            case .check: .check
            case .alive: .alive
            case .heard: .heard
            case .notHeard: .notHeard
            case .lost: .lost
            }
        target = probe.target.name
        number = probe.number
        incarnation = probe.incarnation
    }

    /// The probe; nil when it is of a step that only a newer node knows.
    func probe() throws(FrameError) -> Probe? {
        let step: Probe.Step
        switch self.step {
        case .ask: step = .ask
        case .check: step = .check
        case .alive: step = .alive
        case .heard: step = .heard
        case .notHeard: step = .notHeard
        case .lost: step = .lost
        case .UNRECOGNIZED: return nil
        }
        return Probe(step: step, target: try Wire.site(target), number: number, incarnation: incarnation)
    }
}

extension WireSiteMessage {
    init(_ message: SiteMessage) {
        self.init()
        kind = UInt32(message.kind)
        fields = Wire.fields(message.fields)
    }

    func message() throws(FrameError) -> SiteMessage {
        SiteMessage(kind: try Wire.shortNumber(kind, "message kind"), fields: try Wire.fieldMap(fields))
    }
}
