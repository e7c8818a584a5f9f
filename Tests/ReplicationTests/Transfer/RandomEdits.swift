import Kernel
import Replication

/// Requests such as people make, on few documents so that edits meet: for laws over seeds.
enum RandomEdits {
    static let born = DocumentType(2)
    static let keys = (0..<4).map { DocumentID(type: DocumentType(1), key: "doc-\($0)") }

    static let schema: DocumentSchema = {
        let fields: [FieldID: DocumentSchema.Field] = [
            Replica.Fields.name: .init("name", .register),
            Replica.Fields.state: .init("state", .register, rule: .yielding([.string("closed")])),
            Replica.Fields.tags: .init("tags", .set),
            Replica.Fields.visits: .init("visits", .counter),
            Replica.Fields.notes: .init("notes", .log),
        ]
        return DocumentSchema([DocumentType(1): fields, born: fields], born: [born])
    }()

    /// A request at a site: an edit of a document that it knows, a new one, or a deletion.
    static func request(_ replica: Replica, _ random: inout SeededRandom) -> EditRequest {
        let known = replica.storage.documents.values.filter { !$0.isDeleted && $0.id.type == born }.map(\.id).sorted()
        let actor = Actor(["ada", "bo", "cy"].randomElement(using: &random) ?? "ada")
        if known.isEmpty || Int.random(in: 0..<8, using: &random) == 0 {
            let name = FieldChange.set(Replica.Fields.name, .int(Int64.random(in: 0..<9, using: &random)), seen: nil)
            return EditRequest(actor: actor, edits: [DocumentEdit(.new(born), [name])])
        }
        let id = (known + keys).randomElement(using: &random) ?? keys[0]
        let changes = (0..<Int.random(in: 1...2, using: &random)).map { _ in change(of: id, in: replica, &random) }
        return EditRequest(actor: actor, edits: [DocumentEdit(.id(id, mustExist: false), changes)])
    }

    private static func change(
        of id: DocumentID,
        in replica: Replica,
        _ random: inout SeededRandom
    ) -> FieldChange {
        let value = Value.int(Int64.random(in: 0..<5, using: &random))
        let register = replica.storage.document(id)?.registers[Replica.Fields.name]
        let seen = Bool.random(using: &random) ? nil : register?.writes.randomElement(using: &random)?.dot
        let lost = register?.lost.randomElement(using: &random)?.dot
        switch Int.random(in: 0..<24, using: &random) {
        case 0..<6: return .set(Replica.Fields.name, value, seen: seen)
        case 6..<9: return .set(Replica.Fields.state, .string(value == .int(0) ? "open" : "closed"), seen: nil)
        case 9..<12: return .insert(Replica.Fields.tags, value)
        case 12..<15: return .remove(Replica.Fields.tags, value)
        case 15..<17: return .add(Replica.Fields.visits, Int64.random(in: -3...3, using: &random))
        case 17..<20: return .append(Replica.Fields.notes, value)
        case 20: return lost.map { .restore(Replica.Fields.name, lost: $0) } ?? .add(Replica.Fields.visits, 1)
        case 21: return lost.map { .dismiss(Replica.Fields.name, lost: $0) } ?? .add(Replica.Fields.visits, 1)
        default:
            return Int.random(in: 0..<3, using: &random) == 0 ? .delete : .append(Replica.Fields.notes, .null)
        }
    }

    /// Lets sites write and exchange at random, not all of everything; the sites of `silent` take no part.
    static func run(
        _ replicas: inout [Replica],
        steps: Int,
        from wall: Int64 = 1_000_000,
        silent: Set<Int> = [],
        _ random: inout SeededRandom
    ) throws {
        let active = replicas.indices.filter { !silent.contains($0) }
        for step in 0..<steps {
            guard let place = active.randomElement(using: &random) else { return }
            let time = wall + Int64(step) + Int64.random(in: -500...500, using: &random)
            if active.count < 2 || Int.random(in: 0..<3, using: &random) > 0 {
                try replicas[place].commit(request(replicas[place], &random), at: time)
            } else {
                let other = active.filter { $0 != place }.randomElement(using: &random) ?? place
                for head in replicas[other].ledger.vector.heads.shuffled(using: &random) {
                    let count = Int.random(in: 1...5, using: &random)
                    try replicas[place].fetch(head.origin, from: replicas[other], count: count, at: time)
                }
            }
        }
    }

    /// Lets everybody get everything.
    static func settle(_ replicas: inout [Replica]) throws {
        for _ in 0..<3 {
            for place in replicas.indices {
                for other in replicas.indices where other != place {
                    try replicas[place].fetchAll(from: replicas[other])
                }
            }
        }
    }
}
