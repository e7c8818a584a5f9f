package import Kernel

extension Ledger {
    /// Does what a task of state transfer says, inside one transaction.
    ///
    /// Throws only what the storage throws.
    package mutating func transfer(
        _ task: TransferTask,
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> TransferResult {
        switch task {
        case .readSnapshot(let after, let limit):
            return .snapshot(try readSnapshot(after: after, limit: limit, from: storage))
        case .beginJoin(let restart):
            let progress = try beginJoin(restart: restart, in: &storage)
            return .joining(progress, try position(in: storage))
        case .install(let chunk):
            return .installed(try install(chunk, at: wall, in: &storage))
        case .finishJoin:
            return try finishJoin(at: wall, in: &storage)
        case .readSums:
            return .sums(try storage.digest()?.sums, vector)
        case .readHashes(let buckets):
            return .hashes(try readHashes(of: buckets, from: storage))
        case .readDocuments(let ids):
            return .documents(try readDocuments(ids, from: storage), vector)
        case .readOps(let dots):
            return .ops(try readSoundOps(dots, from: storage))
        case .repair(let offer):
            return .repaired(try repair(offer, in: &storage))
        case .scrubLog(let after, let limit):
            return try scrubLog(after: after, limit: min(max(limit, 1), Limits.scrubOpsPerSlice), in: storage)
        case .scrubDocuments(let after):
            let found = try storage.damagedDocuments(after: after, limit: Limits.scrubDocumentsPerSlice)
            return .scrubbedDocuments(damaged: found.damaged, next: found.next)
        case .mendOps(let copies):
            return .mendedOps(try mendOps(copies, in: &storage))
        case .mendDocuments(let copies, let vector):
            return .mendedDocuments(try mendDocuments(copies, at: vector, in: &storage))
        }
    }

    /// Writes a document over what was here of it and keeps the journal of conflicts in step; nil removes it.
    func write(
        _ document: Document?,
        over before: Document?,
        id: DocumentID,
        in storage: inout some LedgerStorage
    ) throws {
        if let document {
            try storage.save(document)
        } else {
            try storage.remove(id)
        }
        let old = before?.conflicts ?? []
        let new = document?.conflicts ?? []
        for conflict in old where !new.contains(where: { $0.id == conflict.id }) {
            try storage.removeConflict(conflict.id)
        }
        for conflict in new where !old.contains(conflict) { try storage.save(conflict) }
    }

    /// True when the stored bytes of a document are not what was written.
    func isDamaged(_ id: DocumentID, in storage: some LedgerStorage) throws -> Bool {
        guard let before = id.justBefore else { return false }
        return try storage.damagedDocuments(after: before, limit: 1).damaged.contains(id)
    }
}

extension DocumentID {
    /// An id that stands before this one with none between that a document can have; nil without a key.
    ///
    /// Keys consist of letters, digits and `-._@+`, all below `~`.
    fileprivate var justBefore: DocumentID? {
        guard let last = key.unicodeScalars.last, let lower = Unicode.Scalar(last.value &- 1) else { return nil }
        return DocumentID(type: type, key: String(key.unicodeScalars.dropLast()) + "\(Character(lower))~")
    }
}
