import ContactCenter
import Kernel

/// A site's documents in memory: turns requests into ops and applies them, its own and those of other sites.
struct MemorySite {
    let origin: Origin
    var sequence: UInt64 = 0
    var now: Int64 = 1_700_000_000_000
    var tickets: UInt64 = 0
    var documents: [DocumentID: Document] = [:]

    init(_ name: String = "north") {
        guard let site = SiteID(name) else { preconditionFailure("bad site name \(name)") }
        origin = Origin(site: site, epoch: 1)
    }

    /// Commits edits and returns the op, for other sites to apply.
    @discardableResult
    mutating func commit(_ edits: [DocumentEdit], actor: Actor = Actor("ann")) -> Op {
        sequence += 1
        now += 1_000
        let dot = Dot(origin: origin, sequence: sequence)
        var created: [DocumentID] = []
        for edit in edits {
            if case .new(let type) = edit.target {
                created.append(DocumentID(type: type, dot: dot, index: created.count))
            }
        }
        var next = 0
        let changes = edits.map { edit in
            let id: DocumentID
            switch edit.target {
            case .id(let known, _): id = known
            case .new:
                id = created[next]
                next += 1
            }
            return DocumentChange(document: id, mutations: edit.changes.map { mutation($0, id, created) })
        }
        let stamp = HybridTimestamp(wall: WallTime(milliseconds: now), counter: 0)
        let op = Op(dot: dot, stamp: stamp, actor: actor, needs: VersionVector(), changes: changes)
        apply(op)
        return op
    }

    mutating func apply(_ op: Op) {
        for change in op.changes {
            documents[change.document, default: Document(id: change.document)]
                .apply(change, of: op, schema: Schema.documents)
        }
    }

    private mutating func mutation(_ change: FieldChange, _ id: DocumentID, _ created: [DocumentID]) -> Mutation {
        let registers = documents[id]?.registers ?? [:]
        switch change {
        case .set(let field, let value, let seen):
            return .set(field, value, seen: seen.map { [$0] } ?? registers[field]?.writes.map(\.dot) ?? [])
        case .setCreated(let field, let index):
            return .set(field, .string(created[index].key), seen: registers[field]?.writes.map(\.dot) ?? [])
        case .setNumber(let field, _):
            tickets += 1
            return .set(field, .string(HumanNumber(site: origin.site, counter: tickets).text), seen: [])
        case .insert(let field, let value): return .insert(field, value)
        case .remove(let field, let value):
            let dots = documents[id]?.sets[field]?.elements.first { $0.value == value }?.dots ?? []
            return .remove(field, value, dots: Array(dots))
        case .add(let field, let amount): return .add(field, amount)
        case .append(let field, let value): return .append(field, value)
        case .restore, .dismiss: return .unknown
        case .delete: return .delete(seen: documents[id]?.version ?? VersionVector())
        }
    }
}

extension MemorySite {
    /// The one document of a type.
    func only(_ type: DocumentType) -> Document? {
        let all = documents.values.filter { $0.id.type == type }
        return all.count == 1 ? all.first : nil
    }
}
