package import ContactCenter
import GRDB
import Kernel

/// The customer behind a calling number, with what routing needs of the file.
package struct CallerMatch: Hashable, Sendable {
    /// Whose file it is.
    package let customer: CustomerID
    /// The customer's name.
    package let name: String
    /// The customer's tier, or the organisation's when that is higher.
    package let tier: CustomerTier
    /// The customer's latest ticket.
    package let latestTicket: TicketID?
    /// The agent who owns it.
    package let latestOwner: AgentID?
}

extension SiteReader {
    /// Who calls from this number: the one customer who has it, or nil when none or several have.
    ///
    /// Numbers are compared by `PhoneNumber.matchKeys`, most telling first, so that a caller is known whichever way
    /// the carrier and the file write the number.
    package func lookUpCaller(number: String) async throws(StoreFailure) -> CallerMatch? {
        try await read("look up a caller") { db in
            for key in PhoneNumber.matchKeys(number) {
                let found = try Int64.fetchAll(
                    db,
                    sql: "SELECT customer FROM customer_phone_key WHERE key = ? LIMIT 2",
                    arguments: [key]
                )
                if found.count > 1 { return nil }
                if let id = found.first { return try Self.match(db, id: id) }
            }
            return nil
        }
    }

    private static func match(_ db: Database, id: Int64) throws -> CallerMatch? {
        let documents = try DocumentRows.all(db, "SELECT type, key, body FROM document WHERE id = ?", [id])
        guard let customer = documents.first.flatMap(Customer.init) else { return nil }
        var tier = customer.tier
        if let organisation = customer.organisation {
            let raw = try Int64.fetchOne(
                db,
                sql: "SELECT tier FROM organisation WHERE key = ?",
                arguments: [organisation.key]
            )
            tier = max(tier, raw.flatMap(CustomerTier.init) ?? .standard)
        }
        let ticket = try Row.fetchOne(
            db,
            sql: "SELECT key, owner FROM ticket WHERE customer = ? ORDER BY raised_at DESC, key DESC LIMIT 1",
            arguments: [customer.id.key]
        )
        return CallerMatch(
            customer: customer.id,
            name: customer.name,
            tier: tier,
            latestTicket: ticket.map { TicketID($0["key"]) },
            latestOwner: ticket.flatMap { $0["owner"] as String? }.map { AgentID($0) }
        )
    }
}
