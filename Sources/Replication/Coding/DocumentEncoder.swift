package import Kernel

/// Writes a document as it lies on disk.
///
/// A document names few origins and actors many times, so both stand in a table at the front and everything else
/// refers to them by place. The id is not part of it: it is the row's key. Form 1:
/// origins, actors, version, updated, deletion, registers, sets, counters, logs.
package struct DocumentEncoder {
    /// The first byte of each stored document; a reader refuses forms that it does not know.
    static let form: UInt8 = 1

    private var origins: [Origin] = []
    private var actors: [Actor] = []
    private var body = ByteWriter()

    /// The document's bytes.
    package static func encode(_ document: Document) -> [UInt8] {
        var encoder = DocumentEncoder()
        encoder.write(document)
        var front = ByteWriter(capacity: encoder.body.bytes.count + 64)
        front.byte(form)
        front.number(encoder.origins.count)
        for origin in encoder.origins {
            front.text(origin.site.name)
            front.number(UInt64(origin.epoch))
        }
        front.number(encoder.actors.count)
        for actor in encoder.actors { front.text(actor.name) }
        front.raw(encoder.body.bytes)
        return front.bytes
    }

    private mutating func write(_ document: Document) {
        body.number(document.version.heads.count)
        for head in document.version.heads { dot(head) }
        body.fixed(document.updated.bits)
        if let deletion = document.deletion {
            body.byte(1)
            authored(deletion.dot, deletion.stamp, deletion.actor)
        } else {
            body.byte(0)
        }
        fields(document.registers) { encoder, register in
            encoder.body.number(register.writes.count)
            for write in register.writes {
                encoder.body.value(write.value)
                encoder.authored(write.dot, write.stamp, write.actor)
            }
        }
        fields(document.sets) { encoder, set in
            encoder.body.number(set.elements.count)
            for element in set.elements {
                encoder.body.value(element.value)
                encoder.body.number(element.dots.count)
                for dot in element.dots { encoder.dot(dot) }
            }
        }
        fields(document.counters) { encoder, counter in
            encoder.body.number(counter.shares.count)
            for share in counter.shares {
                encoder.origin(share.origin)
                encoder.body.number(share.added)
                encoder.body.number(share.taken)
            }
        }
        fields(document.logs) { encoder, log in
            encoder.body.number(log.entries.count)
            for entry in log.entries {
                encoder.body.value(entry.value)
                encoder.authored(entry.dot, entry.stamp, entry.actor)
                encoder.body.number(UInt64(entry.index))
            }
        }
    }

    /// Fields in the order of their numbers, so that equal documents are equal bytes.
    private mutating func fields<T>(_ fields: [FieldID: T], _ write: (inout DocumentEncoder, T) -> Void) {
        body.number(fields.count)
        // Numbers are sorted and not pairs, whose contents would be retained at each move.
        for field in fields.keys.sorted() {
            guard let content = fields[field] else { continue }
            body.number(UInt64(field.number))
            write(&self, content)
        }
    }

    private mutating func authored(_ dot: Dot, _ stamp: HybridTimestamp, _ actor: Actor) {
        self.dot(dot)
        body.fixed(stamp.bits)
        let place = actors.firstIndex(of: actor) ?? actors.endIndex
        if place == actors.endIndex { actors.append(actor) }
        body.number(place)
    }

    private mutating func dot(_ dot: Dot) {
        origin(dot.origin)
        body.number(dot.sequence)
    }

    private mutating func origin(_ origin: Origin) {
        let place = origins.firstIndex(of: origin) ?? origins.endIndex
        if place == origins.endIndex { origins.append(origin) }
        body.number(place)
    }
}
