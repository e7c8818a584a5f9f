import Kernel

// What a joiner does.
extension Ledger {
    /// Notes on disk that a snapshot is being taken in; a join already begun goes on unless it is to begin anew.
    mutating func beginJoin(restart: Bool, in storage: inout some LedgerStorage) throws -> JoinProgress {
        if isJoining, !restart, let progress = try joinProgress(in: storage) { return progress }
        let progress = JoinProgress()
        try storage.setCounter(LedgerCounter.joining, to: 1)
        try storage.setBlob(JoinProgress.blobName, to: progress.encoded)
        isJoining = true
        return progress
    }

    /// Takes one range of a snapshot into what is here.
    mutating func install(
        _ chunk: SnapshotChunk,
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> InstallOutcome {
        let known = try joinProgress(in: storage)
        var progress = known ?? JoinProgress()
        func refused(_ refusal: InstallOutcome.Refusal) -> InstallOutcome {
            InstallOutcome(refusal: refusal, changed: [], removed: [], progress: progress)
        }
        guard isJoining, known != nil else { return refused(.notJoining) }
        guard progress.phase == .documents, chunk.after == progress.through else { return refused(.outOfOrder) }
        guard chunk.isSound, let documents = InstallRange.decode(chunk) else { return refused(.damaged) }
        guard documents.allSatisfy({ $0.updated.wall - wall <= Limits.clockAheadMax }) else { return refused(.future) }
        let own = VersionVector(vector.heads.filter { $0.origin.site == origin.site })
        guard chunk.vector.covers(own) else { return refused(.ownOpsMissing) }

        let here = try storage.documents(after: chunk.after, limit: Limits.installComparedMax)
        let range = InstallRange(chunk: chunk, documents: documents, here: here)
        var changed: [Document] = []
        var removed: [DocumentID] = []
        for (id, local, theirs) in range.pairs {
            let result = joined(local, theirs, id: id, at: chunk.vector)
            if let result { note(result, at: wall) }
            guard result != local else { continue }
            try write(result, over: local, id: id, in: &storage)
            if let result { changed.append(result) } else { removed.append(id) }
        }
        try saveClock(in: &storage)
        try storage.setCounter(LedgerCounter.numbersSeen, to: numbersSeen)
        progress.include(chunk)
        progress.through = range.through
        progress.chunks += 1
        progress.documents += UInt64(documents.count)
        if range.through == nil { progress.phase = .complete }
        try storage.setBlob(JoinProgress.blobName, to: progress.encoded)
        return InstallOutcome(refusal: nil, changed: changed, removed: removed, progress: progress)
    }

    /// Lets the logs begin at the snapshot's base; ends the join once all that documents reflect is in the logs.
    mutating func finishJoin(at wall: WallTime, in storage: inout some LedgerStorage) throws -> TransferResult {
        guard isJoining, var progress = try joinProgress(in: storage) else {
            var progress = JoinProgress()
            progress.phase = .done
            return .joining(progress, try position(in: storage))
        }
        var forks: [Dot] = []
        if progress.phase == .complete, let base = progress.base {
            for head in base {
                if head.dot.origin == origin, head.dot.sequence > vector[origin] {
                    // Others have more of this site than it has itself: its disk was set back.
                    try beginEpoch(at: wall, in: &storage)
                }
                if try !adopt(head, in: &storage) { forks.append(head.dot) }
            }
            progress.phase = .tail
        }
        // An op written earlier would name what its readers cannot have yet.
        if progress.phase == .tail, vector.covers(progress.upper) {
            progress.phase = .done
            isJoining = false
            try storage.setCounter(LedgerCounter.joining, to: 0)
        }
        try storage.setBlob(JoinProgress.blobName, to: progress.phase == .done ? [] : progress.encoded)
        return .joining(progress, try position(forks: forks, in: storage))
    }

    func joinProgress(in storage: some LedgerStorage) throws -> JoinProgress? {
        try storage.blob(JoinProgress.blobName).flatMap { JoinProgress(encoded: $0) }
    }

    func position(forks: [Dot] = [], in storage: some LedgerStorage) throws -> LedgerPosition {
        let floor = VersionVector(try storage.bases().map(\.dot))
        return LedgerPosition(origin: origin, vector: vector, floor: floor, forks: forks)
    }

    /// Lets the log of an origin begin after a head, if it does not reach that far; false when it has another history.
    private mutating func adopt(_ head: OriginHead, in storage: inout some LedgerStorage) throws -> Bool {
        let origin = head.dot.origin
        guard head.dot.sequence > vector[origin] else {
            guard let op = try storage.op(head.dot), op.chain != head.chain else { return true }
            halted.insert(origin)
            try storage.setCounter(LedgerCounter.halted(origin), to: 1)
            return false
        }
        try storage.setBase(head)
        chains[origin] = head.chain
        vector.include(head.dot)
        try storage.dropHeldBack(of: origin, through: head.dot.sequence)
        let rest = (future[origin] ?? []).drop { $0.op.dot.sequence <= head.dot.sequence }
        future[origin] = rest.isEmpty ? nil : Array(rest)
        return true
    }

    /// What a document becomes when a donor that has applied `theirVector` has `theirs` of it.
    private func joined(
        _ local: Document?,
        _ theirs: Document?,
        id: DocumentID,
        at theirVector: VersionVector
    ) -> Document? {
        guard var local else { return theirs }
        // Only ops in the log here count. What an earlier donor's snapshot brought beyond it comes again, from whoever
        // has it.
        let isAhead = local.version.heads.contains { min($0.sequence, vector[$0.origin]) > theirVector[$0.origin] }
        guard isAhead else { return theirs }
        var other = theirs
        if other == nil, schema.hasBornKeys(id.type), let birth = id.birth, theirVector.contains(birth) {
            // The donor knew it and has nothing of it: deleted and forgotten. Edits that it has not seen are lost and
            // found.
            other = Document.forgotten(id, birth: birth)
        }
        guard let other else { return local }
        local.merge(other, schema: schema, seen: vector, otherSeen: theirVector)
        return local
    }

    /// Keeps clock and number series above what a document shows.
    private mutating func note(_ document: Document, at wall: WallTime) {
        _ = clock.receive(document.updated, at: wall)
        let first = origin.site.name.utf8.first
        for register in document.registers.values {
            for write in register.writes {
                // Most texts are no numbers of this site: see that before taking one apart.
                guard case .string(let text) = write.value, let byte = text.utf8.first, byte | 0x20 == first,
                    let last = text.utf8.last, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last)
                else { continue }
                noteNumber(text)
            }
        }
    }
}

/// The documents of a chunk beside those here, as far as both are known.
private struct InstallRange {
    /// Where the range ends; nil at the end of all.
    let through: DocumentID?
    /// Each id of the range with what is here and what the donor has, sorted.
    let pairs: [(DocumentID, Document?, Document?)]

    init(chunk: SnapshotChunk, documents: [Document], here: [Document]) {
        // A site with many documents where the donor has few compares a part of the range and asks again.
        var end = chunk.through
        if here.count >= Limits.installComparedMax, let last = here.last?.id, end.map({ last < $0 }) ?? true {
            end = last
        }
        let isInside = { (id: DocumentID) in end.map { id <= $0 } ?? true }
        var local: [DocumentID: Document] = [:]
        for document in here where isInside(document.id) { local[document.id] = document }
        var theirs: [DocumentID: Document] = [:]
        for document in documents where isInside(document.id) { theirs[document.id] = document }
        through = end
        pairs = Set(local.keys).union(theirs.keys).sorted().map { ($0, local[$0], theirs[$0]) }
    }

    /// The chunk's documents; nil when one of them is none.
    static func decode(_ chunk: SnapshotChunk) -> [Document]? {
        var documents: [Document] = []
        for item in chunk.items {
            guard let document = try? DocumentDecoder.decode(item.body, id: item.id) else { return nil }
            documents.append(document)
        }
        return documents
    }
}
