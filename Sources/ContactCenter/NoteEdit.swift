package import Kernel

/// Edits that append a note to a record's log.
package enum NoteEdit {
    /// A note on a customer file.
    package static func customer(_ id: CustomerID, text: String) throws(EditRejection) -> DocumentEdit {
        try note(id.documentID, CustomerField.notes, text)
    }

    /// A note on a ticket.
    package static func ticket(_ id: TicketID, text: String) throws(EditRejection) -> DocumentEdit {
        try note(id.documentID, TicketField.notes, text)
    }

    private static func note(_ id: DocumentID, _ field: FieldID, _ text: String) throws(EditRejection) -> DocumentEdit {
        let body = try ChangeList.checked(text, name: "text", bytesMax: Limits.recordTextBytesMax, breaks: true)
        guard !body.isEmpty else { throw EditRejection(.missing, field: "text", "The note is empty.") }
        return DocumentEdit(.id(id, mustExist: true), [.append(field, .string(body))])
    }
}
