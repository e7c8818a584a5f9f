/// The name of a write that lost: document, field and the op that wrote it; the same at every site.
package struct ConflictID: Hashable, Sendable {
    /// The document.
    package let document: DocumentID
    /// The register in it.
    package let field: FieldID
    /// The op of the lost write.
    package let dot: Dot

    /// Names a lost write.
    package init(document: DocumentID, field: FieldID, dot: Dot) {
        self.document = document
        self.field = field
        self.dot = dot
    }

    /// URL-safe text: `1.4~north.1.42~key`.
    package var text: String { "\(document.type.number).\(field.number)~\(dot.text)~\(document.key)" }

    /// Reads what `text` wrote; nil for anything else.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: "~", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let dot = Dot(text: parts[1]) else { return nil }
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 2, let type = UInt16(numbers[0]), let field = UInt16(numbers[1]),
            numbers[0] == String(type), numbers[1] == String(field),
            (1...Limits.documentKeyBytesMax).contains(parts[2].utf8.count)
        else { return nil }
        let document = DocumentID(type: DocumentType(type), key: String(parts[2]))
        self.init(document: document, field: FieldID(field), dot: dot)
    }

    /// The request that decides about the conflict: an ordinary edit.
    package func request(_ decision: ConflictDecision, actor: Actor) -> EditRequest {
        let change: FieldChange =
            switch decision {
            case .restore: .restore(field, lost: dot)
            case .dismiss: .dismiss(field, lost: dot)
            }
        return EditRequest(actor: actor, edits: [DocumentEdit(.id(document, mustExist: true), [change])])
    }
}

/// What somebody decides about a conflict.
package enum ConflictDecision: String, Hashable, Sendable {
    /// Write the lost value again, over the one that won.
    case restore
    /// Leave things as they are and forget the lost value.
    case dismiss
}

/// A write that lost against one which had not seen it.
package struct Conflict: Hashable, Sendable {
    /// Its name.
    package let id: ConflictID
    /// What was lost, by whom, when.
    package let lost: RegisterWrite
    /// What is shown instead.
    package let won: RegisterWrite

    /// Describes a conflict.
    package init(id: ConflictID, lost: RegisterWrite, won: RegisterWrite) {
        self.id = id
        self.lost = lost
        self.won = won
    }
}
