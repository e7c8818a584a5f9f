import ContactCenter
import Kernel

/// Overwritten values, and what people decide about them.
struct ConflictRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.conflicts) { _ in
            try .json(ListResource(items: try await gateway.conflicts(limit: Limits.conflictsListedMax)))
        }
        router.on(.restoreConflict) { call in try await decide(.restore, call) }
        router.on(.dismissConflict) { call in try await decide(.dismiss, call) }
    }

    private func decide(_ decision: ConflictDecision, _ call: Call) async throws -> Answer {
        try call.expectNoFields()
        guard let id = ConflictID(text: try call.variable("id")),
            let document = try await gateway.document(id.document),
            document.conflicts.contains(where: { $0.id == id })
        else { throw Problem.notFound("There is no such conflict, or somebody has decided about it.") }
        let request = id.request(decision, actor: call.session.actor)
        let receipt = try await gateway.commit(request, acknowledgement: try call.acknowledgement())
        let decided = Decided(id: id.text, decision: decision.rawValue, receipt: ReceiptResource(receipt))
        return try .json(decided).telling(receipt)
    }

    private struct Decided: Encodable {
        var id: String
        var decision: String
        var receipt: ReceiptResource
    }
}
