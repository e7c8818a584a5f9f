import ContactCenter
import GRDB
import Kernel

/// The rows of customers: order by name, search, phone numbers, e-mail addresses.
final class CustomerTable {
    private let index: WordIndex
    private let upsert: BoundStatement
    private let delete: BoundStatement
    private let addPhone: BoundStatement
    private let addPhoneKey: BoundStatement
    private let deletePhones: BoundStatement
    private let deletePhoneKeys: BoundStatement
    private let addEmail: BoundStatement
    private let deleteEmails: BoundStatement

    init(_ db: Database) throws {
        index = try WordIndex(db, table: "customer")
        upsert = try BoundStatement(
            db,
            """
            INSERT INTO customer(id, key, sort_name, organisation, tier, words) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET sort_name = excluded.sort_name, organisation = excluded.organisation,
                tier = excluded.tier, words = excluded.words
            """
        )
        delete = try BoundStatement(db, "DELETE FROM customer WHERE id = ?")
        addPhone = try BoundStatement(
            db,
            "INSERT OR REPLACE INTO customer_phone(customer, digits, reversed) VALUES (?, ?, ?)"
        )
        addPhoneKey = try BoundStatement(
            db,
            "INSERT OR REPLACE INTO customer_phone_key(key, customer) VALUES (?, ?)"
        )
        deletePhones = try BoundStatement(db, "DELETE FROM customer_phone WHERE customer = ?")
        deletePhoneKeys = try BoundStatement(db, "DELETE FROM customer_phone_key WHERE customer = ?")
        addEmail = try BoundStatement(db, "INSERT OR REPLACE INTO customer_email(customer, address) VALUES (?, ?)")
        deleteEmails = try BoundStatement(db, "DELETE FROM customer_email WHERE customer = ?")
    }

    /// The registers that the rows are made of.
    private static let registers = [
        CustomerField.name, CustomerField.organisation, CustomerField.organisationName, CustomerField.tier,
        CustomerField.department, CustomerField.title,
    ]

    func replace(id: Int64, before: Document?, after: Document) throws {
        let lists = [CustomerField.phones, CustomerField.emails]
        if after.shows(like: before, registers: Self.registers, sets: lists) { return }
        let old = before == nil ? nil : try index.words(id)
        let phonesChanged = before?.members(CustomerField.phones) != after.members(CustomerField.phones)
        let emailsChanged = before?.members(CustomerField.emails) != after.members(CustomerField.emails)
        if before != nil, phonesChanged {
            try deletePhones.run { $0.bind(1, id) }
            try deletePhoneKeys.run { $0.bind(1, id) }
        }
        if before != nil, emailsChanged { try deleteEmails.run { $0.bind(1, id) } }
        guard !after.isDeleted else {
            if let old { try index.remove(id: id, words: old) }
            try delete.run { $0.bind(1, id) }
            return
        }
        let words = self.words(after)
        try index.replace(id: id, old: old, new: words)
        try upsert.run {
            $0.bind(1, id)
            $0.bind(2, after.id.key)
            $0.bind(3, SearchText.sortName(after.text(CustomerField.name) ?? ""))
            $0.bind(4, after.text(CustomerField.organisation))
            $0.bind(5, after.value(CustomerField.tier)?.int ?? 0)
            $0.bind(6, words)
        }
        if phonesChanged { try addPhones(id: id, after.texts(CustomerField.phones)) }
        if emailsChanged { try addEmails(id: id, after.texts(CustomerField.emails)) }
    }

    /// What a customer is found by; the name and the organisation's also by their reading.
    private func words(_ customer: Document) -> String {
        index.prepared(
            names: [customer.text(CustomerField.name), customer.text(CustomerField.organisationName)]
                .compactMap(\.self),
            texts: customer.texts(CustomerField.phones).flatMap(PhoneDigits.tails)
                + customer.texts(CustomerField.emails)
                + [customer.text(CustomerField.department), customer.text(CustomerField.title)].compactMap(\.self)
        )
    }

    private func addPhones(id: Int64, _ phones: [String]) throws {
        for phone in phones {
            let digits = PhoneDigits.of(phone)
            try addPhone.run {
                $0.bind(1, id)
                $0.bind(2, digits)
                $0.bind(3, String(digits.reversed()))
            }
            for key in PhoneNumber.matchKeys(phone) {
                try addPhoneKey.run {
                    $0.bind(1, key)
                    $0.bind(2, id)
                }
            }
        }
    }

    private func addEmails(id: Int64, _ emails: [String]) throws {
        for email in emails {
            try addEmail.run {
                $0.bind(1, id)
                $0.bind(2, email.lowercased())
            }
        }
    }
}
