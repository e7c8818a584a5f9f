package import Kernel

/// A person's file, read from its document.
package struct Customer: Hashable, Sendable {
    /// Which file.
    package let id: CustomerID
    /// The person's name.
    package let name: String
    /// The linked organisation.
    package let organisation: OrganisationID?
    /// The organisation's name where none is linked.
    package let organisationName: String
    /// Department there.
    package let department: String
    /// The person's title there.
    package let title: String
    /// Phone numbers, normalised, sorted.
    package let phones: [String]
    /// E-mail addresses, sorted.
    package let emails: [String]
    /// How strong the support is.
    package let tier: CustomerTier
    /// The language to speak, as a BCP 47 tag; empty when unknown.
    package let language: String
    /// The postal address.
    package let address: String
    /// The priority score, 0…100.
    package let score: Int
    /// The latest ticket.
    package let lastTicket: TicketID?
    /// Notes, oldest first.
    package let notes: [Note]
    /// Overwritten concurrent values that nobody has decided about.
    package let conflicts: Int
    /// The latest change.
    package let updatedAt: WallTime
    /// The causal version, for `If-Match`.
    package let version: String

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = CustomerID(document.id), !document.isDeleted else { return nil }
        self.id = id
        name = document.text(CustomerField.name)
        organisation = document.optionalText(CustomerField.organisation).map { OrganisationID($0) }
        organisationName = document.text(CustomerField.organisationName)
        department = document.text(CustomerField.department)
        title = document.text(CustomerField.title)
        phones = document.texts(CustomerField.phones)
        emails = document.texts(CustomerField.emails)
        tier = document.number(CustomerField.tier).flatMap(CustomerTier.init) ?? .standard
        language = document.text(CustomerField.language)
        address = document.text(CustomerField.address)
        score = Int(min(max(document.number(CustomerField.score) ?? 0, 0), 100))
        lastTicket = document.optionalText(CustomerField.lastTicket).map { TicketID($0) }
        notes = document.notes(CustomerField.notes)
        conflicts = document.conflicts.count
        updatedAt = document.updated.wall
        version = document.versionTag
    }
}

/// An organisation, read from its document.
package struct Organisation: Hashable, Sendable {
    /// Which one.
    package let id: OrganisationID
    /// The name.
    package let name: String
    /// How strong the support of its people is, unless their own is stronger.
    package let tier: CustomerTier
    /// The postal address.
    package let address: String
    /// Notes, oldest first.
    package let notes: [Note]
    /// The causal version.
    package let version: String

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = OrganisationID(document.id), !document.isDeleted else { return nil }
        self.id = id
        name = document.text(OrganisationField.name)
        tier = document.number(OrganisationField.tier).flatMap(CustomerTier.init) ?? .standard
        address = document.text(OrganisationField.address)
        notes = document.notes(OrganisationField.notes)
        version = document.versionTag
    }
}
