import Kernel

/// Turns one edit request into the changes of one op, checking everything on the way.
///
/// Each change is worked out on a copy of its document to which the earlier ones are already applied, so that
/// an insert followed by a removal in one request does what it says.
struct EditPlan {
    /// Why planning stopped.
    enum Failure: Error {
        case rejected(CommitRejection)
    }

    /// The op without its changes: name, stamp and actor.
    let header: Op
    let schema: DocumentSchema
    /// The level of the schema that every active member understands.
    let writableLevel: UInt32
    /// Numbers for people lie above this.
    let numbersStart: Int64
    /// The documents that the request makes, in order.
    private(set) var created: [DocumentID]
    /// The numbers taken, in order.
    private(set) var numbers: [String] = []
    /// Numbers given out per series, in this transaction.
    private(set) var series: [String: Int64]
    /// The changes so far, one entry per document in order of first mention.
    private(set) var changes: [DocumentChange] = []
    /// The touched documents with the changes applied.
    private(set) var documents: [DocumentID: Document] = [:]

    init(
        _ request: EditRequest,
        header: Op,
        schema: DocumentSchema,
        writableLevel: UInt32,
        numbersStart: Int64,
        series: [String: Int64]
    ) {
        self.writableLevel = writableLevel
        self.numbersStart = numbersStart
        self.header = header
        self.schema = schema
        self.series = series
        created = []
        for edit in request.edits {
            if case .new(let type) = edit.target {
                created.append(DocumentID(type: type, dot: header.dot, index: created.count))
            }
        }
    }

    /// Plans all of a request's edits.
    mutating func plan(
        _ request: EditRequest,
        cache: inout DocumentCache,
        storage: some LedgerStorage
    ) throws {
        guard !request.edits.isEmpty else { throw Failure.rejected(.empty) }
        guard request.edits.count <= Limits.editsPerRequestMax else {
            throw Failure.rejected(.tooManyChanges(request.edits.count, limit: Limits.editsPerRequestMax))
        }
        var nextCreated = 0
        for edit in request.edits {
            guard !edit.changes.isEmpty else { throw Failure.rejected(.empty) }
            guard edit.changes.count <= Limits.changesPerEditMax else {
                throw Failure.rejected(.tooManyChanges(edit.changes.count, limit: Limits.changesPerEditMax))
            }
            let id: DocumentID
            switch edit.target {
            case .new:
                id = created[nextCreated]
                nextCreated += 1
                documents[id] = Document(id: id)
            case .id(let target, let mustExist):
                id = target
                try open(id, mustExist: mustExist, settles: edit.changes == [.delete], cache: &cache, storage: storage)
            }
            for change in edit.changes { try plan(change, of: id, storage: storage) }
        }
        for id in documents.keys.sorted() {
            guard let document = documents[id], document.weight > Limits.documentBytesMax else { continue }
            throw Failure.rejected(
                .documentTooLarge(id, bytes: document.weight, limit: Limits.documentBytesMax)
            )
        }
    }

    /// Takes up a document; a deleted one only when the edit `settles` what was lost in it: deletes it once more,
    /// having seen that.
    private mutating func open(
        _ id: DocumentID,
        mustExist: Bool,
        settles: Bool,
        cache: inout DocumentCache,
        storage: some LedgerStorage
    ) throws {
        if let document = documents[id] {
            if document.isDeleted { throw Failure.rejected(.deletedDocument(id)) }
            return
        }
        guard EditPlan.isUsable(key: id.key) else { throw Failure.rejected(.unusableKey(id)) }
        guard let document = try cache.document(id, in: storage) else {
            if mustExist { throw Failure.rejected(.unknownDocument(id)) }
            documents[id] = Document(id: id)
            return
        }
        let isSettled = settles && document.remains != nil
        guard !document.isDeleted || isSettled else { throw Failure.rejected(.deletedDocument(id)) }
        documents[id] = document
    }

    /// Plans one change and applies it to the copy.
    private mutating func plan(_ change: FieldChange, of id: DocumentID, storage: some LedgerStorage) throws {
        switch change {
        case .set(let field, let value, let seen):
            try write(value, to: field, of: id, seen: seen)
        case .setCreated(let field, let index):
            guard created.indices.contains(index) else { throw Failure.rejected(.noSuchCreated(index)) }
            try write(.string(created[index].key), to: field, of: id, seen: nil)
        case .setNumber(let field, let name):
            let last = try series[name] ?? lastNumber(of: name, in: storage)
            let next = last + 1
            let number = HumanNumber(site: header.dot.origin.site, counter: UInt64(clamping: next))
            try write(.string(number.text), to: field, of: id, seen: nil)
            series[name] = next
            numbers.append(number.text)
        case .insert(let field, let value):
            try check(value, for: field, of: id, kind: .set)
            // The insert stands for those that it saw: dots do not pile up on a value inserted again and again.
            let dots = documents[id]?.sets[field]?.dots(of: value) ?? []
            if !dots.isEmpty { add(.remove(field, value, dots: dots), to: id) }
            add(.insert(field, value), to: id)
        case .remove(let field, let value):
            try check(value, for: field, of: id, kind: .set)
            add(.remove(field, value, dots: documents[id]?.sets[field]?.dots(of: value) ?? []), to: id)
        case .add(let field, let amount):
            try check(.int(amount), for: field, of: id, kind: .counter)
            add(.add(field, amount), to: id)
        case .append(let field, let value):
            try check(value, for: field, of: id, kind: .log)
            add(.append(field, value), to: id)
        case .restore(let field, let dot):
            let lost = try lostWrite(dot, of: field, in: id)
            let register = documents[id]?.registers[field] ?? Register()
            add(.set(field, lost.value, seen: register.shown + [dot]), to: id)
        case .dismiss(let field, let dot):
            _ = try lostWrite(dot, of: field, in: id)
            add(.settle(field, [dot]), to: id)
        case .delete:
            add(.delete(seen: documents[id]?.version ?? VersionVector()), to: id)
        }
    }

    /// The last number of a series that this site gave out, in this epoch or, as far as is known here, in an earlier
    /// one.
    private func lastNumber(of name: String, in storage: some LedgerStorage) throws -> Int64 {
        let given = try storage.counter(LedgerCounter.series(name)) ?? Limits.humanNumbersStart
        return max(given, numbersStart, try storage.counter(LedgerCounter.numbersSeen) ?? given)
    }

    private mutating func write(_ value: Value, to field: FieldID, of id: DocumentID, seen: Dot?) throws {
        try check(value, for: field, of: id, kind: .register)
        let register = documents[id]?.registers[field] ?? Register()
        let rule = schema.rule(field, of: id.type)
        add(.set(field, value, seen: register.replaced(byWriterWhoSaw: seen, rule: rule)), to: id)
        let over = (documents[id]?.registers[field]?.lost ?? []).dropFirst(Limits.lostWritesPerRegisterMax)
        if !over.isEmpty { add(.settle(field, over.map(\.dot)), to: id) }
    }

    private func lostWrite(_ dot: Dot, of field: FieldID, in id: DocumentID) throws -> RegisterWrite {
        guard let lost = documents[id]?.registers[field]?.lost.first(where: { $0.dot == dot }) else {
            throw Failure.rejected(.unknownConflict(ConflictID(document: id, field: field, dot: dot)))
        }
        return lost
    }

    private func check(_ value: Value, for field: FieldID, of id: DocumentID, kind: FieldKind) throws {
        if let known = schema.field(field, of: id.type), known.kind != kind {
            throw Failure.rejected(.wrongKind(id, field, is: known.kind, asked: kind))
        }
        if let known = schema.field(field, of: id.type), known.since > writableLevel {
            throw Failure.rejected(.tooNew(id, field, level: known.since, writable: writableLevel))
        }
        guard value.isStorable(), value.weight <= Limits.valueBytesMax else {
            throw Failure.rejected(
                .unusableValue(id, field, bytes: value.weight, limit: Limits.valueBytesMax)
            )
        }
    }

    private mutating func add(_ mutation: Mutation, to id: DocumentID) {
        let place = changes.firstIndex { $0.document == id } ?? changes.count
        if place == changes.count { changes.append(DocumentChange(document: id, mutations: [])) }
        let index = changes[place].mutations.count
        changes[place].mutations.append(mutation)
        let change = DocumentChange(document: id, mutations: [mutation])
        documents[id]?.apply(change, from: index, of: header, schema: schema)
    }

    /// Keys stand in URLs, so they hold letters, digits and `-._@+` only.
    private static func isUsable(key: String) -> Bool {
        (1...Limits.documentKeyBytesMax).contains(key.utf8.count)
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._@+".utf8.contains(byte)
                }
            }
    }
}
