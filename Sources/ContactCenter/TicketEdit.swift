package import Kernel

/// Edits of a ticket as it stands.
package enum TicketEdit {
    /// Brings a ticket into a state, by the table of `TicketState.successors`.
    ///
    /// A finished ticket needs an owner first (requirement D2); the time of resolution is set and, on a reopen,
    /// cleared. A ticket already there gives an edit without changes.
    package static func change(
        _ document: Document,
        to state: TicketState,
        at now: WallTime,
        readAt: VersionVector? = nil
    ) throws(EditRejection) -> DocumentEdit {
        let ticket = try read(document)
        let target = DocumentEdit.Target.id(document.id, mustExist: true)
        guard state != ticket.state else { return DocumentEdit(target, []) }
        guard ticket.state.successors.contains(state) else {
            let possible = ticket.state.successors.map(\.rawValue).joined(separator: ", ")
            throw EditRejection(
                .wrongState,
                field: "state",
                "A ticket that is \(ticket.state.rawValue) cannot become \(state.rawValue); possible: \(possible)."
            )
        }
        guard state.isUnfinished || ticket.owner != nil else {
            throw EditRejection(.wrongState, field: "owner", "A ticket needs an owner before it is resolved.")
        }
        var list = ChangeList(document: document, readAt: readAt)
        list.set(TicketField.state, .string(state.rawValue))
        if state == .resolved { list.set(TicketField.resolvedAt, .int(now.milliseconds)) }
        if state.isUnfinished, !ticket.state.isUnfinished { list.set(TicketField.resolvedAt, .null) }
        return DocumentEdit(target, list.changes)
    }

    /// Puts a ticket into an agent's hands; a new ticket becomes open with it.
    package static func assign(
        _ document: Document,
        to owner: AgentID,
        readAt: VersionVector? = nil
    ) throws(EditRejection) -> DocumentEdit {
        let ticket = try read(document)
        guard ticket.state != .closed else {
            throw EditRejection(.wrongState, field: "owner", "A closed ticket keeps its owner; reopen it first.")
        }
        var list = ChangeList(document: document, readAt: readAt)
        try list.line(TicketField.owner, owner.key, name: "owner")
        if ticket.state == .new { list.set(TicketField.state, .string(TicketState.open.rawValue)) }
        return DocumentEdit(.id(document.id, mustExist: true), list.changes)
    }

    /// Says whose ticket it is, and makes it the latest of that customer's file.
    package static func link(
        _ document: Document,
        to customer: CustomerID,
        readAt: VersionVector? = nil
    ) throws(EditRejection) -> [DocumentEdit] {
        _ = try read(document)
        var list = ChangeList(document: document, readAt: readAt)
        list.set(TicketField.customer, .string(customer.key))
        return [
            DocumentEdit(.id(document.id, mustExist: true), list.changes),
            DocumentEdit(
                .id(customer.documentID, mustExist: true),
                [.set(CustomerField.lastTicket, .string(document.id.key), seen: nil)]
            ),
        ]
    }

    /// Puts a contact, or the latest word on it, on a ticket.
    package static func record(_ contact: TicketContact, on ticket: TicketID) -> DocumentEdit {
        DocumentEdit(.id(ticket.documentID, mustExist: true), [.append(TicketField.contacts, contact.value)])
    }

    static func read(_ document: Document) throws(EditRejection) -> Ticket {
        guard let ticket = Ticket(document) else { throw EditRejection(.notFound, "There is no such ticket.") }
        return ticket
    }
}

/// What somebody wants to change in a ticket's text and sorting; nil leaves a field as it is.
package struct TicketPatch: Hashable, Sendable {
    /// What it is about, in a line.
    package var subject: String?
    /// What it is about, in full.
    package var description: String?
    /// The category.
    package var category: String?
    /// The product.
    package var product: String?
    /// How severe; the due time moves with it.
    package var severity: Severity?
    /// All tags.
    package var tags: [String]?

    /// Makes a patch that changes nothing.
    package init() {}

    /// The edit of a ticket as it stands.
    ///
    /// - Parameters:
    ///   - tier: the customer's tier, for the due time.
    ///   - readAt: the version at which the writer read it (`If-Match`); nil means the newest here.
    package func edit(
        of document: Document,
        tier: CustomerTier = .standard,
        readAt: VersionVector? = nil
    ) throws(EditRejection) -> DocumentEdit {
        let ticket = try TicketEdit.read(document)
        var list = ChangeList(document: document, readAt: readAt)
        try list.line(TicketField.subject, subject, name: "subject")
        try list.body(TicketField.description, description, name: "description")
        try list.line(TicketField.category, category, name: "category")
        try list.line(TicketField.product, product, name: "product")
        if let severity {
            list.set(TicketField.severity, .int(severity.rawValue))
            if let raised = ticket.raisedAt, ticket.state.isUnfinished {
                let due = DueTime.due(raisedAt: raised, severity: severity, tier: tier)
                list.set(TicketField.dueAt, .int(due.milliseconds))
            }
        }
        if let tags { try list.members(TicketField.tags, tags, max: Limits.skillsMax, name: "tags") }
        return DocumentEdit(.id(document.id, mustExist: true), list.changes)
    }
}
