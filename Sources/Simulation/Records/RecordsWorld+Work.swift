import Kernel
import Replication

// People: what they edit, and what they are told.
extension RecordsWorld {
    mutating func editByChance() {
        guard !isSettling, edits else { return }
        let mean = 60_000 / Int64(max(options.editsPerMinute, 1))
        queue.plan(.edit, at: now + .milliseconds(Int64.random(in: 1...max(2, 2 * mean), using: &workRandom)))
        let burst = Int.random(in: 0..<40, using: &workRandom) == 0 ? 12 : 1
        let site = Int.random(in: 0..<sites.count, using: &workRandom)
        for _ in 0..<burst { edit(site) }
    }

    /// Somebody edits something at a site; nothing happens if it is not there to be asked.
    mutating func edit(_ index: Int) {
        guard let request = request(at: index) else { return }
        ask(request, at: index)
    }

    /// Hands an edit to a site that can take it.
    mutating func ask(_ request: EditRequest, at index: Int) {
        let site = sites[index]
        guard site.isUp, site.asleep == nil, !site.isWary, site.pipeline.edits.count < Limits.commitEditsMax else {
            return
        }
        lastTicket += 1
        sites[index].pipeline.add(RecordsPipeline.Entry(request: request, ticket: lastTicket))
        pump(index)
    }

    /// A site answered an edit.
    mutating func settled(_ entry: RecordsPipeline.Entry, _ outcome: CommitOutcome, _ index: Int) {
        answeredTickets.insert(entry.ticket)
        switch outcome {
        case .committed(let commit):
            book.promise(commit.dot, by: index, level: .local)
            wait(for: commit.dot, index)
            if !commit.conflicts.isEmpty { reach.note(.conflictMade) }
            if !commit.numbers.isEmpty { reach.note(.numberGiven) }
        case .rejected: reach.note(.editRefused)
        }
    }

    // MARK: What people ask for

    private mutating func request(at index: Int) -> EditRequest? {
        let kind = Int.random(in: 0..<100, using: &workRandom)
        let actor = Actor("clerk\(kind % 3)")
        if kind < 14 { return EditRequest(actor: actor, edits: newFiles(index)) }
        if kind < 22 {
            shelves += kind == 14 ? 1 : 0
            let key = "shelf\(Int.random(in: 0..<shelves, using: &workRandom))"
            let id = DocumentID(type: RecordsSchema.shelf, key: key)
            return EditRequest(actor: actor, edits: [DocumentEdit(.id(id, mustExist: false), [change(id, index)])])
        }
        if kind < 28 { return decision(at: index, actor) }
        guard let document = existing(at: index) else { return EditRequest(actor: actor, edits: newFiles(index)) }
        if kind < 31 {
            return EditRequest(actor: actor, edits: [DocumentEdit(.id(document, mustExist: true), [.delete])])
        }
        if kind < 42 {
            keepForm(document, index)
            return nil
        }
        if kind < 54, let form = savedForm(at: index) { return EditRequest(actor: actor, edits: [form]) }
        let count = kind > 96 ? 3 : 1
        let changes = (0..<count).map { _ in change(document, index) }
        return EditRequest(actor: actor, edits: [DocumentEdit(.id(document, mustExist: true), changes)])
    }

    private mutating func newFiles(_ index: Int) -> [DocumentEdit] {
        var first: [FieldChange] = [.set(RecordsSchema.title, word(), seen: nil)]
        let isNumbered = Bool.random(using: &workRandom)
        if isNumbered, sites[index].givesNumbers { first.append(.setNumber(RecordsSchema.number, series: "file")) }
        first.append(.append(RecordsSchema.notes, word()))
        guard Int.random(in: 0..<4, using: &workRandom) == 0 else {
            return [DocumentEdit(.new(RecordsSchema.file), first)]
        }
        let second: [FieldChange] = [.setCreated(RecordsSchema.parent, index: 0), .insert(RecordsSchema.tags, word())]
        return [DocumentEdit(.new(RecordsSchema.file), first), DocumentEdit(.new(RecordsSchema.file), second)]
    }

    private mutating func change(_ document: DocumentID, _ index: Int) -> FieldChange {
        switch Int.random(in: 0..<12, using: &workRandom) {
        case 0, 1: return .set(RecordsSchema.title, word(), seen: nil)
        case 2, 3:
            let value = Bool.random(using: &workRandom) ? "closed" : "open"
            return .set(RecordsSchema.state, .string(value), seen: nil)
        case 4, 5: return .insert(RecordsSchema.tags, tag())
        case 6:
            let tags = sites[index].storage.document(document)?.members(RecordsSchema.tags) ?? []
            return .remove(RecordsSchema.tags, tags.first ?? tag())
        case 7, 8, 9: return .add(RecordsSchema.visits, Int64.random(in: -3...9, using: &workRandom))
        default: return .append(RecordsSchema.notes, word())
        }
    }

    private mutating func word() -> Value {
        .string("w\(Int.random(in: 0..<1_000, using: &workRandom))")
    }

    private mutating func tag() -> Value {
        .string("t\(Int.random(in: 0..<6, using: &workRandom))")
    }

    /// Some document that the site has; seldom a deleted one.
    private mutating func existing(at index: Int) -> DocumentID? {
        let documents = sites[index].storage.documents
        let ids = documents.keys.sorted()
        guard !ids.isEmpty else { return nil }
        // A quarter of the documents gets most of the work, so that sites meet on them.
        let isBusy = ids.count > 24 && Int.random(in: 0..<4, using: &workRandom) > 0
        for _ in 0..<4 {
            let place = Int.random(in: 0..<ids.count, using: &workRandom)
            let id = isBusy ? ids[place / 4 + ids.count * 3 / 4] : ids[place]
            if documents[id]?.isDeleted == false { return id }
        }
        return ids.first
    }

    private mutating func decision(at index: Int, _ actor: Actor) -> EditRequest? {
        let open = sites[index].storage.conflicts(after: nil, limit: 8)
        guard !open.isEmpty else { return nil }
        let conflict = open[Int.random(in: 0..<open.count, using: &workRandom)]
        let restores = Bool.random(using: &workRandom)
        reach.note(restores ? .conflictRestored : .conflictDismissed)
        return conflict.id.request(restores ? .restore : .dismiss, actor: actor)
    }

    // MARK: Forms that are open for a while

    private mutating func keepForm(_ document: DocumentID, _ index: Int) {
        guard let version = sites[index].storage.document(document)?.version else { return }
        forms.append((document, version))
        if forms.count > Limits.simulatedFormsMax { forms.removeFirst() }
    }

    /// Saves a register of a form that was opened a while ago, maybe at another site.
    private mutating func savedForm(at index: Int) -> DocumentEdit? {
        guard !forms.isEmpty else { return nil }
        let form = forms.remove(at: Int.random(in: 0..<forms.count, using: &workRandom))
        guard let document = sites[index].storage.document(form.document) else { return nil }
        let field = Bool.random(using: &workRandom) ? RecordsSchema.title : RecordsSchema.state
        let value = field == RecordsSchema.state ? Value.string("closed") : word()
        return DocumentEdit(
            .id(form.document, mustExist: true),
            [.set(field, value, seen: document.seen(field, at: form.version))]
        )
    }
}
