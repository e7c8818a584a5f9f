import GRDB
import Kernel
import Replication

/// The digest of all living documents, kept in the writer's memory and in step with its transactions.
///
/// After a start it is built in slices between transactions, in the order of row numbers: rows beyond the cursor are
/// not counted yet, so changes of them need no account until the cursor comes by.
final class RunningDigest {
    private struct Change {
        let id: DocumentID
        let old: DocumentHash?
        let new: DocumentHash?
    }

    private var sums = StateDigest()
    private var cursor: Int64 = 0
    private var isComplete = false
    /// What the running transaction changes.
    private var changes: [Change] = []
    private let slice: BoundStatement

    init(_ db: Database) throws {
        slice = try BoundStatement(
            db,
            "SELECT id, type, key, deleted, hash FROM document WHERE id > ? ORDER BY id LIMIT ?"
        )
    }

    /// Puts a document's new hash in the place of the old one; nil stands for a document that does not count.
    func replace(_ old: DocumentHash?, with new: DocumentHash?, of id: DocumentID, row: Int64) {
        guard isComplete || row <= cursor, old != new else { return }
        changes.append(Change(id: id, old: old, new: new))
    }

    /// The digest with the changes of the running transaction; nil while it is being built.
    var current: StateDigest? {
        guard isComplete else { return nil }
        var result = sums
        for change in changes { RunningDigest.account(change, in: &result) }
        return result
    }

    /// The transaction is on disk.
    func committed() {
        for change in changes { RunningDigest.account(change, in: &sums) }
        changes.removeAll(keepingCapacity: true)
    }

    /// The transaction is gone.
    func rolledBack() {
        changes = []
    }

    /// Counts the next rows, between two transactions; false when all are counted.
    func build() throws -> Bool {
        guard !isComplete else { return false }
        var looked = 0
        // A slice that fails halfway counts for nothing and is read again.
        var next = sums
        var last = cursor
        try slice.each(
            {
                $0.bind(1, cursor)
                $0.bind(2, Int64(Limits.digestRowsPerSlice))
            },
            read: { row in
                looked += 1
                last = row.int(0)
                if row.int(3) == 0 {
                    let type = DocumentType(UInt16(truncatingIfNeeded: row.int(1)))
                    next.add(DocumentHash(bytes: row.blob(4)), of: DocumentID(type: type, key: row.text(2)))
                }
                return true
            }
        )
        sums = next
        cursor = last
        isComplete = looked < Limits.digestRowsPerSlice
        return !isComplete
    }

    private static func account(_ change: Change, in digest: inout StateDigest) {
        digest.remove(change.old, of: change.id)
        digest.add(change.new, of: change.id)
    }
}
