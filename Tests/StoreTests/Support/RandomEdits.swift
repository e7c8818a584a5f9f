import ContactCenter
import Kernel

/// What people at a site might do, some of it wrong.
struct RandomEdits {
    var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    private static let names = ["王小明", "张伟", "Zhang Wei", "Müller", "Anna Berg", "田中"]

    /// One request over documents that are known.
    mutating func request(known: [DocumentID]) -> EditRequest {
        guard let id = known.randomElement(using: &random), Int.random(in: 0..<10, using: &random) > 1 else {
            return create()
        }
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return Fixtures.change(id, [.delete])
        case 1: return Fixtures.change(DocumentID(type: id.type, key: "no-such"), [.add(FieldID(30), 1)])
        case 2: return create()
        case 3..<6:
            let other = known.randomElement(using: &random) ?? id
            let edits = [id, other].map { DocumentEdit(.id($0, mustExist: true), [change(of: $0)]) }
            return EditRequest(actor: Fixtures.anna, edits: edits)
        case 6..<10: return merge(id, known: known)
        default:
            return Fixtures.change(id, (0..<Int.random(in: 1...3, using: &random)).map { _ in change(of: id) })
        }
    }

    /// A merge with another record, or the end of one; sometimes with one that is deleted.
    private mutating func merge(_ id: DocumentID, known: [DocumentID]) -> EditRequest {
        guard let field = Schema.merges(of: id.type),
            let other = known.filter({ $0.type == id.type }).randomElement(using: &random),
            let edge = MergeEdge(id.key, other.key)
        else { return create() }
        let name = Value.string(edge.high)
        let change = Int.random(in: 0..<3, using: &random) == 0 ? FieldChange.remove(field, name) : .insert(field, name)
        return Fixtures.change(DocumentID(type: id.type, key: edge.low), [change])
    }

    private mutating func create() -> EditRequest {
        let name = Self.names.randomElement(using: &random) ?? ""
        return switch Int.random(in: 0..<4, using: &random) {
        case 0: Fixtures.ticket("About \(name)", customer: "north-1-1", owner: "anna", raisedAt: number())
        case 1:
            EditRequest(
                actor: .system,
                edits: [
                    DocumentEdit(
                        .id(ContactID("north-1-\(number())").documentID, mustExist: false),
                        [.set(ContactField.startedAt, .int(number()), seen: nil)]
                    )
                ]
            )
        default: Fixtures.customer(name, organisation: "华为", phones: ["+8613900\(number())"], emails: ["a@b.c"])
        }
    }

    private mutating func change(of id: DocumentID) -> FieldChange {
        let text = Value.string(Self.names.randomElement(using: &random) ?? "")
        guard id.type == Schema.customer else {
            return id.type == Schema.ticket
                ? .append(TicketField.notes, text) : .set(ContactField.endedAt, .int(number()), seen: nil)
        }
        return switch Int.random(in: 0..<7, using: &random) {
        case 0: .insert(CustomerField.phones, .string("+49891000\(number())"))
        case 1: .remove(CustomerField.emails, .string("a@b.c"))
        case 2: .append(CustomerField.notes, text)
        case 3: .set(CustomerField.tier, .int(Int64.random(in: 0...3, using: &random)), seen: nil)
        case 4: .add(FieldID(900), 1)
        default: .set(CustomerField.name, text, seen: nil)
        }
    }

    private mutating func number() -> Int64 { Int64.random(in: 0...9_999, using: &random) }
}
