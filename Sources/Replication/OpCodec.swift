package import Kernel

/// Turns an op into the bytes of its body and back.
///
/// An op is written once, by its origin; every other site keeps and passes on those bytes. Its name is not in
/// them: that is its place in its origin's log. Form 1: stamp, actor, the foreign origins that it names, what it
/// needs, changes. Each mutation has its length before it, so that a reader passes over kinds that only a newer
/// node knows; what follows the changes is a newer node's too and ignored.
package enum OpCodec {
    /// The first byte of each body; a reader refuses forms that it does not know.
    static let form: UInt8 = 1

    /// The op's body.
    package static func encode(_ op: Op) -> [UInt8] {
        var encoder = OpEncoder(own: op.dot.origin)
        encoder.write(op)
        return encoder.bytes(stamp: op.stamp, actor: op.actor)
    }

    /// The op of a body at its place in an origin's log.
    package static func decode(_ body: [UInt8], dot: Dot) throws(FrameError) -> Op {
        do throws(ByteReader.Damaged) {
            var decoder = OpDecoder(reader: ByteReader(body), own: dot.origin)
            return try decoder.op(dot)
        } catch {
            throw .malformed("op")
        }
    }
}

/// The kinds of mutations as they are written; numbers are never reused.
enum MutationKind: UInt8 {
    case set = 1
    case settle = 2
    case insert = 3
    case remove = 4
    case add = 5
    case append = 6
    case delete = 7
}

/// Writes an op's body; dots name their origin by its place in a table, the op's own origin being 0.
private struct OpEncoder {
    private var origins: [Origin]
    private var rest = ByteWriter(capacity: 160)

    init(own: Origin) {
        origins = [own]
    }

    mutating func write(_ op: Op) {
        dots(op.needs.heads)
        rest.number(op.changes.count)
        for change in op.changes {
            rest.number(UInt64(change.document.type.number))
            rest.text(change.document.key)
            rest.number(change.mutations.count)
            for mutation in change.mutations { write(mutation) }
        }
    }

    func bytes(stamp: HybridTimestamp, actor: Actor) -> [UInt8] {
        var writer = ByteWriter(capacity: rest.bytes.count + 64)
        writer.byte(OpCodec.form)
        writer.fixed(stamp.bits)
        writer.text(actor.name)
        writer.number(origins.count - 1)
        for origin in origins.dropFirst() {
            writer.text(origin.site.name)
            writer.number(UInt64(origin.epoch))
        }
        writer.raw(rest.bytes)
        return writer.bytes
    }

    private mutating func write(_ mutation: Mutation) {
        // Places of origins are given out first: the table must not change while a length is being measured.
        switch mutation {
        case .set(let field, let value, let seen):
            let places = places(of: seen)
            framed(.set, field) {
                $0.value(value)
                OpEncoder.write(seen, at: places, to: &$0)
            }
        case .settle(let field, let dots):
            let places = places(of: dots)
            framed(.settle, field) { OpEncoder.write(dots, at: places, to: &$0) }
        case .insert(let field, let value):
            framed(.insert, field) { $0.value(value) }
        case .remove(let field, let value, let dots):
            let places = places(of: dots)
            framed(.remove, field) {
                $0.value(value)
                OpEncoder.write(dots, at: places, to: &$0)
            }
        case .add(let field, let amount):
            framed(.add, field) { $0.signed(amount) }
        case .append(let field, let value):
            framed(.append, field) { $0.value(value) }
        case .delete(let seen):
            let places = places(of: seen.heads)
            framed(.delete, FieldID(0)) { OpEncoder.write(seen.heads, at: places, to: &$0) }
        case .unknown:
            // Nobody makes one here; a reader passes over it as over any kind that it does not know.
            rest.byte(0)
            rest.number(0)
        }
    }

    private mutating func framed(_ kind: MutationKind, _ field: FieldID, _ body: (inout ByteWriter) -> Void) {
        rest.byte(kind.rawValue)
        rest.framed {
            $0.number(UInt64(field.number))
            body(&$0)
        }
    }

    private mutating func dots(_ dots: [Dot]) {
        let places = places(of: dots)
        OpEncoder.write(dots, at: places, to: &rest)
    }

    private static func write(_ dots: [Dot], at places: [Int], to writer: inout ByteWriter) {
        writer.number(dots.count)
        for (dot, place) in zip(dots, places) {
            writer.number(place)
            writer.number(dot.sequence)
        }
    }

    private mutating func places(of dots: [Dot]) -> [Int] {
        dots.map { dot in
            if let place = origins.firstIndex(of: dot.origin) { return place }
            origins.append(dot.origin)
            return origins.count - 1
        }
    }
}
