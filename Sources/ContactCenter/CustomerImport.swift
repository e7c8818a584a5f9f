package import Kernel

/// Turns rows of a file into edits of customer files, or says by line and column why not.
///
/// Whom a row is about: the person with the same e-mail address; or with the same phone number and the same name; or
/// with the same name at the same organisation. A known person gets the row's texts, and its numbers and
/// addresses beside those that are there; an empty field takes nothing away.
package struct CustomerImport: Sendable {
    /// A question about customers who exist already.
    package enum Key: Hashable, Sendable {
        /// An e-mail address, in lower case.
        case email(String)
        /// A phone number's longest match key, and the name in lower case.
        case phone(String, name: String)
        /// The name and the organisation's name, in lower case.
        case name(String, organisation: String)
    }

    /// The columns that a file may have.
    package static let columns = [
        "name", "organisation", "department", "title", "phone", "email", "tier", "language",
    ]

    /// Rows read.
    package private(set) var rows = 0
    /// Files to create, in the order of the rows.
    package private(set) var created: [DocumentEdit] = []
    /// Files to change.
    package private(set) var updated: [DocumentEdit] = []
    /// Rows that say nothing new: of persons who are known as such, or who stand in the file twice.
    package private(set) var duplicates = 0
    /// What is wrong.
    ///
    /// With any error nothing shall be imported.
    package private(set) var errors: [ImportError] = []

    private enum Place: Hashable, Sendable {
        case new(Int)
        case known(DocumentID)
    }

    private struct Known: Sendable {
        let document: Document
        let line: Int
        var patch = CustomerPatch()
    }

    private var patches: [(line: Int, patch: CustomerPatch)] = []
    private var documents: [DocumentID: Known] = [:]
    private var places: [Key: Place] = [:]
    private var order: [DocumentID] = []

    private init() {}
}

extension CustomerImport {
    /// Plans the import of rows.
    ///
    /// - Parameter existing: finds the customer file for a key; nil when there is none. What it throws ends the plan.
    package static func plan<Failure: Error>(
        _ rows: [ImportRow],
        existing: (Key) throws(Failure) -> Document?
    ) throws(Failure) -> CustomerImport {
        var plan = CustomerImport()
        plan.rows = rows.count
        for row in rows where plan.errors.count < Limits.importErrorsMax {
            guard let patch = plan.patch(row) else { continue }
            try plan.place(patch, line: row.line, existing)
        }
        plan.finish()
        return plan
    }

    /// Reads a row into a patch; notes every column that is wrong.
    private mutating func patch(_ row: ImportRow) -> CustomerPatch? {
        let before = errors.count
        var patch = CustomerPatch()
        patch.name = row.values["name"]
        patch.organisationName = row.values["organisation"]
        patch.department = row.values["department"]
        patch.title = row.values["title"]
        patch.language = row.values["language"]
        patch.phones = row.values["phone"].map(CustomerImport.parts)
        patch.emails = row.values["email"].map(CustomerImport.parts)
        if let text = row.values["tier"] {
            patch.tier = CustomerTier(name: text)
            if patch.tier == nil {
                let known = CustomerTier.allCases.map(\.name).joined(separator: ", ")
                let message = "\(CustomerPatch.quoted(text)) is no tier; possible: \(known)."
                errors.append(ImportError(line: row.line, column: "tier", message: message))
            }
        }
        do throws(EditRejection) { patch.phones = try patch.phones.map(CustomerPatch.numbers) } catch {
            note(error, line: row.line)
        }
        do throws(EditRejection) { patch.emails = try patch.emails.map(CustomerPatch.addresses) } catch {
            note(error, line: row.line)
        }
        // What else can be wrong, the creation of a file finds.
        if errors.count == before {
            do throws(EditRejection) { _ = try patch.creation() } catch { note(error, line: row.line) }
        }
        return errors.count == before ? patch : nil
    }

    /// Notes what a check of a row rejects.
    private mutating func note(_ rejection: EditRejection, line: Int) {
        let column = rejection.field.map(Self.column(of:))
        errors.append(ImportError(line: line, column: column, message: rejection.message))
    }

    /// The column that fills a field.
    private static func column(of field: String) -> String {
        switch field {
        case "phones": "phone"
        case "emails": "email"
        default: field
        }
    }

    /// Several numbers or addresses in one field: parted by semicolon or bar.
    private static func parts(_ text: String) -> [String] {
        text.split(whereSeparator: { $0 == ";" || $0 == "|" }).map { ChangeList.trimmed($0) }.filter { !$0.isEmpty }
    }

    /// Finds whom a patch is about and adds it to what is known of that person.
    private mutating func place<Failure: Error>(
        _ patch: CustomerPatch,
        line: Int,
        _ existing: (Key) throws(Failure) -> Document?
    ) throws(Failure) {
        let keys = CustomerImport.keys(of: patch)
        for key in keys {
            guard let place = places[key] else { continue }
            add(patch, at: place, keys: keys)
            return
        }
        for key in keys {
            guard let document = try existing(key), document.id.type == Schema.customer, !document.isDeleted else {
                continue
            }
            if documents[document.id] == nil {
                documents[document.id] = Known(document: document, line: line)
                order.append(document.id)
            }
            add(patch, at: .known(document.id), keys: keys)
            return
        }
        patches.append((line, CustomerPatch()))
        add(patch, at: .new(patches.count - 1), keys: keys)
    }

    private mutating func add(_ patch: CustomerPatch, at place: Place, keys: [Key]) {
        switch place {
        case .new(let index): patches[index].patch.add(patch)
        case .known(let id): documents[id]?.patch.add(patch)
        }
        for key in keys where places[key] == nil { places[key] = place }
    }

    /// Makes the edits.
    private mutating func finish() {
        for (line, patch) in patches {
            do throws(EditRejection) { created.append(try patch.creation()) } catch { note(error, line: line) }
        }
        for known in order.compactMap({ documents[$0] }) {
            do throws(EditRejection) {
                let edit = try CustomerImport.edit(of: known.document, adding: known.patch)
                if !edit.changes.isEmpty { updated.append(edit) }
            } catch {
                note(error, line: known.line)
            }
        }
        duplicates = max(0, rows - created.count - updated.count - Set(errors.map(\.line)).count)
    }

    /// The edit that adds to a file; writes that would change nothing are left out.
    private static func edit(
        of document: Document,
        adding addition: CustomerPatch
    ) throws(EditRejection) -> DocumentEdit {
        var patch = addition
        patch.phones = patch.phones.map { $0 + document.texts(CustomerField.phones) }
        patch.emails = patch.emails.map { $0 + document.texts(CustomerField.emails) }
        var edit = try patch.edit(of: document)
        edit.changes.removeAll { change in
            guard case .set(let field, let value, _) = change else { return false }
            return document.value(field) == value
        }
        return edit
    }

    /// The keys by which a person is known, strongest first.
    package static func keys(of patch: CustomerPatch) -> [Key] {
        let name = (patch.name ?? "").lowercased()
        let organisation = (patch.organisationName ?? "").lowercased()
        var keys: [Key] = (patch.emails ?? []).map { .email($0.lowercased()) }
        for phone in patch.phones ?? [] {
            if let key = PhoneNumber.matchKeys(phone).first { keys.append(.phone(key, name: name)) }
        }
        if !name.isEmpty, !organisation.isEmpty { keys.append(.name(name, organisation: organisation)) }
        return keys
    }
}

extension CustomerPatch {
    /// Adds another patch: its texts overwrite, its numbers and addresses join.
    mutating func add(_ other: CustomerPatch) {
        name = other.name ?? name
        organisationName = other.organisationName ?? organisationName
        department = other.department ?? department
        title = other.title ?? title
        language = other.language ?? language
        tier = other.tier ?? tier
        if let numbers = other.phones { phones = (phones ?? []) + numbers }
        if let addresses = other.emails { emails = (emails ?? []) + addresses }
    }
}
