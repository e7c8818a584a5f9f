import Kernel

/// Reads a stored document with its tables of origins and actors.
struct StoredDocumentReader {
    private let wire: WireStoredDocument
    private var origins: [Origin] = []
    private var version = VersionVector()

    init(_ wire: WireStoredDocument) throws(FrameError) {
        self.wire = wire
        for dot in wire.origins {
            let dot = try dot.dot()
            origins.append(dot.origin)
            version.include(dot)
        }
    }

    func document() throws(FrameError) -> Document {
        var deletion: Document.Deletion?
        if wire.hasDeletion {
            let stored = wire.deletion
            deletion = Document.Deletion(
                dot: try dot(UInt64(stored.origin), stored.sequence),
                stamp: HybridTimestamp(bits: stored.stamp),
                actor: try actor(stored.actor)
            )
        }
        return Document(
            id: DocumentID(type: DocumentType(try Wire.shortNumber(wire.type, "document type")), key: wire.key),
            version: version,
            updated: HybridTimestamp(bits: wire.updated),
            deletion: deletion,
            registers: try registers(),
            sets: try sets(),
            counters: try counters(),
            logs: try logs()
        )
    }

    private func registers() throws(FrameError) -> [FieldID: Register] {
        var result: [FieldID: Register] = [:]
        for stored in wire.registers {
            var writes: [RegisterWrite] = []
            for write in stored.writes {
                writes.append(
                    RegisterWrite(
                        value: try write.value.storedValue(),
                        dot: try dot(UInt64(write.origin), write.sequence),
                        stamp: HybridTimestamp(bits: write.stamp),
                        actor: try actor(write.actor)
                    )
                )
            }
            result[try field(stored.field)] = Register(ordered: writes)
        }
        return result
    }

    private func sets() throws(FrameError) -> [FieldID: ObservedRemoveSet] {
        var result: [FieldID: ObservedRemoveSet] = [:]
        for stored in wire.sets {
            var elements: [ObservedRemoveSet.Element] = []
            for element in stored.elements {
                guard element.dots.count.isMultiple(of: 2) else { throw .malformed("dots of a set") }
                var dots: [Dot] = []
                for place in stride(from: 0, to: element.dots.count, by: 2) {
                    dots.append(try dot(element.dots[place], element.dots[place + 1]))
                }
                elements.append(ObservedRemoveSet.Element(value: try element.value.storedValue(), dots: dots))
            }
            result[try field(stored.field)] = ObservedRemoveSet(elements: elements)
        }
        return result
    }

    private func counters() throws(FrameError) -> [FieldID: PNCounter] {
        var result: [FieldID: PNCounter] = [:]
        for stored in wire.counters {
            var shares: [PNCounter.Share] = []
            for share in stored.shares {
                let origin = try dot(UInt64(share.origin), 0).origin
                shares.append(PNCounter.Share(origin: origin, added: share.added, taken: share.taken))
            }
            result[try field(stored.field)] = PNCounter(shares: shares)
        }
        return result
    }

    private func logs() throws(FrameError) -> [FieldID: AppendLog] {
        var result: [FieldID: AppendLog] = [:]
        for stored in wire.logs {
            var entries: [LogEntry] = []
            for entry in stored.entries {
                entries.append(
                    LogEntry(
                        dot: try dot(UInt64(entry.origin), entry.sequence),
                        index: try Wire.shortNumber(entry.index, "index"),
                        stamp: HybridTimestamp(bits: entry.stamp),
                        actor: try actor(entry.actor),
                        value: try entry.value.storedValue()
                    )
                )
            }
            result[try field(stored.field)] = AppendLog(entries: entries)
        }
        return result
    }

    private func dot(_ place: UInt64, _ sequence: UInt64) throws(FrameError) -> Dot {
        guard place < UInt64(origins.count) else { throw .malformed("origin's place") }
        return Dot(origin: origins[Int(place)], sequence: sequence)
    }

    private func actor(_ place: UInt32) throws(FrameError) -> Actor {
        guard place < UInt32(wire.actors.count) else { throw .malformed("actor's place") }
        return Actor(wire.actors[Int(place)])
    }

    private func field(_ number: UInt32) throws(FrameError) -> FieldID {
        FieldID(try Wire.shortNumber(number, "field"))
    }
}
