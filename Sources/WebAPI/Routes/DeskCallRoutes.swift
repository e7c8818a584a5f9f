import ContactCenter
import Kernel

/// What an agent does with a call, and a supervisor with another's.
struct DeskCallRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        for (endpoint, order) in [
            (.deskHold, DeskOrder.hold), (.deskResume, DeskOrder.resume), (.deskSwap, DeskOrder.swap),
            (.deskCompleteTransfer, DeskOrder.completeTransfer), (.deskEndConsult, DeskOrder.endConsult),
            (.deskConference, DeskOrder.conference),
        ] as [(Endpoint, @Sendable (ContactID) -> DeskOrder)] {
            router.on(endpoint) { call in
                try call.expectNoFields()
                return try await perform(order(try contact(call)), call)
            }
        }
        router.on(.deskTransfer) { call in try await perform(.transfer(try contact(call), to: try target(call)), call) }
        router.on(.deskConsult) { call in try await perform(.consult(try contact(call), with: try target(call)), call) }
        router.on(.deskDigits) { call in try await perform(try digits(call), call) }
        router.on(.deskRecording) { call in try await perform(try recording(call), call) }
        router.on(.deskDial) { call in try await perform(try await dial(call), call) }
        router.on(.supervise) { call in try await perform(try supervision(call), call) }
        router.on(.stopSupervising) { call in
            try call.expectNoFields()
            return try await perform(.stopSupervising, call)
        }
    }

    private func contact(_ call: Call) throws -> ContactID { ContactID(try call.variable("id")) }

    private func target(_ call: Call) throws -> CallTarget {
        var fields = try call.fields()
        let target = fields.target()
        try fields.finish()
        // `finish` has thrown when there is none.
        return target ?? .number("")
    }

    private func digits(_ call: Call) throws -> DeskOrder {
        var fields = try call.fields()
        let digits = fields.require("digits", fields.digits("digits"))
        try fields.finish()
        return .sendDigits(try contact(call), digits ?? "")
    }

    private func recording(_ call: Call) throws -> DeskOrder {
        var fields = try call.fields()
        let isPaused = fields.require("paused", fields.bool("paused"))
        try fields.finish()
        return .pauseRecording(try contact(call), isPaused ?? true)
    }

    private func supervision(_ call: Call) throws -> DeskOrder {
        var fields = try call.fields()
        let contact = fields.require("contact", fields.line("contact", max: Limits.documentKeyBytesMax))
        let mode = fields.require("mode", fields.choice("mode", SupervisionMode.self))
        try fields.finish()
        return .supervise(ContactID(contact ?? ""), mode ?? .listen)
    }

    /// A call out must not be filed where this site knows nothing; people may name the ticket by its number.
    private func dial(_ call: Call) async throws -> DeskOrder {
        var fields = try call.fields()
        let number = fields.require("number", fields.dialNumber("number"))
        let named = fields.line("ticket", max: Limits.documentKeyBytesMax).value.map { TicketID($0) }
        let customer = fields.line("customer", max: Limits.documentKeyBytesMax).value.map { CustomerID($0) }
        var ticket: TicketID?
        if let named {
            ticket = try await gateway.ticket(named).map { TicketID($0.id) }
            if ticket == nil { fields.fail("ticket", "there is no such ticket") }
        }
        if let customer, try await gateway.customer(customer) == nil {
            fields.fail("customer", "there is no such customer")
        }
        try fields.finish()
        return .dial(number: number ?? "", ticket: ticket, customer: customer)
    }

    private func perform(_ order: DeskOrder, _ call: Call) async throws -> Answer {
        guard let agent = call.session.agent else { throw Problem.forbidden("This account belongs to no agent.") }
        return try .json(try await gateway.perform(order, for: agent, by: call.session.actor))
    }
}
