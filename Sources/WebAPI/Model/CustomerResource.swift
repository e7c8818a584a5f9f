/// A customer's tier as the API writes it.
package enum TierName: String, Codable, Hashable, Sendable, CaseIterable {
    /// Tier 0.
    case standard
    /// Tier 1.
    case silver
    /// Tier 2.
    case gold
    /// Tier 3.
    case platinum
}

/// A customer's file as the API shows it.
package struct CustomerResource: Codable, Hashable, Sendable {
    /// The document's key; of merged files that of the root, whichever was asked for.
    package var id: String
    /// The key of the file that stands for all that were merged: this one's.
    package var root: String
    /// The files that were merged into this one, by key.
    package var mergedFrom: [MergedCustomerResource]
    /// The person's name.
    package var name: String
    /// The organisation's name.
    @Nullable package var organisation: String?
    /// Department within the organisation.
    @Nullable package var department: String?
    /// The person's title there.
    @Nullable package var title: String?
    /// Phone numbers, normalised, sorted.
    package var phones: [String]
    /// E-mail addresses, sorted.
    package var emails: [String]
    /// The tier.
    package var tier: TierName
    /// The language to speak, a BCP 47 tag.
    @Nullable package var language: String?
    /// Notes, oldest first; the newest `Limits.notesShownMax` of them.
    package var notes: [NoteResource]
    /// How many overwritten values of this file wait for a person's decision.
    package var conflicts: Int
    /// When it was last changed.
    @Nullable package var updatedAt: Timestamp?
    /// The causal version, the ETag without its quotes.
    package var version: String

    /// Puts one together.
    package init(
        id: String,
        name: String,
        organisation: String? = nil,
        department: String? = nil,
        title: String? = nil,
        phones: [String],
        emails: [String],
        tier: TierName,
        language: String? = nil,
        notes: [NoteResource],
        conflicts: Int,
        updatedAt: Timestamp? = nil,
        version: String,
        mergedFrom: [MergedCustomerResource] = []
    ) {
        self.id = id
        root = id
        self.mergedFrom = mergedFrom
        self.name = name
        self.organisation = organisation
        self.department = department
        self.title = title
        self.phones = phones
        self.emails = emails
        self.tier = tier
        self.language = language
        self.notes = notes
        self.conflicts = conflicts
        self.updatedAt = updatedAt
        self.version = version
    }
}

/// A note on a customer's file or a ticket.
package struct NoteResource: Codable, Hashable, Sendable {
    /// What was written.
    package var text: String
    /// Who wrote it: an account.
    package var by: String
    /// The site where it was written.
    package var site: String
    /// When.
    package var at: Timestamp
    /// Where records are merged: the file (key, name) or ticket (key, number) in which it stands.
    @Nullable package var of: NamedResource?

    /// Puts one together.
    package init(
        text: String,
        by: String,
        site: String,
        at: Timestamp,
        of: NamedResource? = nil
    ) {
        self.text = text
        self.by = by
        self.site = site
        self.at = at
        self.of = of
    }
}

/// A file that was merged into another; it keeps all that stands in it.
package struct MergedCustomerResource: Codable, Hashable, Sendable {
    /// The document's key.
    package var id: String
    /// The person's name as this file has it.
    package var name: String
    /// The organisation's name as this file has it.
    @Nullable package var organisation: String?
    /// Its phone numbers.
    package var phones: [String]
    /// Its e-mail addresses.
    package var emails: [String]

    /// Puts one together.
    package init(id: String, name: String, organisation: String? = nil, phones: [String], emails: [String]) {
        self.id = id
        self.name = name
        self.organisation = organisation
        self.phones = phones
        self.emails = emails
    }
}
