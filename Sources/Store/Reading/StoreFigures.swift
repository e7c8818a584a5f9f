import ContactCenter
import GRDB
import Kernel

/// How much of what a site stores.
package struct StoreFigures: Hashable, Sendable {
    /// Customer files.
    package let customers: Int
    /// Tickets.
    package let tickets: Int
    /// Contact records.
    package let contacts: Int
    /// Documents of all types, deleted ones included.
    package let documents: Int
    /// Ops in the log.
    package let ops: Int
    /// Overwritten values that wait for a decision.
    package let conflicts: Int
    /// Bytes of the database's file, without its write-ahead log.
    package let bytes: Int

    init(_ db: Database) throws {
        func count(_ table: String) throws -> Int {
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
        customers = try count("customer")
        tickets = try count("ticket")
        contacts = try count("contact")
        documents = try count("document")
        ops = try count("op")
        conflicts = try count("conflict")
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        bytes = pages * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
    }
}
