import Kernel

/// Documents of one transaction: read once, changed in memory, written once, with their conflicts.
struct DocumentCache {
    /// One document; shared by reference, so that reading and changing it costs one look-up and no copies.
    private final class Entry {
        let stored: Document?
        var current: Document?

        init(_ document: Document?) {
            stored = document
            current = document
        }
    }

    private var entries: [DocumentID: Entry] = [:]
    private var changed: [DocumentID] = []

    /// The document as this transaction has it.
    mutating func document(_ id: DocumentID, in storage: some LedgerStorage) throws -> Document? {
        if let known = entries[id] { return known.current }
        let entry = Entry(try storage.intactDocument(id))
        entries[id] = entry
        return entry.current
    }

    /// Changes a document in this transaction; it must have been asked for before.
    mutating func put(_ document: Document) {
        if let entry = entries[document.id] {
            // The first change only: from then on it differs from what is stored.
            if entry.current?.version == entry.stored?.version { changed.append(document.id) }
            entry.current = document
        } else {
            let entry = Entry(nil)
            entry.current = document
            entries[document.id] = entry
            changed.append(document.id)
        }
    }

    /// Writes what changed, with the conflict journal; returns the changed documents, sorted by id.
    func save(in storage: inout some LedgerStorage) throws -> [Document] {
        var result: [Document] = []
        result.reserveCapacity(changed.count)
        var last: DocumentID?
        for id in changed.sorted() where id != last {
            last = id
            guard let entry = entries[id], let document = entry.current,
                entry.stored?.version != document.version
            else { continue }
            try storage.save(document)
            try DocumentCache.saveConflicts(
                from: entry.stored?.conflicts ?? [],
                to: document.conflicts,
                in: &storage
            )
            result.append(document)
        }
        return result
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
