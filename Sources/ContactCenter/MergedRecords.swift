package import Kernel

/// A note with the record that it stands in.
package struct MergedNote: Hashable, Sendable {
    /// The note.
    package let note: Note
    /// The key of its file or ticket.
    package let source: String
    /// The file's name or the ticket's number.
    package let sourceName: String
}

/// A contact with the ticket that it is about.
package struct MergedContact: Hashable, Sendable {
    /// The contact.
    package let contact: TicketContact
    /// The key of its ticket.
    package let source: String
    /// The ticket's number.
    package let sourceName: String
}

/// A file with the ticket that it was attached to.
package struct MergedAttachment: Hashable, Sendable {
    /// The file.
    package let attachment: Attachment
    /// The key of its ticket.
    package let source: String
    /// The ticket's number.
    package let sourceName: String
}

/// A person's file with those that were merged into it.
package struct MergedCustomer: Hashable, Sendable {
    /// The file that stands for all.
    package let root: Customer
    /// The other files, by key.
    package let others: [Customer]
    /// The notes of all, oldest first.
    package let notes: [MergedNote]
    /// What a reader has seen, for `If-Match`; see `MergedVersion`.
    package let version: String

    /// Puts a file together; nil when none of the documents is a customer's.
    ///
    /// - Parameter documents: those of one `MergedClass`.
    package init?(_ documents: [Document]) {
        let living = documents.sorted { MergeEdge.precedes($0.id.key, $1.id.key) }.filter { Customer($0) != nil }
        let files = living.compactMap(Customer.init)
        guard let root = files.first else { return nil }
        self.root = root
        others = Array(files.dropFirst())
        notes = files.flatMap { file in
            file.notes.map { MergedNote(note: $0, source: file.id.key, sourceName: file.name) }
        }.inOrder { $0.note.stamp }
        version = MergedVersion.tag(living)
    }
}

/// A ticket with those that were merged into it.
package struct MergedTicket: Hashable, Sendable {
    /// The ticket that stands for all.
    package let root: Ticket
    /// The other tickets, by key.
    package let others: [Ticket]
    /// The notes of all, oldest first.
    package let notes: [MergedNote]
    /// The contacts of all, oldest first.
    package let contacts: [MergedContact]
    /// The files of all, oldest first.
    package let attachments: [MergedAttachment]
    /// What a reader has seen, for `If-Match`; see `MergedVersion`.
    package let version: String

    /// Whose trouble it is: the root's customer, or the first that another names.
    package var customer: CustomerID? { root.customer ?? others.lazy.compactMap(\.customer).first }

    /// Puts a ticket together; nil when none of the documents is one.
    ///
    /// - Parameter documents: those of one `MergedClass`.
    package init?(_ documents: [Document]) {
        let living = documents.sorted { MergeEdge.precedes($0.id.key, $1.id.key) }.filter { Ticket($0) != nil }
        let tickets = living.compactMap(Ticket.init)
        guard let root = tickets.first else { return nil }
        self.root = root
        others = Array(tickets.dropFirst())
        notes = tickets.flatMap { ticket in
            ticket.notes.map { MergedNote(note: $0, source: ticket.id.key, sourceName: ticket.number) }
        }.inOrder { $0.note.stamp }
        let contacts = tickets.flatMap { ticket in
            ticket.contacts.map { MergedContact(contact: $0, source: ticket.id.key, sourceName: ticket.number) }
        }
        // One ticket's contacts stand in the order of its log, also those that do not say when they began.
        self.contacts = others.isEmpty ? contacts : contacts.inOrder { $0.contact.startedAt ?? .init(milliseconds: 0) }
        attachments = tickets.flatMap { ticket in
            ticket.attachments.map { file in
                MergedAttachment(attachment: file, source: ticket.id.key, sourceName: ticket.number)
            }
        }.inOrder { $0.attachment.at }
        version = MergedVersion.tag(living)
    }
}

extension Array {
    /// Sorted by time; what has the same time stays in order.
    fileprivate func inOrder(_ time: (Element) -> some Comparable) -> [Element] {
        enumerated().sorted { left, right in
            let (one, other) = (time(left.element), time(right.element))
            return one == other ? left.offset < right.offset : one < other
        }.map(\.element)
    }
}
