import ContactCenter
import HTTPTypes
import Hummingbird
import Kernel

/// Customer files.
struct CustomerRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.customers) { call in try await list(call) }
        router.on(.customer) { call in
            let customer = try await read(CustomerID(try call.variable("id")))
            return try .versioned(customer, version: customer.version, request: call.request)
        }
        router.on(.createCustomer) { call in try await create(call) }
        router.on(.changeCustomer) { call in try await change(call) }
        router.on(.noteCustomer) { call in try await note(call) }
        router.on(.importCustomers) { call in try await importCSV(call) }
    }

    private func list(_ call: Call) async throws -> Answer {
        var query = call.query()
        let text = query.text("q") ?? ""
        let limit = query.integer("limit", in: 1...Limits.pageItemsMax, default: Limits.pageItemsDefault)
        let cursor = query.text("cursor")
        try query.finish()
        return try .json(try await gateway.customers(CustomerQuery(text: text, limit: limit, cursor: cursor)))
    }

    private func read(_ id: CustomerID) async throws -> CustomerResource {
        guard let customer = try await gateway.customer(id) else {
            throw Problem.notFound("There is no such customer.")
        }
        return customer
    }

    private func create(_ call: Call) async throws -> Answer {
        var fields = try call.fields()
        let patch = CustomerFields.patch(&fields, current: nil)
        try fields.finish()
        let request = EditRequest(actor: call.session.actor, edits: [try patch.creation()])
        let receipt = try await gateway.commit(request, acknowledgement: try call.acknowledgement())
        guard let made = receipt.created.first.flatMap(CustomerID.init) else { throw Problem.failed }
        let path = "/api/v1/customers/\(made.key)"
        return try await written(made, receipt, call, status: .created, headers: [.location: path])
    }

    private func change(_ call: Call) async throws -> Answer {
        // A file that was merged into another is changed where it is shown.
        let id = CustomerID(try await read(CustomerID(try call.variable("id"))).id)
        let change = try await RecordChange(id.documentID, what: "customer", call: call, gateway: gateway)
        var fields = try call.fields()
        let patch = CustomerFields.patch(&fields, current: change.document)
        try fields.finish()
        let receipt = try await change.commit([try patch.edit(of: change.document)])
        return try await written(id, receipt, call)
    }

    private func note(_ call: Call) async throws -> Answer {
        let text = try NoteFields.text(call)
        let id = CustomerID(try await read(CustomerID(try call.variable("id"))).id)
        let edit = try NoteEdit.customer(id, text: text)
        let request = EditRequest(actor: call.session.actor, edits: [edit])
        let receipt = try await gateway.commit(request, acknowledgement: try call.acknowledgement())
        return try await written(id, receipt, call, status: .created)
    }

    private func written(
        _ id: CustomerID,
        _ receipt: CommitReceipt?,
        _ call: Call,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        let customer = try await read(id)
        let body = Written(resource: customer, receipt: ReceiptResource(receipt))
        return try .versioned(body, version: customer.version, request: call.request, status: status, headers: headers)
            .telling(receipt)
    }

    private func importCSV(_ call: Call) async throws -> Answer {
        var query = call.query()
        let dryRun = query.bool("dryRun", default: false)
        let acknowledgement = try query.acknowledgement()
        try query.finish()
        let type = call.request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().trimmed
        guard type == "text/csv" else { throw Problem.wrongType("text/csv in UTF-8") }
        guard !call.body.isEmpty else { throw Problem.malformed("The body is missing; it must be CSV.") }
        let done = try await gateway.importCustomers(
            csv: call.body,
            dryRun: dryRun,
            by: call.session.actor,
            acknowledgement: acknowledgement
        )
        let status: HTTPResponse.Status = done.report.errors.isEmpty ? .ok : .unprocessableContent
        return try .json(done.report, status: status).telling(done.receipt)
    }
}

/// The fields of a customer's file in a request.
enum CustomerFields {
    /// Takes all fields; `current` is the file to be changed, nil for a new one.
    static func patch(_ fields: inout BodyFields, current: Document?) -> CustomerPatch {
        var patch = CustomerPatch()
        patch.name = fields.line("name").textOrEmpty
        patch.organisationName = fields.line("organisation").textOrEmpty
        // A name that is written stands for itself; the link to an organisation's own record would hide it.
        if patch.organisationName != nil, current?.value(CustomerField.organisation) != nil {
            patch.organisation = OrganisationID("")
        }
        patch.department = fields.line("department").textOrEmpty
        patch.title = fields.line("title").textOrEmpty
        patch.language = fields.line("language", max: 35).textOrEmpty
        patch.phones = fields.list("phones").itemsOrEmpty
        patch.emails = fields.list("emails").itemsOrEmpty
        switch fields.choice("tier", TierName.self) {
        case .absent: break
        case .cleared: patch.tier = .standard
        case .value(let tier): patch.tier = tier.tier
        }
        return patch
    }
}

/// The body of a note.
enum NoteFields {
    static func text(_ call: Call) throws -> String {
        var fields = try call.fields()
        let text = fields.require("text", fields.lines("text"))
        try fields.finish()
        return text ?? ""
    }
}

extension Patch where Wrapped == String {
    /// What the edit builders expect: nil changes nothing, an empty text clears.
    var textOrEmpty: String? {
        switch self {
        case .absent: nil
        case .cleared: ""
        case .value(let text): text
        }
    }
}

extension Patch where Wrapped == [String] {
    /// What the edit builders expect: nil changes nothing, no items clear.
    var itemsOrEmpty: [String]? {
        switch self {
        case .absent: nil
        case .cleared: []
        case .value(let items): items
        }
    }
}
