package import ContactCenter
import GRDB
import Kernel

/// What contact records to find; all given conditions must hold.
package struct ContactFilter: Hashable, Sendable {
    /// Contacts of this customer, and of the files that count as one with it.
    package var customer: CustomerID?
    /// Contacts about this ticket, and about those that count as one with it.
    package var ticket: TicketID?
    /// Contacts that this agent answered.
    package var agent: AgentID?
    /// Only those that have no end yet: a site that starts closes the ones that its last run left.
    package var unended: Bool

    /// Makes a filter.
    package init(
        customer: CustomerID? = nil,
        ticket: TicketID? = nil,
        agent: AgentID? = nil,
        unended: Bool = false
    ) {
        self.customer = customer
        self.ticket = ticket
        self.agent = agent
        self.unended = unended
    }
}

extension SiteReader {
    /// Finds contact records, newest first.
    package func contacts(
        _ filter: ContactFilter,
        limit: Int,
        cursor: String? = nil
    ) async throws(StoreFailure) -> StorePage<ContactRecord> {
        try await read("list contacts") { db in
            var list = NewestFirst(table: "contact", time: "started_at")
            if let customer = filter.customer {
                list.add("customer", anyOf: try MergedRows.keys(db, customer.documentID))
            }
            if let ticket = filter.ticket { list.add("ticket", anyOf: try MergedRows.keys(db, ticket.documentID)) }
            list.add("agent", filter.agent?.key)
            if filter.unended { list.add(condition: "t.ended_at IS NULL") }
            let page = try list.page(db, limit: limit, cursor: cursor) { ContactRecord($0) }
            return StorePage(items: page.items.compactMap(\.self), next: page.next)
        }
    }

    /// One contact's record.
    package func contact(_ id: ContactID) async throws(StoreFailure) -> ContactRecord? {
        try await document(id.documentID).flatMap(ContactRecord.init)
    }
}
