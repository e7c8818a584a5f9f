package import Kernel

/// What somebody wants to change in a customer file; nil leaves a field as it is, empty text clears it.
package struct CustomerPatch: Hashable, Sendable {
    /// The person's name.
    package var name: String?
    /// The linked organisation; an empty key unlinks.
    package var organisation: OrganisationID?
    /// The organisation's name where none is linked.
    package var organisationName: String?
    /// Department.
    package var department: String?
    /// Title.
    package var title: String?
    /// All phone numbers.
    package var phones: [String]?
    /// All e-mail addresses.
    package var emails: [String]?
    /// How strong the support is.
    package var tier: CustomerTier?
    /// The language to speak.
    package var language: String?
    /// The postal address.
    package var address: String?
    /// The priority score, 0…100.
    package var score: Int?

    /// Makes a patch that changes nothing.
    package init() {}
}

extension CustomerPatch {
    /// The edit that creates a customer file; a name or a phone number is needed.
    package func creation() throws(EditRejection) -> DocumentEdit {
        guard !ChangeList.trimmed(name ?? "").isEmpty || !(phones ?? []).isEmpty else {
            throw EditRejection(.missing, field: "name", "A customer needs a name or a phone number.")
        }
        return DocumentEdit(.new(Schema.customer), try changes(to: nil, readAt: nil))
    }

    /// The edit of a file as it stands.
    ///
    /// - Parameter readAt: the version at which the writer read it (`If-Match`); values written since then by
    ///   others become conflicts. Nil means the newest here.
    package func edit(of document: Document, readAt: VersionVector? = nil) throws(EditRejection) -> DocumentEdit {
        guard document.id.type == Schema.customer, !document.isDeleted else {
            throw EditRejection(.notFound, "There is no such customer.")
        }
        if let name, ChangeList.trimmed(name).isEmpty, (phones ?? document.texts(CustomerField.phones)).isEmpty {
            throw EditRejection(.missing, field: "name", "A customer needs a name or a phone number.")
        }
        return DocumentEdit(.id(document.id, mustExist: true), try changes(to: document, readAt: readAt))
    }

    private func changes(to document: Document?, readAt: VersionVector?) throws(EditRejection) -> [FieldChange] {
        var list = ChangeList(document: document, readAt: readAt)
        try list.line(CustomerField.name, name, name: "name")
        try list.line(CustomerField.organisation, organisation?.key, name: "organisation")
        try list.line(CustomerField.organisationName, organisationName, name: "organisation")
        try list.line(CustomerField.department, department, name: "department")
        try list.line(CustomerField.title, title, name: "title")
        try list.line(CustomerField.language, language, name: "language")
        try list.body(CustomerField.address, address, name: "address")
        if let tier { list.set(CustomerField.tier, .int(tier.rawValue)) }
        if let score {
            guard (0...100).contains(score) else {
                throw EditRejection(.invalid, field: "score", "The score goes from 0 to 100.")
            }
            list.set(CustomerField.score, .int(Int64(score)))
        }
        if let phones {
            let numbers = try CustomerPatch.numbers(phones)
            try list.members(CustomerField.phones, numbers, max: Limits.addressesPerPersonMax, name: "phones")
        }
        if let emails {
            let addresses = try CustomerPatch.addresses(emails)
            try list.members(CustomerField.emails, addresses, max: Limits.addressesPerPersonMax, name: "emails")
        }
        return list.changes
    }

    /// Phone numbers in the form in which they are stored.
    static func numbers(_ texts: [String]) throws(EditRejection) -> [String] {
        var numbers: [String] = []
        for text in texts where !ChangeList.trimmed(text).isEmpty {
            guard let number = PhoneNumber.normalised(text) else {
                throw EditRejection(.invalid, field: "phones", "\(quoted(text)) is not a phone number.")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// E-mail addresses in the form in which they are stored: trimmed, the domain in lower case.
    static func addresses(_ texts: [String]) throws(EditRejection) -> [String] {
        var addresses: [String] = []
        for text in texts {
            let address = try ChangeList.checked(text, name: "emails", bytesMax: Limits.recordLineBytesMax)
            guard !address.isEmpty else { continue }
            let parts = address.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), !parts[1].hasPrefix("."),
                !parts[1].hasSuffix("."), !address.contains(where: \.isWhitespace)
            else { throw EditRejection(.invalid, field: "emails", "\(quoted(text)) is not an e-mail address.") }
            addresses.append("\(parts[0])@\(parts[1].lowercased())")
        }
        return addresses
    }

    /// A text in quotes, shortened, for messages.
    static func quoted(_ text: some StringProtocol) -> String {
        text.count > 40 ? "“\(text.prefix(40))…”" : "“\(text)”"
    }
}
