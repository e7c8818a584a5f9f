import ContactCenter
import Kernel

/// What an agent does at the desk.
struct DeskRoutes: Sendable {
    let gateway: any SiteGateway

    /// What an agent asks for.
    private enum Wish: String, CaseIterable {
        case ready, notReady
    }

    private enum WrapUp: String, CaseIterable {
        case finish, extend
    }

    func add(to router: EndpointRouter) {
        router.on(.desk) { call in
            let agent = try agent(call)
            guard let desk = try await gateway.desk(agent) else {
                throw Problem.notFound("There is no agent \(agent) at this site.")
            }
            return try .json(desk)
        }
        router.on(.deskSignIn) { call in
            try call.expectNoFields()
            return try await perform(.signIn, call)
        }
        router.on(.deskSignOut) { call in
            try call.expectNoFields()
            return try await perform(.signOut, call)
        }
        router.on(.deskState) { call in try await perform(try state(call), call) }
        router.on(.deskWrapUp) { call in try await perform(try wrapUp(call), call) }
        router.on(.deskHangUp) { call in try await perform(try hangUp(call), call) }
        router.on(.deskLinkCustomer) { call in try await perform(try link(call), call) }
        for (endpoint, order) in [
            (.deskAccept, DeskOrder.accept), (.deskDecline, DeskOrder.decline), (.deskFinish, DeskOrder.finish),
        ] as [(Endpoint, @Sendable (ContactID) -> DeskOrder)] {
            router.on(endpoint) { call in
                try call.expectNoFields()
                return try await perform(order(try contact(call)), call)
            }
        }
        router.on(.deskContactWrapUp) { call in
            let contact = try contact(call)
            let isLonger = try wrapUp(call) == .extendWrapUp
            return try await perform(isLonger ? .extendWrapUpOf(contact) : .finishWrapUpOf(contact), call)
        }
    }

    private func contact(_ call: Call) throws -> ContactID { ContactID(try call.variable("id")) }

    private func state(_ call: Call) throws -> DeskOrder {
        var fields = try call.fields()
        let wish = fields.require("state", fields.choice("state", Wish.self))
        let reason = fields.line("reason", max: 100)
        if wish == .notReady { _ = fields.require("reason", reason) }
        try fields.finish()
        return wish == .ready ? .ready : .notReady(reason: reason.value ?? "")
    }

    private func wrapUp(_ call: Call) throws -> DeskOrder {
        var fields = try call.fields()
        let action = fields.require("action", fields.choice("action", WrapUp.self))
        try fields.finish()
        return action == .extend ? .extendWrapUp : .finishWrapUp
    }

    private func hangUp(_ call: Call) throws -> DeskOrder {
        var fields = try call.fields()
        let contact = fields.require("contact", fields.line("contact", max: Limits.documentKeyBytesMax))
        try fields.finish()
        return .hangUp(ContactID(contact ?? ""))
    }

    private func link(_ call: Call) throws -> DeskOrder {
        var fields = try call.fields()
        let contact = fields.require("contact", fields.line("contact", max: Limits.documentKeyBytesMax))
        let customer = fields.require("customer", fields.line("customer", max: Limits.documentKeyBytesMax))
        try fields.finish()
        return .linkCustomer(ContactID(contact ?? ""), CustomerID(customer ?? ""))
    }

    private func perform(_ order: DeskOrder, _ call: Call) async throws -> Answer {
        try .json(try await gateway.perform(order, for: try agent(call), by: call.session.actor))
    }

    private func agent(_ call: Call) throws -> AgentID {
        guard let agent = call.session.agent else { throw Problem.forbidden("This account belongs to no agent.") }
        return agent
    }
}
