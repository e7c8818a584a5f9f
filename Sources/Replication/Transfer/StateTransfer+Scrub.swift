import Kernel

// Looking at everything on the disk, slowly, and mending what it changed.
extension StateTransfer {
    /// Where the scrub is and what it found.
    struct Scrub: Sendable {
        /// When the next slice is due; nil before the first event.
        var nextSlice: Instant?
        /// A slice or a mending is under way.
        var isWorking = false
        var isHurried = false
        /// A full round was asked for while a slice was under way: what comes of that slice moves no cursor.
        var beginsAnew = false
        /// Whether documents come next, after the log.
        var isAtDocuments = false
        var logCursor: Dot?
        var documentCursor: DocumentID?
        var rounds = 0
        var looked = 0

        var ops: Set<Dot> = []
        var documents: Set<DocumentID> = []
        var nextMend = Instant.zero
        /// Who was asked last to help: the others come first.
        var lastHelper: SiteID?
        var asked: Asked?

        var isDamaged: Bool { !ops.isEmpty || !documents.isEmpty }
    }

    var scrubDeadline: Instant? {
        guard !isJoining, !scrub.isWorking else { return nil }
        if let asked = scrub.asked { return asked.deadline }
        let mend = scrub.isDamaged && !peers.isEmpty ? scrub.nextMend : nil
        return [scrub.nextSlice, mend].compactMap { $0 }.min()
    }

    mutating func hurryScrub(at now: Instant) {
        // What is being looked at now lies anywhere: the full round begins after it.
        scrub.beginsAnew = scrub.isWorking
        scrub.isHurried = true
        scrub.isAtDocuments = false
        scrub.logCursor = nil
        scrub.documentCursor = nil
        scrub.nextSlice = now
    }

    mutating func driveScrub(at now: Instant, _ out: inout [TransferDirective]) {
        if scrub.nextSlice == nil { scrub.nextSlice = now + Limits.scrubInterval }
        guard !isJoining, !scrub.isWorking else { return }
        if let asked = scrub.asked {
            guard asked.deadline <= now else { return }
            scrub.asked = nil
        }
        if scrub.isDamaged, scrub.nextMend <= now {
            scrub.nextMend = now + Limits.mendInterval
            if askForHelp(at: now, &out) { return }
        }
        guard let due = scrub.nextSlice, due <= now else { return }
        scrub.isWorking = true
        scrub.nextSlice = now + Limits.scrubInterval
        perform(
            scrub.isAtDocuments
                ? .scrubDocuments(after: scrub.documentCursor) : .scrubLog(after: scrub.logCursor, limit: opsPerSlice),
            &out
        )
    }

    /// Asks a peer for damaged records that it can have; false when there is none.
    private mutating func askForHelp(at now: Instant, _ out: inout [TransferDirective]) -> Bool {
        let sorted = peers.keys.sorted()
        // In turn: whoever could not help the last time is not the only one asked.
        let later = sorted.filter { site in scrub.lastHelper.map { site > $0 } ?? true }
        for peer in later + sorted.filter({ !later.contains($0) }) {
            guard let state = peers[peer] else { continue }
            let ops = scrub.ops.filter { state.vector.contains($0) && $0.sequence > state.floor[$0.origin] }.sorted()
            if !ops.isEmpty {
                scrub.lastHelper = peer
                scrub.asked = ask(peer, at: now, &out) { .wantOps($0, Array(ops.prefix(Limits.mendOpsMax))) }
                return true
            }
            if !scrub.documents.isEmpty, state.vector.covers(vector) {
                let ids = scrub.documents.sorted().prefix(Limits.repairDocumentsMax)
                scrub.lastHelper = peer
                scrub.asked = ask(peer, at: now, &out) { .wantDocuments($0, Array(ids)) }
                return true
            }
        }
        return false
    }

    mutating func mendAnswered(
        _ message: TransferMessage,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [TransferDirective]
    ) {
        guard let asked = scrub.asked, asked.peer == peer, asked.number == message.request else { return }
        scrub.asked = nil
        switch message {
        case .ops(_, let copies) where !copies.isEmpty:
            scrub.isWorking = true
            perform(.mendOps(copies), &out)
        case .documents(_, let copies, let theirs) where !copies.isEmpty:
            scrub.isWorking = true
            perform(.mendDocuments(copies, at: theirs), &out)
        default:
            break
        }
    }

    mutating func noteDamaged(ops: [Dot], at now: Instant, _ out: inout [TransferDirective]) {
        let new = ops.filter { !scrub.ops.contains($0) }.prefix(max(0, Limits.damagedRemembered - scrub.ops.count))
        guard !new.isEmpty else { return }
        if !scrub.isDamaged { scrub.nextMend = now }
        scrub.ops.formUnion(new)
        out.append(.alarm(.damagedOps(Array(new))))
    }

    private mutating func noteDamaged(documents: [DocumentID], at now: Instant, _ out: inout [TransferDirective]) {
        let room = max(0, Limits.damagedRemembered - scrub.documents.count)
        let new = documents.filter { !scrub.documents.contains($0) }.prefix(room)
        guard !new.isEmpty else { return }
        if !scrub.isDamaged { scrub.nextMend = now }
        scrub.documents.formUnion(new)
        out.append(.alarm(.damagedDocuments(Array(new))))
    }

    mutating func scrubbed(_ result: TransferResult, at now: Instant, _ out: inout [TransferDirective]) {
        scrub.isWorking = false
        let isStale = scrub.beginsAnew
        scrub.beginsAnew = false
        switch result {
        case .scrubbedLog(let damaged, _, let looked) where isStale:
            scrub.looked += looked
            noteDamaged(ops: damaged, at: now, &out)
            scrub.nextSlice = now
        case .scrubbedDocuments(let damaged, _) where isStale:
            noteDamaged(documents: damaged, at: now, &out)
            scrub.nextSlice = now
        case .scrubbedLog(let damaged, let next, let looked):
            scrub.looked += looked
            scrub.logCursor = next
            if next == nil { scrub.isAtDocuments = true }
            noteDamaged(ops: damaged, at: now, &out)
            if scrub.isHurried { scrub.nextSlice = now }
        case .scrubbedDocuments(let damaged, let next):
            scrub.documentCursor = next
            if next == nil {
                scrub.isAtDocuments = false
                scrub.isHurried = false
                scrub.rounds += 1
            }
            noteDamaged(documents: damaged, at: now, &out)
            if scrub.isHurried { scrub.nextSlice = now }
        case .mendedOps(let dots):
            guard !dots.isEmpty else { return }
            scrub.ops.subtract(dots)
            scrub.nextMend = now
            out.append(.alarm(.mendedOps(dots)))
        case .mendedDocuments(let documents):
            guard !documents.isEmpty else { return }
            scrub.documents.subtract(documents.map(\.id))
            scrub.nextMend = now
            out.append(.alarm(.mendedDocuments(documents.map(\.id))))
            out.append(.project(changed: documents, removed: []))
        default:
            break
        }
    }

    mutating func scrubFailed(at now: Instant) {
        scrub.isWorking = false
        scrub.nextSlice = now + Limits.scrubInterval
    }
}
