package import Kernel

/// Turns documents and values into bytes for storage and back.
package enum DocumentCodec {
    /// The document as bytes: equal documents give equal bytes.
    package static func encode(_ document: Document) -> [UInt8] {
        var table = WriteTable(version: document.version)
        var wire = WireStoredDocument()
        wire.type = UInt32(document.id.type.number)
        wire.key = document.id.key
        wire.updated = document.updated.bits
        if let deletion = document.deletion {
            wire.deletion = table.write(deletion.dot, deletion.stamp, deletion.actor)
        }
        wire.registers = document.registers.sorted { $0.key < $1.key }.map { field, register in
            var stored = WireStoredRegister()
            stored.field = UInt32(field.number)
            stored.writes = register.writes.map { table.write($0.dot, $0.stamp, $0.actor, $0.value) }
            return stored
        }
        wire.sets = document.sets.sorted { $0.key < $1.key }.map { field, set in
            var stored = WireStoredSet()
            stored.field = UInt32(field.number)
            stored.elements = set.elements.map { element in
                var wire = WireStoredSet.Element()
                wire.value = WireValue(element.value)
                wire.dots = element.dots.flatMap { [UInt64(table.place(of: $0.origin)), $0.sequence] }
                return wire
            }
            return stored
        }
        wire.counters = document.counters.sorted { $0.key < $1.key }.map { field, counter in
            var stored = WireStoredCounter()
            stored.field = UInt32(field.number)
            stored.shares = counter.shares.map { share in
                var wire = WireStoredCounter.Share()
                wire.origin = table.place(of: share.origin)
                wire.added = share.added
                wire.taken = share.taken
                return wire
            }
            return stored
        }
        wire.logs = document.logs.sorted { $0.key < $1.key }.map { field, log in
            var stored = WireStoredLog()
            stored.field = UInt32(field.number)
            stored.entries = log.entries.map {
                var entry = table.write($0.dot, $0.stamp, $0.actor, $0.value)
                entry.index = UInt32($0.index)
                return entry
            }
            return stored
        }
        wire.origins = table.origins
        wire.actors = table.actors
        return Wire.bytes(wire)
    }

    /// The document of some bytes.
    package static func decode(_ bytes: [UInt8]) throws(FrameError) -> Document {
        let wire: WireStoredDocument = try Wire.message(bytes, "document")
        return try StoredDocumentReader(wire).document()
    }

    /// A value as bytes.
    package static func encode(_ value: Value) -> [UInt8] {
        Wire.bytes(WireValue(value))
    }

    /// The value of some bytes.
    package static func decodeValue(_ bytes: [UInt8]) throws(FrameError) -> Value {
        let wire: WireValue = try Wire.message(bytes, "value")
        return try wire.storedValue()
    }
}

/// Gives origins and actors their places while a document is written.
private struct WriteTable {
    private(set) var origins: [WireDot]
    private(set) var actors: [String] = []
    private var originPlaces: [Origin: UInt32] = [:]
    private var actorPlaces: [String: UInt32] = [:]

    init(version: VersionVector) {
        origins = version.wire
        for (place, dot) in version.heads.enumerated() { originPlaces[dot.origin] = UInt32(place) }
    }

    mutating func place(of origin: Origin) -> UInt32 {
        if let place = originPlaces[origin] { return place }
        let place = UInt32(origins.count)
        originPlaces[origin] = place
        origins.append(WireDot(Dot(origin: origin, sequence: 0)))
        return place
    }

    private mutating func place(of actor: Actor) -> UInt32 {
        if let place = actorPlaces[actor.name] { return place }
        let place = UInt32(actors.count)
        actorPlaces[actor.name] = place
        actors.append(actor.name)
        return place
    }

    mutating func write(
        _ dot: Dot,
        _ stamp: HybridTimestamp,
        _ actor: Actor,
        _ value: Value? = nil
    ) -> WireStoredWrite {
        var wire = WireStoredWrite()
        wire.origin = place(of: dot.origin)
        wire.sequence = dot.sequence
        wire.stamp = stamp.bits
        wire.actor = place(of: actor)
        if let value { wire.value = WireValue(value) }
        return wire
    }
}
