import Kernel

// Where two sites that should be equal are not.
extension Ledger {
    /// Decides between documents here and a peer's, each on its own.
    ///
    /// Each site repairs only itself. What it takes is never below what it had in the order of `DocumentRepair`, so any
    /// number of sites that repair from each other come to the same documents.
    mutating func repair(_ offer: RepairOffer, in storage: inout some LedgerStorage) throws -> RepairOutcome {
        var changed: [Document] = []
        var kept = 0
        var undecided = 0
        for copy in offer.copies where !isJoining {
            if try isDamaged(copy.id, in: storage) {
                if let document = try mend(copy, at: offer.vector, in: &storage) {
                    changed.append(document)
                } else {
                    undecided += 1
                }
                continue
            }
            let local = try storage.document(copy.id)
            let living = local.flatMap { $0.isDeleted ? nil : DocumentHash($0) }
            guard living == offer.compared[copy.id] else {
                undecided += 1
                continue
            }
            var theirs: Document?
            if let body = copy.body {
                guard let decoded = try? DocumentDecoder.decode(body, id: copy.id) else { continue }
                theirs = decoded
            }
            // With equal versions the same ops touched both. Otherwise only equal vectors show that something is wrong.
            guard offer.vector == vector || (local != nil && local?.version == theirs?.version) else {
                undecided += 1
                continue
            }
            guard let result = DocumentRepair.resolved(local, theirs, schema: schema), result != local else {
                kept += 1
                continue
            }
            try write(result, over: local, id: copy.id, in: &storage)
            changed.append(result)
        }
        return RepairOutcome(changed: changed.sorted { $0.id < $1.id }, kept: kept, undecided: undecided)
    }

    /// Writes healthy documents of a peer over damaged ones.
    mutating func mendDocuments(
        _ copies: [DocumentCopy],
        at theirVector: VersionVector,
        in storage: inout some LedgerStorage
    ) throws -> [Document] {
        var mended: [Document] = []
        for copy in copies where try isDamaged(copy.id, in: storage) {
            if let document = try mend(copy, at: theirVector, in: &storage) { mended.append(document) }
        }
        return mended
    }

    /// Takes a peer's document in place of a damaged one, if it reflects at least the ops applied here.
    ///
    /// The damaged bytes say nothing, their version neither. What a peer with at least this site's vector shows is what
    /// was here, or more: what was changed elsewhere meanwhile could not be applied here, as the document cannot be
    /// read. Those ops change nothing when they come, and an edit made here before that names them as needed.
    private mutating func mend(
        _ copy: DocumentCopy,
        at theirVector: VersionVector,
        in storage: inout some LedgerStorage
    ) throws -> Document? {
        guard theirVector.covers(vector), let body = copy.body,
            let document = try? DocumentDecoder.decode(body, id: copy.id)
        else { return nil }
        // What conflicts the damaged document had is not known: drop all that the journal has of it.
        try removeConflicts(of: copy.id, in: &storage)
        try write(document, over: nil, id: copy.id, in: &storage)
        return document
    }

    private func removeConflicts(of id: DocumentID, in storage: inout some LedgerStorage) throws {
        var last: ConflictID?
        while true {
            let page = try storage.conflicts(after: last, limit: Limits.conflictsPerPage)
            for conflict in page where conflict.id.document == id { try storage.removeConflict(conflict.id) }
            guard page.count == Limits.conflictsPerPage else { return }
            last = page.last?.id
        }
    }
}

/// Which of two states of a document wins at sites that should have equal ones.
enum DocumentRepair {
    /// What stands in the end: the same whichever of the two sites asks; nil keeps that there is none.
    ///
    /// A document that is there stands before one that is not: nothing is lost. A deletion stands before what it
    /// deletes: nothing comes back. The state that more ops touched stands before the other; where neither has all of
    /// the other's, they merge. Of two that the same ops touched, the larger stands, because what was lost is missing.
    static func resolved(_ local: Document?, _ theirs: Document?, schema: DocumentSchema) -> Document? {
        guard let theirs else { return local }
        guard var local else { return theirs.isDeleted ? nil : theirs }
        if local.isDeleted == theirs.isDeleted {
            if local.version == theirs.version { return larger(local, theirs) }
            if local.version.covers(theirs.version) { return local }
            if theirs.version.covers(local.version) { return theirs }
        } else if local.version == theirs.version {
            return local.isDeleted ? local : theirs
        }
        local.merge(theirs, schema: schema)
        return local
    }

    private static func larger(_ one: Document, _ other: Document) -> Document {
        let first = DocumentEncoder.encode(one)
        let second = DocumentEncoder.encode(other)
        if first.count != second.count { return first.count > second.count ? one : other }
        return second.lexicographicallyPrecedes(first) ? one : other
    }
}
