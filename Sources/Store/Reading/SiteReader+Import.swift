package import ContactCenter
import GRDB
import Kernel

extension SiteReader {
    /// Plans the import of a file of customers against what is stored, in one consistent picture; stores nothing.
    ///
    /// With errors in the plan nothing may be imported; otherwise `EditRequest.forImport` makes the requests, which
    /// go into one commit and so become durable together.
    package func planImport(_ csv: [UInt8]) async throws(StoreFailure) -> (plan: CustomerImport, errors: [ImportError])
    {
        let file = ImportFile(csv, columns: CustomerImport.columns, required: ["name"])
        return try await read("plan an import", milliseconds: Limits.importPlanMillisecondsMax) { db in
            let finder = ImportFinder(db)
            let plan = try CustomerImport.plan(file.rows) { key in try finder.customer(key) }
            let errors = (file.errors + plan.errors).sorted { $0.line < $1.line }
            return (plan, Array(errors.prefix(Limits.importErrorsMax)))
        }
    }
}

/// Finds customers that exist already by what an import knows of them.
private struct ImportFinder {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    /// The first customer, in order of keys, that the key fits.
    func customer(_ key: CustomerImport.Key) throws -> Document? {
        switch key {
        case .email(let address):
            return try find("SELECT customer FROM customer_email WHERE address = ?", [address]).first
        case .phone(let digits, let name):
            let found = try find("SELECT customer FROM customer_phone_key WHERE key = ?", [digits])
            return found.first { Customer($0)?.name.lowercased() == name }
        case .name(let name, let organisation):
            let found = try find("SELECT id FROM customer WHERE sort_name = ?", [SearchText.sortName(name)])
            return found.first { document in
                guard let customer = Customer(document), customer.name.lowercased() == name else { return false }
                return customer.organisationName.lowercased() == organisation
            }
        }
    }

    private func find(_ rows: String, _ arguments: StatementArguments) throws -> [Document] {
        try DocumentRows.all(
            db,
            """
            SELECT type, key, body FROM document WHERE id IN (\(rows) LIMIT \(Limits.importCandidatesMax))
            ORDER BY key
            """,
            arguments
        )
    }
}
