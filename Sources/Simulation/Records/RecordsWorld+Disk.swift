import Kernel
import Replication

// Disks: batches, reads, and what is taken from them.
extension RecordsWorld {
    mutating func diskDone(_ index: Int, _ life: Int) {
        guard sites[index].life == life, let batch = sites[index].pipeline.out else { return }
        if sites[index].diskIsFull {
            reach.note(.diskRefused)
            bite(.fullDisk) { $0.site == index }
            _ = sites[index].pipeline.land()
            refused(batch, index)
        } else if let done = write(index) {
            tellAll(done, of: batch, index)
        } else if sites[index].storage.hasRot {
            // A document that cannot be read is not changed: the batch fails as on a full disk until it is mended.
            refused(batch, index)
        } else {
            fail("12 everything within bounds", "the storage of \(sites[index].id) failed")
        }
        pump(index)
    }

    /// What came of a batch.
    struct Written {
        var applied: [ApplyOutcome] = []
        var tasks: [LedgerTaskResult] = []
        var edits: CommitResult?
    }

    /// Carries out the batch that is out, as one transaction; nil when the storage failed.
    mutating func write(_ index: Int) -> Written? {
        guard let batch = sites[index].pipeline.land(), var ledger = sites[index].ledger else { return nil }
        // Moved out so that the documents are changed in place, not copied.
        var storage = sites[index].storage
        let backup = storage.hasRot ? storage : nil
        sites[index].storage = InMemoryLedgerStorage()
        defer { sites[index].storage = storage }
        let before = ledger.vector
        let storedBefore = sites[index].stored
        var written = Written()
        do {
            for application in batch.applications {
                written.applied.append(try ledger.apply(application.batch, at: batch.wall, in: &storage))
            }
            for task in batch.tasks {
                written.tasks.append(try ledger.perform(task.task, at: batch.wall, in: &storage))
            }
            if !batch.edits.isEmpty {
                written.edits = try ledger.commit(batch.edits.map(\.request), at: batch.wall, in: &storage)
            }
        } catch {
            storage = backup ?? storage
            return nil
        }
        sites[index].ledger = ledger
        sites[index].stored = ledger.stored
        sites[index].everStored.merge(ledger.stored)
        sites[index].head.write(ledger)
        let digest = ledger.isJoining ? nil : storage.digest()?.root
        transactions.append(
            WorldTransaction(
                site: index,
                wall: batch.wall,
                before: before,
                after: ledger.vector,
                ops: arrived(storedBefore, ledger, storage),
                changed: changed(written),
                digest: digest,
                isJoining: ledger.isJoining
            )
        )
        trace.add(Int64(ledger.vector.heads.count))
        for head in ledger.vector.beyond(before).heads { trace.add(Int64(clamping: head.sequence)) }
        return written
    }

    /// The ops that came to a disk; notes them in the book.
    private mutating func arrived(
        _ before: VersionVector,
        _ ledger: Ledger,
        _ storage: InMemoryLedgerStorage
    ) -> [StoredOp] {
        var result: [StoredOp] = []
        let held = storage.heldBack()
        for head in ledger.stored.beyond(before).heads {
            let base = storage.bases().first { $0.dot.origin == head.origin }?.dot.sequence ?? 0
            let first = max(before[head.origin], base) + 1
            guard first <= head.sequence else { continue }
            for sequence in first...head.sequence {
                let dot = Dot(origin: head.origin, sequence: sequence)
                guard let op = storage.op(dot) ?? held.first(where: { $0.dot == dot }) else {
                    fail("3 heads are contiguous and only rise", "\(dot) counts as stored and is not in the log")
                    continue
                }
                if let wrong = book.learn(op) { fail("4 no dot with two hashes", wrong) }
                result.append(op)
            }
        }
        return result
    }

    private func changed(_ written: Written) -> [DocumentID] {
        var ids: Set<DocumentID> = []
        for outcome in written.applied { ids.formUnion(outcome.changed.map(\.id)) }
        for case .applied(let outcome) in written.tasks { ids.formUnion(outcome.changed.map(\.id)) }
        ids.formUnion((written.edits?.changed ?? []).map(\.id))
        return ids.sorted()
    }

    /// Tells the site what is on disk, in the order in which its core does.
    private mutating func tellAll(_ written: Written, of batch: RecordsPipeline.Batch, _ index: Int) {
        for (application, outcome) in zip(batch.applications, written.applied) {
            if outcome.held.heads.contains(where: { !sites[index].stored.contains($0) }) {
                reach.note(.waitedForCauses)
            }
            tell(index, .applied(application, outcome))
            for document in outcome.changed { look(at: document) }
        }
        for (task, result) in zip(batch.tasks, written.tasks) {
            switch result {
            case .applied(let outcome) where outcome.applied > 0: reach.note(.released)
            case .transfer(.installed(let outcome)) where outcome.refusal == nil: reach.note(.chunkInstalled)
            default: break
            }
            tell(index, .taskDone(task.token, result))
        }
        guard let edits = written.edits else { return }
        tell(index, .committed(edits))
        for (entry, outcome) in zip(batch.edits, edits.outcomes) { settled(entry, outcome, index) }
    }

    /// Counts what concurrent edits came to.
    private mutating func look(at document: Document) {
        if document.remains != nil { reach.note(.remainsMade) }
        let conflicts = document.conflicts
        if !conflicts.isEmpty { reach.note(.conflictMade) }
        let hasReopened = conflicts.contains { conflict in
            conflict.id.field == RecordsSchema.state && conflict.lost.value == .string("closed")
                && conflict.lost.stamp > conflict.won.stamp
        }
        if hasReopened { reach.note(.reopenBeatClose) }
    }

    private mutating func refused(_ batch: RecordsPipeline.Batch, _ index: Int) {
        for application in batch.applications { tell(index, .applyFailed(application)) }
        for task in batch.tasks { tell(index, .taskDone(task.token, nil)) }
        for entry in batch.edits { answeredTickets.insert(entry.ticket) }
        sites[index].pipeline.pause(until: now + Limits.commitRetryPause)
    }

    mutating func read(_ index: Int, _ life: Int, _ reading: OpsReading) {
        guard sites[index].life == life else { return }
        let sound = try? Ledger.readSound(reading.request, from: sites[index].storage)
        if sound?.damaged != nil { reach.note(.damageMet) }
        tell(index, .read(reading, sound?.batch, damaged: sound?.damaged))
        pump(index)
    }

    // MARK: Losses

    /// What all disks hold together.
    var held: VersionVector {
        var result = VersionVector()
        for site in sites where site.exists { result.merge(site.stored) }
        return result
    }

    /// Puts something else on a site's disk while its process is down; books what is gone for good.
    mutating func replaceDisk(
        _ index: Int,
        _ storage: InMemoryLedgerStorage,
        _ head: VirtualHeadFile,
        _ stored: VersionVector
    ) {
        let before = held
        sites[index].storage = storage
        sites[index].head = head
        sites[index].stored = stored
        // What was on the old disk a moment ago is nobody's business any more.
        transactions.removeAll { $0.site == index }
        sites[index].hasLostMemory = true
        sites[index].givesNumbers = false
        if !held.covers(before) { reach.note(.lostForGood) }
        book.lose(from: before, to: held)
    }
}
