import ContactCenter
import Kernel

/// Records as a contact centre has them.
enum Fixtures {
    static let anna = Actor("anna")

    /// A site by a name that is right.
    static func site(_ name: String) -> SiteID {
        guard let site = SiteID(name) else { preconditionFailure("\(name) names no site") }
        return site
    }

    /// A new customer.
    static func customer(
        _ name: String,
        organisation: String = "",
        phones: [String] = [],
        emails: [String] = [],
        tier: CustomerTier = .standard
    ) -> EditRequest {
        var changes: [FieldChange] = [
            .set(CustomerField.name, .string(name), seen: nil),
            .set(CustomerField.tier, .int(tier.rawValue), seen: nil),
        ]
        if !organisation.isEmpty {
            changes.append(.set(CustomerField.organisationName, .string(organisation), seen: nil))
        }
        changes += phones.map { .insert(CustomerField.phones, .string(PhoneNumber.normalised($0) ?? $0)) }
        changes += emails.map { .insert(CustomerField.emails, .string($0)) }
        return EditRequest(actor: anna, edits: [DocumentEdit(.new(Schema.customer), changes)])
    }

    /// Many new customers with names and numbers of their own.
    static func customers(_ count: Int, from first: Int = 0) -> [EditRequest] {
        (first..<first + count).map { index in
            customer(
                "Customer \(index)",
                organisation: "Org \(index % 7)",
                phones: ["+49 89 \(1_000_000 + index)"],
                emails: ["c\(index)@example.com"]
            )
        }
    }

    /// A new ticket.
    static func ticket(
        _ subject: String,
        customer: String? = nil,
        owner: String? = nil,
        state: TicketState = .open,
        raisedAt: Int64 = 1_700_000_000_000
    ) -> EditRequest {
        var changes: [FieldChange] = [
            .setNumber(TicketField.number, series: "ticket"),
            .set(TicketField.subject, .string(subject), seen: nil),
            .set(TicketField.state, .string(state.rawValue), seen: nil),
            .set(TicketField.raisedAt, .int(raisedAt), seen: nil),
        ]
        if let customer { changes.append(.set(TicketField.customer, .string(customer), seen: nil)) }
        if let owner { changes.append(.set(TicketField.owner, .string(owner), seen: nil)) }
        return EditRequest(actor: anna, edits: [DocumentEdit(.new(Schema.ticket), changes)])
    }

    /// A change of a document that must exist.
    static func change(_ id: DocumentID, _ changes: [FieldChange]) -> EditRequest {
        EditRequest(actor: anna, edits: [DocumentEdit(.id(id, mustExist: true), changes)])
    }
}
