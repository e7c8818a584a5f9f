import ContactCenter
import HTTPTypes
import Kernel

/// Contacts, and why they went where they went.
struct ContactRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.contacts) { _ in try .json(ListResource(items: try await gateway.wall().contacts)) }
        router.on(.contact) { call in
            guard let contact = try await gateway.contact(ContactID(try call.variable("id"))) else {
                throw Problem.notFound("There is no such contact.")
            }
            return try .json(contact)
        }
        router.on(.explanation) { call in
            guard let explanation = try await gateway.explanation(ContactID(try call.variable("id"))) else {
                throw Problem.notFound("No decision about this contact is kept at this site.")
            }
            return try .json(explanation)
        }
        router.on(.openContact) { call in try await open(call) }
        router.on(.closeContact) { call in try await close(call) }
        router.on(.callBack) { call in try await callBack(call) }
    }

    private func open(_ call: Call) async throws -> Answer {
        var fields = try call.fields()
        let given = ContactFields(&fields)
        try fields.finish()
        var wish = given.wish
        wish.ticket = try await checkLinks(wish)
        return try opened(try await gateway.openContact(wish, by: call.session.actor))
    }

    /// A contact must not point to what this site does not know; returns the key of the ticket, which people may name
    /// by its number.
    private func checkLinks(_ wish: ContactWish) async throws -> TicketID? {
        var problems: [FieldProblem] = []
        if try await gateway.queue(wish.queue) == nil {
            problems.append(FieldProblem(field: "queue", message: "there is no such queue"))
        }
        if let customer = wish.customer, try await gateway.customer(customer) == nil {
            problems.append(FieldProblem(field: "customer", message: "there is no such customer"))
        }
        var ticket: TicketID?
        if let named = wish.ticket {
            ticket = try await gateway.ticket(named).map { TicketID($0.id) }
            if ticket == nil { problems.append(FieldProblem(field: "ticket", message: "there is no such ticket")) }
        }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
        return ticket
    }

    private func close(_ call: Call) async throws -> Answer {
        let contact = ContactID(try call.variable("id"))
        var fields = try call.optionalFields()
        let ending = fields.choice("by", ContactFields.Closer.self).value ?? .customer
        let reason = fields.shortLine("reason").value ?? ""
        try fields.finish()
        try await gateway.closeContact(contact, by: ending.endedBy, reason: reason, actor: call.session.actor)
        return Answer(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private func callBack(_ call: Call) async throws -> Answer {
        let contact = ContactID(try call.variable("id"))
        var fields = try call.optionalFields()
        let number = fields.shortLine("number").value ?? ""
        if !number.isEmpty, PhoneNumber.normalised(number) == nil { fields.fail("number", "must be a number to dial") }
        try fields.finish()
        return try opened(try await gateway.callBack(contact, number: number, by: call.session.actor))
    }

    private func opened(_ contact: OpenedContactResource) throws -> Answer {
        try .json(contact, status: .created, headers: [.location: "/api/v1/contacts/\(contact.id)"])
    }
}
