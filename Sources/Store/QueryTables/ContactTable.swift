import ContactCenter
import GRDB
import Kernel

/// The rows of contact records: lists by customer, ticket and agent, newest first.
final class ContactTable {
    private let upsert: BoundStatement
    private let delete: BoundStatement

    init(_ db: Database) throws {
        upsert = try BoundStatement(
            db,
            """
            INSERT INTO contact(id, key, ticket, customer, queue, agent, started_at, ended_at, outcome, origin_site,
                agent_site)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET ticket = excluded.ticket, customer = excluded.customer,
                queue = excluded.queue, agent = excluded.agent, started_at = excluded.started_at,
                ended_at = excluded.ended_at, outcome = excluded.outcome, origin_site = excluded.origin_site,
                agent_site = excluded.agent_site
            """
        )
        delete = try BoundStatement(db, "DELETE FROM contact WHERE id = ?")
    }

    func replace(id: Int64, after: Document) throws {
        guard !after.isDeleted else { return try delete.run { $0.bind(1, id) } }
        try upsert.run {
            $0.bind(1, id)
            $0.bind(2, after.id.key)
            $0.bind(3, after.text(ContactField.ticket))
            $0.bind(4, after.text(ContactField.customer))
            $0.bind(5, after.text(ContactField.queue))
            $0.bind(6, after.text(ContactField.agent))
            $0.bind(7, after.value(ContactField.startedAt)?.int ?? 0)
            $0.bind(8, after.value(ContactField.endedAt)?.int)
            $0.bind(9, after.text(ContactField.outcome))
            $0.bind(10, after.text(ContactField.originSite))
            $0.bind(11, after.text(ContactField.agentSite))
        }
    }
}
