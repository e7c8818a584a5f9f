import ContactCenter
import Kernel

/// Merging two customer files or two tickets into one, and undoing it.
struct MergeRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.mergeCustomer) { call in try await customers(call, merging) }
        router.on(.unmergeCustomer) { call in try await customers(call, parting) }
        router.on(.mergeTicket) { call in try await tickets(call, merging) }
        router.on(.unmergeTicket) { call in try await tickets(call, parting) }
    }

    /// Says what to write, of two keys and the merges around them.
    private typealias Decision = @Sendable (String, String, MergeGraph) throws -> [DocumentEdit]

    private var merging: Decision {
        { key, other, graph in [try MergeEdit.merge(key, with: other, in: graph)] }
    }

    private var parting: Decision {
        { key, other, graph in try MergeEdit.undo(key, from: other, in: graph) }
    }

    private func customers(_ call: Call, _ decision: Decision) async throws -> Answer {
        let key = try call.variable("id")
        let other = try Self.other(call)
        let receipt = try await commit(Schema.customer, key, other, call, decision)
        guard let file = try await gateway.customer(CustomerID(key)) else {
            throw Problem.notFound("There is no such customer.")
        }
        let body = Written(resource: file, receipt: ReceiptResource(receipt))
        return try .versioned(body, version: file.version, request: call.request).telling(receipt)
    }

    private func tickets(_ call: Call, _ decision: Decision) async throws -> Answer {
        let key = try await ticketKey(try call.variable("id"))
        let other = try await ticketKey(try Self.other(call))
        let receipt = try await commit(Schema.ticket, key, other, call, decision)
        guard let ticket = try await gateway.ticket(TicketID(key)) else {
            throw Problem.notFound("There is no such ticket.")
        }
        let body = Written(resource: ticket, receipt: ReceiptResource(receipt))
        return try .versioned(body, version: ticket.version, request: call.request).telling(receipt)
    }

    private func commit(
        _ type: DocumentType,
        _ key: String,
        _ other: String,
        _ call: Call,
        _ decision: Decision
    ) async throws -> CommitReceipt {
        let graph = try await gateway.mergeGraph(type, [key, other])
        let request = EditRequest(actor: call.session.actor, edits: try decision(key, other, graph))
        return try await gateway.commit(request, acknowledgement: try call.acknowledgement())
    }

    private static func other(_ call: Call) throws -> String {
        var fields = try call.fields()
        let other = fields.require("other", fields.line("other", max: Limits.pathVariableBytesMax))
        try fields.finish()
        return other ?? ""
    }

    /// The key of the ticket itself, where people and links name it by its number; the text as it is for no ticket.
    private func ticketKey(_ text: String) async throws -> String {
        guard let shown = try await gateway.ticket(TicketID(text)) else { return text }
        let number = text.uppercased()
        if shown.number == number { return shown.id }
        return shown.mergedFrom.first { $0.number == number }?.id ?? text
    }
}
