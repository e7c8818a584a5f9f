import ContactCenter
import GRDB
import Kernel

/// The rows of tickets: lists by customer, owner and state, newest first, and search.
final class TicketTable {
    private let index: WordIndex
    private let upsert: BoundStatement
    private let delete: BoundStatement

    init(_ db: Database) throws {
        index = try WordIndex(db, table: "ticket")
        upsert = try BoundStatement(
            db,
            """
            INSERT INTO ticket(id, key, number, customer, owner, state, severity, queue, site, raised_at, due_at,
                resolved_at, words)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET number = excluded.number, customer = excluded.customer,
                owner = excluded.owner, state = excluded.state, severity = excluded.severity, queue = excluded.queue,
                site = excluded.site, raised_at = excluded.raised_at, due_at = excluded.due_at,
                resolved_at = excluded.resolved_at, words = excluded.words
            """
        )
        delete = try BoundStatement(db, "DELETE FROM ticket WHERE id = ?")
    }

    /// The registers that the row is made of.
    private static let registers = [
        TicketField.number, TicketField.customer, TicketField.owner, TicketField.state, TicketField.severity,
        TicketField.queue, TicketField.site, TicketField.raisedAt, TicketField.dueAt, TicketField.resolvedAt,
        TicketField.subject, TicketField.category, TicketField.product, TicketField.description,
    ]

    func replace(id: Int64, before: Document?, after: Document) throws {
        let same = after.shows(
            like: before,
            registers: Self.registers,
            sets: [TicketField.tags],
            logs: [TicketField.notes]
        )
        if same { return }
        let old = before == nil ? nil : try index.words(id)
        guard !after.isDeleted else {
            if let old { try index.remove(id: id, words: old) }
            try delete.run { $0.bind(1, id) }
            return
        }
        let words = index.prepared(names: [], texts: Self.texts(after))
        try index.replace(id: id, old: old, new: words)
        try upsert.run {
            $0.bind(1, id)
            $0.bind(2, after.id.key)
            $0.bind(3, after.text(TicketField.number))
            $0.bind(4, after.text(TicketField.customer))
            $0.bind(5, after.text(TicketField.owner))
            $0.bind(6, after.text(TicketField.state) ?? TicketState.new.rawValue)
            $0.bind(7, after.value(TicketField.severity)?.int ?? Severity.normal.rawValue)
            $0.bind(8, after.text(TicketField.queue))
            $0.bind(9, after.text(TicketField.site))
            $0.bind(10, after.value(TicketField.raisedAt)?.int ?? 0)
            $0.bind(11, after.value(TicketField.dueAt)?.int)
            $0.bind(12, after.value(TicketField.resolvedAt)?.int)
            $0.bind(13, words)
        }
    }

    /// What a ticket is found by; notes come newest first, because the bound cuts off the end.
    private static func texts(_ ticket: Document) -> [String] {
        [
            ticket.text(TicketField.number), ticket.text(TicketField.subject), ticket.text(TicketField.category),
            ticket.text(TicketField.product), ticket.text(TicketField.description),
        ].compactMap(\.self)
            + ticket.texts(TicketField.tags)
            + ticket.entries(TicketField.notes).reversed().compactMap(\.value.string)
    }
}
