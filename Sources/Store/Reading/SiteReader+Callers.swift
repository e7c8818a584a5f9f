package import ContactCenter
import GRDB
import Kernel

/// The customer behind a calling number, with what routing needs of the file.
package struct CallerMatch: Hashable, Sendable {
    /// Whose file it is: of merged ones, the root.
    package let customer: CustomerID
    /// The customer's name.
    package let name: String
    /// The customer's tier, or the organisation's when that is higher; of merged files the highest, so that a merge
    /// never makes somebody wait longer.
    package let tier: CustomerTier
    /// The customer's latest ticket.
    package let latestTicket: TicketID?
    /// The agent who owns it.
    package let latestOwner: AgentID?
    /// The customer's priority score, 0…100; of merged files the highest.
    package let score: Int
    /// The language to speak, as a BCP 47 tag; of merged files the root's if it has one; empty when unknown.
    package let language: String
}

extension SiteReader {
    /// Who calls from this number: the one customer who has it, or nil when none or several have.
    ///
    /// Numbers are compared by `PhoneNumber.matchKeys`, most telling first, so that a caller is known whichever way
    /// the carrier and the file write the number. Files that were merged are one customer.
    package func lookUpCaller(number: String) async throws(StoreFailure) -> CallerMatch? {
        try await read("look up a caller") { db in
            for key in PhoneNumber.matchKeys(number) {
                let found = try Int64.fetchAll(
                    db,
                    sql: """
                        SELECT DISTINCT coalesce(m.root, k.customer)
                        FROM customer_phone_key k LEFT JOIN merged m ON m.id = k.customer WHERE k.key = ? LIMIT 2
                        """,
                    arguments: [key]
                )
                if found.count > 1 { return nil }
                if let root = found.first { return try Self.match(db, root: root) }
            }
            return nil
        }
    }

    private static func match(_ db: Database, root: Int64) throws -> CallerMatch? {
        guard let file = MergedCustomer(try MergedRows.documents(db, row: root)) else { return nil }
        let files = [file.root] + file.others
        var tier = CustomerTier.standard
        for one in files {
            tier = max(tier, one.tier)
            guard let organisation = one.organisation else { continue }
            let raw = try Int64.fetchOne(
                db,
                sql: "SELECT tier FROM organisation WHERE key = ?",
                arguments: [organisation.key]
            )
            tier = max(tier, raw.flatMap(CustomerTier.init) ?? .standard)
        }
        let ticket = try Row.fetchOne(
            db,
            sql: """
                SELECT r.key AS key, r.owner AS owner FROM ticket t
                LEFT JOIN merged m ON m.id = t.id JOIN ticket r ON r.id = coalesce(m.root, t.id)
                WHERE t.customer IN (\(MergedRows.places(files.count)))
                ORDER BY t.raised_at DESC, t.key DESC LIMIT 1
                """,
            arguments: StatementArguments(files.map(\.id.key))
        )
        return CallerMatch(
            customer: file.root.id,
            name: file.root.name,
            tier: tier,
            latestTicket: ticket.map { TicketID($0["key"]) },
            latestOwner: ticket.flatMap { $0["owner"] as String? }.map { AgentID($0) },
            score: files.map(\.score).max() ?? 0,
            language: files.map(\.language).first { !$0.isEmpty } ?? ""
        )
    }
}
