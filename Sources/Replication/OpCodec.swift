package import Kernel

/// Turns ops into bodies and back.
///
/// A body is written once, by the op's origin; every other site keeps and passes on those bytes.
package enum OpCodec {
    /// The op's body.
    package static func encode(_ op: Op) -> [UInt8] {
        var body = WireOp()
        body.stamp = op.stamp.bits
        body.actor = op.actor.name
        body.needs = op.needs.wire
        body.changes = op.changes.map { change in
            var wire = WireChange()
            wire.type = UInt32(change.document.type.number)
            wire.key = change.document.key
            wire.mutations = change.mutations.map(WireMutation.init)
            return wire
        }
        return Wire.bytes(body)
    }

    /// The op of a body at its place in an origin's log.
    package static func decode(_ body: [UInt8], dot: Dot) throws(FrameError) -> Op {
        let wire: WireOp = try Wire.message(body, "op")
        var changes: [DocumentChange] = []
        for change in wire.changes {
            guard (1...Limits.documentKeyBytesMax).contains(change.key.utf8.count) else {
                throw .malformed("document key")
            }
            let type = DocumentType(try Wire.shortNumber(change.type, "document type"))
            // The place of a mutation is 16 bits wide in a log entry.
            guard change.mutations.count <= UInt16.max else { throw .malformed("mutations") }
            var mutations: [Mutation] = []
            mutations.reserveCapacity(change.mutations.count)
            for mutation in change.mutations { mutations.append(try mutation.mutation()) }
            changes.append(DocumentChange(document: DocumentID(type: type, key: change.key), mutations: mutations))
        }
        return Op(
            dot: dot,
            stamp: HybridTimestamp(bits: wire.stamp),
            actor: Actor(wire.actor),
            needs: try VersionVector(wire: wire.needs),
            changes: changes
        )
    }
}

extension WireMutation {
    init(_ mutation: Mutation) {
        self.init()
        switch mutation {
        case .set(let id, let value, let seen):
            field = UInt32(id.number)
            set.value = WireValue(value)
            set.seen = seen.map(WireDot.init)
        case .settle(let id, let dots):
            field = UInt32(id.number)
            settle.dots = dots.map(WireDot.init)
        case .insert(let id, let value):
            field = UInt32(id.number)
            insert = WireValue(value)
        case .remove(let id, let value, let dots):
            field = UInt32(id.number)
            remove.value = WireValue(value)
            remove.dots = dots.map(WireDot.init)
        case .add(let id, let amount):
            field = UInt32(id.number)
            add = amount
        case .append(let id, let value):
            field = UInt32(id.number)
            append = WireValue(value)
        case .delete:
            delete = true
        case .unknown:
            break
        }
    }

    func mutation() throws(FrameError) -> Mutation {
        let id = FieldID(try Wire.shortNumber(field, "field"))
        switch kind {
        case .set(let set):
            guard let value = try set.value.value() else { return .unknown }
            return .set(id, value, seen: try Wire.dots(set.seen))
        case .settle(let settle):
            return .settle(id, try Wire.dots(settle.dots))
        case .insert(let value):
            return try value.value().map { .insert(id, $0) } ?? .unknown
        case .remove(let remove):
            guard let value = try remove.value.value() else { return .unknown }
            return .remove(id, value, dots: try Wire.dots(remove.dots))
        case .add(let amount):
            return .add(id, amount)
        case .append(let value):
            return try value.value().map { .append(id, $0) } ?? .unknown
        case .delete:
            return .delete
        case nil:
            return .unknown
        }
    }
}
