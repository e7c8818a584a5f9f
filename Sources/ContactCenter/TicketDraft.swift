package import Kernel

/// A ticket to be opened.
package struct TicketDraft: Hashable, Sendable {
    /// Whose trouble it is; nil while unknown.
    package var customer: CustomerID?
    /// The customer's organisation.
    package var organisation: OrganisationID?
    /// The customer's tier, for the due time.
    package var customerTier = CustomerTier.standard
    /// What it is about, in a line.
    package var subject = ""
    /// What it is about, in full.
    package var description = ""
    /// The category.
    package var category = ""
    /// How severe.
    package var severity = Severity.normal
    /// Who takes it; a ticket with an owner starts open, without one new.
    package var owner: AgentID?
    /// The queue it came through.
    package var queue: QueueID?
    /// The site where it is raised.
    package var site: SiteID
    /// How it came.
    package var channel = Channel.voice
    /// The product.
    package var product = ""
    /// When it is raised.
    package var raisedAt: WallTime
    /// The contact that raises it.
    package var contact: TicketContact?
    /// Tags.
    package var tags: [String] = []

    /// Makes the draft of a ticket raised at a site.
    package init(site: SiteID, raisedAt: WallTime) {
        self.site = site
        self.raisedAt = raisedAt
    }
}

extension TicketDraft {
    /// The edits that open the ticket: the ticket itself (the request's `index`-th new document), the link from the
    /// customer's file, and the link from the contact's record where a contact raised it.
    package func opening(index: Int = 0) throws(EditRejection) -> [DocumentEdit] {
        var list = ChangeList()
        list.changes.append(.setNumber(TicketField.number, series: "ticket"))
        try list.line(TicketField.customer, customer?.key, name: "customer")
        try list.line(TicketField.organisation, organisation?.key, name: "organisation")
        try list.line(TicketField.subject, subject, name: "subject")
        try list.body(TicketField.description, description, name: "description")
        try list.line(TicketField.category, category, name: "category")
        try list.line(TicketField.owner, owner?.key, name: "owner")
        try list.line(TicketField.queue, queue?.key, name: "queue")
        try list.line(TicketField.product, product, name: "product")
        let due = DueTime.due(raisedAt: raisedAt, severity: severity, tier: customerTier)
        list.set(TicketField.severity, .int(severity.rawValue))
        list.set(TicketField.state, .string((owner == nil ? TicketState.new : .open).rawValue))
        list.set(TicketField.site, .string(site.name))
        list.set(TicketField.channel, .string(channel.rawValue))
        list.set(TicketField.raisedAt, .int(raisedAt.milliseconds))
        list.set(TicketField.dueAt, .int(due.milliseconds))
        try list.members(TicketField.tags, tags, max: Limits.skillsMax, name: "tags")
        if let contact { list.changes.append(.append(TicketField.contacts, contact.value)) }
        // Registers that would only be cleared need not be written in a new document.
        list.changes.removeAll { if case .set(_, .null, _) = $0 { true } else { false } }
        var edits = [DocumentEdit(.new(Schema.ticket), list.changes)]
        if let customer {
            let link = FieldChange.setCreated(CustomerField.lastTicket, index: index)
            edits.append(DocumentEdit(.id(customer.documentID, mustExist: true), [link]))
        }
        if let contact {
            let link = FieldChange.setCreated(ContactField.ticket, index: index)
            edits.append(DocumentEdit(.id(contact.contact.documentID, mustExist: false), [link]))
        }
        return edits
    }
}
