import ContactCenter
import Kernel

/// Documents that random ops of several sites made.
struct RandomRecords {
    var random: SeededRandom
    private let sites = ["north", "east", "south-2"].map(Fixtures.site)
    private var sequences: [SiteID: UInt64] = [:]
    private var stamp = HybridTimestamp(wall: WallTime(milliseconds: 1_700_000_000_000), counter: 0)

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// A document after some ops.
    mutating func document(_ index: Int) -> Document {
        let types = [Schema.customer, Schema.ticket, Schema.contact, Schema.agent, DocumentType(700)]
        var document = Document(id: DocumentID(type: types[index % types.count], key: "north-1-\(index)"))
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let op = op(on: document)
            for change in op.changes { document.apply(change, of: op, schema: Schema.documents) }
        }
        return document
    }

    private mutating func op(on document: Document) -> Op {
        let site = sites[Int.random(in: 0..<sites.count, using: &random)]
        let sequence = sequences[site, default: 0] + 1
        sequences[site] = sequence
        stamp = stamp.next
        let mutations = (0..<Int.random(in: 1...4, using: &random)).map { _ in mutation(of: document) }
        return Op(
            dot: Dot(origin: Origin(site: site, epoch: 1), sequence: sequence),
            stamp: stamp,
            actor: Actor(Bool.random(using: &random) ? "anna" : "bo"),
            needs: VersionVector(),
            changes: [DocumentChange(document: document.id, mutations: mutations)]
        )
    }

    private mutating func mutation(of document: Document) -> Mutation {
        let field = FieldID(UInt16.random(in: 1...40, using: &random))
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<9: return .set(field, value(), seen: document.register(field).map { [$0.dot] } ?? [])
        case 9: return .set(field, value(), seen: [])
        case 10..<14: return .insert(field, value())
        case 14: return .remove(field, document.members(field).first ?? .null, dots: [])
        case 15: return .add(field, Int64.random(in: -9...9, using: &random))
        case 19 where Bool.random(using: &random): return .delete(seen: document.version)
        default: return .append(field, value())
        }
    }

    private static let texts = ["", "王小明", "Zhang Wei", "x\u{0}y", "naïve café", "🎧"]

    private mutating func value(depth: Int = 0) -> Value {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .int(Int64.random(in: .min ... .max, using: &random))
        case 3: .int(Int64.random(in: -200...200, using: &random))
        case 4: .double(Double.random(in: -1e9...1e9, using: &random))
        case 5: .bytes([UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: 200))
        case 6 where depth < 3: .list((0..<3).map { _ in value(depth: depth + 1) })
        default: .string(Self.texts.randomElement(using: &random) ?? "")
        }
    }
}
