import ContactCenter
import GRDB
import Kernel

/// The rows of what there are few of: agents, queues, accounts, organisations.
final class DirectoryTables {
    private let upserts: [DocumentType: BoundStatement]
    private let deletes: [DocumentType: BoundStatement]

    init(_ db: Database) throws {
        upserts = [
            Schema.agent: try BoundStatement(
                db,
                "INSERT OR REPLACE INTO agent(id, key, name, site, active) VALUES (?, ?, ?, ?, ?)"
            ),
            Schema.queue: try BoundStatement(db, "INSERT OR REPLACE INTO queue(id, key, name) VALUES (?, ?, ?)"),
            Schema.account: try BoundStatement(
                db,
                "INSERT OR REPLACE INTO account(id, key, active) VALUES (?, ?, ?)"
            ),
            Schema.organisation: try BoundStatement(
                db,
                "INSERT OR REPLACE INTO organisation(id, key, name, tier) VALUES (?, ?, ?, ?)"
            ),
        ]
        deletes = [
            Schema.agent: try BoundStatement(db, "DELETE FROM agent WHERE id = ?"),
            Schema.queue: try BoundStatement(db, "DELETE FROM queue WHERE id = ?"),
            Schema.account: try BoundStatement(db, "DELETE FROM account WHERE id = ?"),
            Schema.organisation: try BoundStatement(db, "DELETE FROM organisation WHERE id = ?"),
        ]
    }

    func replace(id: Int64, after: Document) throws {
        let type = after.id.type
        if after.isDeleted {
            try deletes[type]?.run { $0.bind(1, id) }
            return
        }
        try upserts[type]?.run { row in
            row.bind(1, id)
            row.bind(2, after.id.key)
            switch type {
            case Schema.agent:
                row.bind(3, after.text(AgentField.name) ?? after.id.key)
                row.bind(4, after.text(AgentField.site))
                row.bind(5, after.value(AgentField.active)?.bool == false ? 0 : 1)
            case Schema.queue:
                row.bind(3, after.text(QueueField.name) ?? after.id.key)
            case Schema.account:
                row.bind(3, after.value(AccountField.active)?.bool == false ? 0 : 1)
            default:
                row.bind(3, after.text(OrganisationField.name) ?? "")
                row.bind(4, after.value(OrganisationField.tier)?.int ?? 0)
            }
        }
    }
}
