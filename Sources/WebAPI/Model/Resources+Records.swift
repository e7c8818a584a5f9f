package import ContactCenter
import Kernel

// How records become resources. What a record only points to (names) is handed in, because one place must not read
// the store a hundred times for a page of a list.

extension NoteResource {
    /// A note as the API shows it.
    package init(_ note: Note) {
        self.init(text: note.text, by: note.by.name, site: note.site.name, at: Timestamp(note.at))
    }
}

extension CustomerResource {
    /// A customer's file; `organisation` is the name of the linked organisation, where one is linked.
    package init(_ customer: Customer, organisation: String?) {
        self.init(
            id: customer.id.key,
            name: customer.name,
            organisation: organisation ?? customer.organisationName.nilIfEmpty,
            department: customer.department.nilIfEmpty,
            title: customer.title.nilIfEmpty,
            phones: customer.phones,
            emails: customer.emails,
            tier: TierName(customer.tier),
            language: customer.language.nilIfEmpty,
            notes: customer.notes.suffix(Limits.notesShownMax).map(NoteResource.init),
            conflicts: customer.conflicts,
            updatedAt: Timestamp(customer.updatedAt),
            version: customer.version
        )
    }
}

extension TicketResource {
    /// A ticket; `customerName` is the name on the customer's file.
    package init(_ ticket: Ticket, customerName: String?) {
        self.init(
            id: ticket.id.key,
            number: ticket.number,
            customer: ticket.customer.map { NamedResource(id: $0.key, name: customerName ?? $0.key) },
            subject: ticket.subject,
            description: ticket.description,
            category: ticket.category.nilIfEmpty,
            severity: Int(ticket.severity.rawValue),
            state: ticket.state,
            owner: ticket.owner?.key,
            queue: ticket.queue?.key,
            site: ticket.site?.name,
            channel: ticket.channel?.rawValue,
            product: ticket.product.nilIfEmpty,
            raisedAt: ticket.raisedAt.map(Timestamp.init),
            dueAt: ticket.dueAt.map(Timestamp.init),
            resolvedAt: ticket.resolvedAt.map(Timestamp.init),
            notes: ticket.notes.suffix(Limits.notesShownMax).map(NoteResource.init),
            contacts: ticket.contacts.map(TicketContactResource.init),
            tags: ticket.tags,
            version: ticket.version
        )
    }
}

extension TicketContactResource {
    /// A contact as its ticket tells of it.
    package init(_ contact: TicketContact) {
        self.init(
            id: contact.contact.key,
            agent: contact.agent?.key,
            startedAt: contact.startedAt.map(Timestamp.init),
            endedBy: contact.endedBy?.rawValue,
            waitMs: contact.waitMs,
            talkMs: contact.talkMs,
            outcome: contact.outcome?.rawValue
        )
    }
}

extension TicketSummaryResource {
    /// The line that stands for a ticket.
    package init(_ ticket: Ticket) {
        self.init(
            id: ticket.id.key,
            number: ticket.number,
            subject: ticket.subject,
            state: ticket.state,
            severity: Int(ticket.severity.rawValue),
            owner: ticket.owner?.key,
            raisedAt: ticket.raisedAt.map(Timestamp.init)
        )
    }
}

extension String {
    /// Nil for an empty text: records hold empty texts where the API says null.
    var nilIfEmpty: String? { isEmpty ? nil : self }
}
