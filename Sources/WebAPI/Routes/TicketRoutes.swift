import ContactCenter
import HTTPTypes
import Hummingbird
import Kernel

/// Tickets.
struct TicketRoutes: Sendable {
    let gateway: any SiteGateway
    let site: SiteID
    let clock: WebClock

    func add(to router: EndpointRouter) {
        router.on(.tickets) { call in try await list(call) }
        router.on(.ticket) { call in
            let ticket = try await read(TicketID(try call.variable("id")))
            return try .versioned(ticket, version: ticket.version, request: call.request)
        }
        router.on(.createTicket) { call in try await create(call) }
        router.on(.changeTicket) { call in try await change(call) }
        router.on(.noteTicket) { call in try await note(call) }
    }

    private func list(_ call: Call) async throws -> Answer {
        var query = call.query()
        let tickets = TicketQuery(
            text: query.text("q") ?? "",
            customer: query.text("customer").map { CustomerID($0) },
            owner: query.text("owner").map { AgentID($0) },
            state: query.choice("state", TicketState.self),
            limit: query.integer("limit", in: 1...Limits.pageItemsMax, default: Limits.pageItemsDefault),
            cursor: query.text("cursor")
        )
        try query.finish()
        return try .json(try await gateway.tickets(tickets))
    }

    private func read(_ id: TicketID) async throws -> TicketResource {
        guard let ticket = try await gateway.ticket(id) else { throw Problem.notFound("There is no such ticket.") }
        return ticket
    }

    private func create(_ call: Call) async throws -> Answer {
        var fields = try call.fields()
        let given = TicketFields(&fields)
        _ = fields.require("subject", given.subject)
        let channel = fields.choice("channel", Channel.self)
        try fields.finish()
        var draft = TicketDraft(site: site, raisedAt: clock.wall())
        draft.subject = given.subject.value ?? ""
        draft.description = given.description.value ?? ""
        draft.category = given.category.value ?? ""
        draft.product = given.product.value ?? ""
        draft.severity = given.severity ?? .normal
        draft.tags = given.tags.value ?? []
        draft.channel = channel.value ?? .voice
        draft.owner = given.owner.value.map { AgentID($0) }
        draft.customer = given.customer.value.map { CustomerID($0) }
        draft.queue = given.queue.value.map { QueueID($0) }
        try await checkLinks(given)
        if let customer = draft.customer,
            let file = try await gateway.document(customer.documentID).flatMap(Customer.init)
        {
            draft.customerTier = file.tier
            draft.organisation = file.organisation
        }
        let request = EditRequest(actor: call.session.actor, edits: try draft.opening())
        let receipt = try await gateway.commit(request, acknowledgement: try call.acknowledgement())
        guard let made = receipt.created.first.flatMap(TicketID.init) else { throw Problem.failed }
        let path = "/api/v1/tickets/\(made.key)"
        return try await written(made, receipt, call, status: .created, headers: [.location: path])
    }

    private func change(_ call: Call) async throws -> Answer {
        // People and links may name a ticket by its number; edits need its key.
        let shown = try await read(TicketID(try call.variable("id")))
        let id = TicketID(shown.id)
        let change = try await RecordChange(id.documentID, what: "ticket", call: call, gateway: gateway)
        var fields = try call.fields()
        let given = TicketFields(&fields)
        for (name, patch) in [("owner", given.owner), ("customer", given.customer), ("subject", given.subject)]
        where patch.isCleared { fields.fail(name, "cannot be taken away") }
        if !given.queue.isAbsent { fields.fail("queue", "cannot be changed") }
        try fields.finish()
        try await checkLinks(given)
        let receipt = try await change.commit(try await edits(given, of: change.document))
        return try await written(id, receipt, call)
    }

    /// The edits of a change; each builder sees the ticket as the one before it leaves it, so that taking a ticket
    /// and resolving it can be one request.
    private func edits(_ given: TicketFields, of document: Document) async throws -> [DocumentEdit] {
        var preview = document
        var edits: [DocumentEdit] = []
        func take(_ more: [DocumentEdit]) {
            edits += more
            for edit in more where edit.target == .id(document.id, mustExist: true) { preview.pretend(edit) }
        }
        var tier = CustomerTier.standard
        if let customer = given.customer.value ?? Ticket(document)?.customer?.key {
            let file = try await gateway.document(CustomerID(customer).documentID)
            tier = file.flatMap(Customer.init)?.tier ?? .standard
        }
        if let customer = given.customer.value, Ticket(document)?.customer?.key != customer {
            take(try TicketEdit.link(preview, to: CustomerID(customer)))
        }
        if let owner = given.owner.value, Ticket(document)?.owner?.key != owner {
            take([try TicketEdit.assign(preview, to: AgentID(owner))])
        }
        take([try given.patch.edit(of: preview, tier: tier)])
        if let state = given.state { take([try TicketEdit.change(preview, to: state, at: clock.wall())]) }
        return edits
    }

    private func note(_ call: Call) async throws -> Answer {
        let shown = try await read(TicketID(try call.variable("id")))
        let edit = try NoteEdit.ticket(TicketID(shown.id), text: try NoteFields.text(call))
        let request = EditRequest(actor: call.session.actor, edits: [edit])
        let receipt = try await gateway.commit(request, acknowledgement: try call.acknowledgement())
        return try await written(TicketID(shown.id), receipt, call, status: .created)
    }

    private func written(
        _ id: TicketID,
        _ receipt: CommitReceipt?,
        _ call: Call,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        let ticket = try await read(id)
        let body = Written(resource: ticket, receipt: ReceiptResource(receipt))
        return try .versioned(body, version: ticket.version, request: call.request, status: status, headers: headers)
            .telling(receipt)
    }

    /// A ticket must not point to what this site does not know.
    private func checkLinks(_ given: TicketFields) async throws {
        var problems: [FieldProblem] = []
        if let key = given.customer.value, try await gateway.customer(CustomerID(key)) == nil {
            problems.append(FieldProblem(field: "customer", message: "there is no such customer"))
        }
        if let key = given.owner.value, try await gateway.agent(AgentID(key)) == nil {
            problems.append(FieldProblem(field: "owner", message: "there is no such agent"))
        }
        if let key = given.queue.value, try await gateway.queue(QueueID(key)) == nil {
            problems.append(FieldProblem(field: "queue", message: "there is no such queue"))
        }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
    }
}

extension Document {
    /// Shows what the document would be after an edit's register writes; for builders only, never stored.
    fileprivate mutating func pretend(_ edit: DocumentEdit) {
        guard let origin = version.heads.first?.origin else { return }
        let op = Op(
            dot: Dot(origin: origin, sequence: .max),
            stamp: updated,
            actor: .system,
            needs: VersionVector(),
            changes: []
        )
        let mutations = edit.changes.compactMap { change -> Mutation? in
            guard case .set(let field, let value, _) = change else { return nil }
            return .set(field, value, seen: registers[field]?.writes.map(\.dot) ?? [])
        }
        apply(DocumentChange(document: id, mutations: mutations), of: op, schema: Schema.documents)
    }
}
