package import Kernel

/// Names an agent; the key is the login.
package struct AgentID: DocumentKey {
    /// Agents are documents of type 4.
    package static var type: DocumentType { Schema.agent }
    /// The login.
    package let key: String

    /// Wraps a login.
    package init(_ key: String) { self.key = key }
}

/// Names a queue; the key is its short name.
package struct QueueID: DocumentKey {
    /// Queues are documents of type 5.
    package static var type: DocumentType { Schema.queue }
    /// The short name.
    package let key: String

    /// Wraps a short name.
    package init(_ key: String) { self.key = key }
}

/// Names a person's customer file; the key is made from the op that created it.
package struct CustomerID: DocumentKey {
    /// Customer files are documents of type 1.
    package static var type: DocumentType { Schema.customer }
    /// The key.
    package let key: String

    /// Wraps a key.
    package init(_ key: String) { self.key = key }
}

/// Names an organisation.
package struct OrganisationID: DocumentKey {
    /// Organisations are documents of type 2.
    package static var type: DocumentType { Schema.organisation }
    /// The key.
    package let key: String

    /// Wraps a key.
    package init(_ key: String) { self.key = key }
}

/// Names a ticket; people use its number (`NORTH-1042-7`) instead.
package struct TicketID: DocumentKey {
    /// Tickets are documents of type 3.
    package static var type: DocumentType { Schema.ticket }
    /// The key.
    package let key: String

    /// Wraps a key.
    package init(_ key: String) { self.key = key }
}

/// Names an account; the key is the login.
package struct AccountID: DocumentKey {
    /// Accounts are documents of type 6.
    package static var type: DocumentType { Schema.account }
    /// The login.
    package let key: String

    /// Wraps a login.
    package init(_ key: String) { self.key = key }
}

/// Names a contact: one call, chat or message, from its arrival to its end.
///
/// The site where it arrives makes the key from its own name, its incarnation and a counter, without the disk:
/// `north-7-123`.
package struct ContactID: DocumentKey {
    /// Contact records are documents of type 8.
    package static var type: DocumentType { Schema.contact }
    /// The key.
    package let key: String

    /// Wraps a key.
    package init(_ key: String) { self.key = key }

    /// The `counter`-th contact of a site's `incarnation`.
    package init(site: SiteID, incarnation: UInt64, counter: UInt64) {
        self.init("\(site)-\(incarnation)-\(counter)")
    }

    /// The site where the contact arrived, read back from the key; nil for a key that no site makes.
    package var site: SiteID? {
        var parts = key.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, UInt64(parts.removeLast()) != nil, UInt64(parts.removeLast()) != nil else { return nil }
        return SiteID(parts.joined(separator: "-"))
    }
}
