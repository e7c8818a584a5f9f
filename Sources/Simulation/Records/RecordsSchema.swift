import Kernel

/// The documents of simulated records: every kind of field, with made and with natural keys.
enum RecordsSchema {
    /// Documents whose keys come from their first op, as customers and tickets have.
    static let file = DocumentType(1)
    /// Documents with natural keys, as queues and agents have.
    static let shelf = DocumentType(2)

    static let title = FieldID(1)
    static let state = FieldID(2)
    static let tags = FieldID(3)
    static let visits = FieldID(4)
    static let notes = FieldID(5)
    static let number = FieldID(6)
    static let parent = FieldID(7)

    private static let fields: [FieldID: DocumentSchema.Field] = [
        title: .init("title", .register),
        state: .init("state", .register, rule: .yielding([.string("closed")])),
        tags: .init("tags", .set),
        visits: .init("visits", .counter),
        notes: .init("notes", .log),
        number: .init("number", .register),
        parent: .init("parent", .register),
    ]

    static let documents = DocumentSchema([file: fields, shelf: fields], born: [file])

    /// A field that only the next version of the program knows.
    static let colour = FieldID(8)

    static let next: DocumentSchema = {
        var newer = fields
        newer[colour] = .init("colour", .register, since: DocumentSchema.newestLevel + 1)
        return DocumentSchema([file: newer, shelf: newer], born: [file])
    }()
}
