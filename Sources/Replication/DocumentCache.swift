import Kernel

/// Documents of one transaction: read once, changed in memory, written once, with their conflicts.
struct DocumentCache {
    private var documents: [DocumentID: Document?] = [:]
    private var stored: [DocumentID: Document?] = [:]

    /// The document as this transaction has it.
    mutating func document(_ id: DocumentID, in storage: some LedgerStorage) throws -> Document? {
        if let known = documents[id] { return known }
        let document = try storage.document(id)
        documents[id] = .some(document)
        stored[id] = .some(document)
        return document
    }

    /// Changes a document in this transaction; it must have been asked for before.
    mutating func put(_ document: Document) {
        documents[document.id] = .some(document)
    }

    /// Writes what changed, with the conflict journal; returns the changed documents, sorted by id.
    func save(in storage: inout some LedgerStorage) throws -> [Document] {
        var changed: [Document] = []
        for id in documents.keys.sorted() {
            guard let entry = documents[id], let document = entry else { continue }
            let before = stored[id] ?? nil
            guard before?.version != document.version else { continue }
            try storage.save(document)
            try DocumentCache.saveConflicts(from: before?.conflicts ?? [], to: document.conflicts, in: &storage)
            changed.append(document)
        }
        return changed
    }

    /// The journal is a function of the documents, so what every site lists follows from what every site has.
    private static func saveConflicts(
        from before: [Conflict],
        to after: [Conflict],
        in storage: inout some LedgerStorage
    ) throws {
        if before.isEmpty && after.isEmpty { return }
        for conflict in before where !after.contains(where: { $0.id == conflict.id }) {
            try storage.removeConflict(conflict.id)
        }
        for conflict in after where !before.contains(conflict) {
            try storage.save(conflict)
        }
    }
}
