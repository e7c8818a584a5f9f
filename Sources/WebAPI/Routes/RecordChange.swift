import ContactCenter
import HTTPTypes
import HummingbirdCore
import Kernel

/// A change of one record on its way from a request to the ledger.
struct RecordChange {
    let gateway: any SiteGateway
    let call: Call
    /// The record as it stands here.
    let document: Document
    /// True when the asker said which version they look at.
    private let isPinned: Bool

    /// Reads the record and holds the asker's version against it.
    ///
    /// `If-Match` refuses with 412 only when there is something here that the asker has not seen, so that a person
    /// decides. A version that a lost site showed and that is ahead of this one passes. Without `If-Match` the change
    /// is taken as made to whatever stands here.
    init(_ id: DocumentID, what: String, call: Call, gateway: any SiteGateway) async throws {
        guard let document = try await gateway.document(id), !document.isDeleted else {
            throw Problem.notFound("There is no such \(what).")
        }
        if let field = call.request.headers[.ifMatch] {
            let tags = EntityTags(field)
            let isSeen =
                tags.name(document.versionTag)
                || tags.versions.contains { MergedVersion.seen($0)?.covers(document.version) ?? false }
            guard isSeen else { throw Problem.changed(current: document.versionTag) }
            isPinned = true
        } else {
            isPinned = false
        }
        self.gateway = gateway
        self.call = call
        self.document = document
    }

    /// Commits the edits as one op; nil when they change nothing.
    func commit(_ edits: [DocumentEdit]) async throws -> CommitReceipt? {
        let acknowledgement = try call.acknowledgement()
        let merged = EditMerging.merged(edits).map { isPinned ? EditMerging.pinned($0, to: document) : $0 }
        let effective = merged.filter { !$0.changes.isEmpty }
        guard !effective.isEmpty else { return nil }
        let request = EditRequest(actor: call.session.actor, edits: effective)
        return try await gateway.commit(request, acknowledgement: acknowledgement)
    }
}

/// Puts edits that several builders made into one op.
enum EditMerging {
    /// One edit per document, in the order of first mention; of several writes of one register the last stands.
    static func merged(_ edits: [DocumentEdit]) -> [DocumentEdit] {
        var result: [DocumentEdit] = []
        for edit in edits {
            guard case .id = edit.target, let index = result.firstIndex(where: { $0.target == edit.target }) else {
                result.append(edit)
                continue
            }
            let later = Set(edit.changes.compactMap(register))
            result[index].changes.removeAll { register($0).map(later.contains) ?? false }
            result[index].changes += edit.changes
        }
        return result
    }

    /// Names what the asker saw in every register that the edit writes, so that a write that comes between this
    /// look and the commit becomes a conflict instead of vanishing.
    static func pinned(_ edit: DocumentEdit, to document: Document) -> DocumentEdit {
        guard case .id(document.id, _) = edit.target else { return edit }
        var edit = edit
        edit.changes = edit.changes.map { change in
            guard case .set(let field, let value, nil) = change else { return change }
            return .set(field, value, seen: document.register(field)?.dot)
        }
        return edit
    }

    private static func register(_ change: FieldChange) -> FieldID? {
        switch change {
        case .set(let field, _, _), .setCreated(let field, _), .setNumber(let field, _): field
        default: nil
        }
    }
}
