package import ContactCenter
import Kernel

// How records become resources. What a record only points to (names) is handed in, because one place must not read
// the store a hundred times for a page of a list.

extension NoteResource {
    /// A note as the API shows it; `isMerged` says that the record is several, so that the reader must know which.
    init(_ note: MergedNote, isMerged: Bool) {
        self.init(
            text: note.note.text,
            by: note.note.by.name,
            site: note.note.site.name,
            at: Timestamp(note.note.at),
            of: isMerged ? NamedResource(id: note.source, name: note.sourceName) : nil
        )
    }
}

extension CustomerResource {
    /// A customer's file; `organisation` is the name of the linked organisation, where one is linked.
    package init(_ file: MergedCustomer, organisation: String?) {
        let customer = file.root
        let isMerged = !file.others.isEmpty
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
            notes: file.notes.suffix(Limits.notesShownMax).map { NoteResource($0, isMerged: isMerged) },
            conflicts: customer.conflicts,
            updatedAt: Timestamp(customer.updatedAt),
            version: file.version,
            mergedFrom: file.others.map(MergedCustomerResource.init)
        )
    }
}

extension MergedCustomerResource {
    fileprivate init(_ customer: Customer) {
        self.init(
            id: customer.id.key,
            name: customer.name,
            organisation: customer.organisationName.nilIfEmpty,
            phones: customer.phones,
            emails: customer.emails
        )
    }
}

extension TicketResource {
    /// A ticket; `customer` is the file that stands for whom it names, `customerName` the name on it.
    package init(_ file: MergedTicket, customer: CustomerID?, customerName: String?) {
        let ticket = file.root
        let isMerged = !file.others.isEmpty
        self.init(
            id: ticket.id.key,
            number: ticket.number,
            customer: customer.map { NamedResource(id: $0.key, name: customerName ?? $0.key) },
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
            notes: file.notes.suffix(Limits.notesShownMax).map { NoteResource($0, isMerged: isMerged) },
            contacts: file.contacts.map { TicketContactResource($0, isMerged: isMerged) },
            tags: ticket.tags,
            version: file.version,
            mergedFrom: file.others.map {
                MergedTicketResource(id: $0.id.key, number: $0.number, subject: $0.subject, state: $0.state)
            },
            attachments: file.attachments.map { AttachmentResource($0, isMerged: isMerged) }
        )
    }
}

extension TicketContactResource {
    fileprivate init(_ entry: MergedContact, isMerged: Bool) {
        let contact = entry.contact
        self.init(
            id: contact.contact.key,
            agent: contact.agent?.key,
            agents: (contact.agents.isEmpty ? [contact.agent].compactMap { $0 } : contact.agents).map(\.key),
            startedAt: contact.startedAt.map(Timestamp.init),
            endedBy: contact.endedBy?.rawValue,
            waitMs: contact.waitMs,
            talkMs: contact.talkMs,
            outcome: contact.outcome?.rawValue,
            of: isMerged ? NamedResource(id: entry.source, name: entry.sourceName) : nil
        )
    }
}

extension TicketSummaryResource {
    /// The line that stands for a ticket and those merged into it.
    package init(_ file: MergedTicket) {
        let ticket = file.root
        self.init(
            id: ticket.id.key,
            number: ticket.number,
            subject: ticket.subject,
            state: ticket.state,
            severity: Int(ticket.severity.rawValue),
            owner: ticket.owner?.key,
            raisedAt: ticket.raisedAt.map(Timestamp.init),
            merged: file.others.count
        )
    }
}

extension String {
    /// Nil for an empty text: records hold empty texts where the API says null.
    var nilIfEmpty: String? { isEmpty ? nil : self }
}
