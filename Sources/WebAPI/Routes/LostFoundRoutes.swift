import ContactCenter
import HTTPTypes
import Kernel

/// What was written to documents that others had deleted, and the end of it.
struct LostFoundRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.lostFound) { call in
            var query = call.query()
            let limit = query.integer("limit", in: 1...Limits.pageItemsMax, default: Limits.pageItemsDefault)
            let cursor = query.text("cursor")
            try query.finish()
            return try .json(try await gateway.lostFound(limit: limit, cursor: cursor))
        }
        router.on(.settleLostFound) { call in try await settle(call) }
    }

    /// Deletes the document once more, by somebody who has seen what was lost in it.
    private func settle(_ call: Call) async throws -> Answer {
        try call.expectNoFields()
        let acknowledgement = try call.acknowledgement()
        guard let type = DocumentTypeName.type(try call.variable("type")),
            let document = try await gateway.document(DocumentID(type: type, key: try call.variable("key"))),
            document.remains != nil
        else { throw Problem.notFound("There is nothing lost of such a document, or somebody has settled it.") }
        let edit = DocumentEdit(.id(document.id, mustExist: true), [.delete])
        let request = EditRequest(actor: call.session.actor, edits: [edit])
        let receipt = try await gateway.commit(request, acknowledgement: acknowledgement)
        let settled = Settled(
            document: DocumentResource(type: DocumentTypeName.text(type), key: document.id.key),
            receipt: ReceiptResource(receipt)
        )
        return try .json(settled).telling(receipt)
    }

    private struct Settled: Encodable {
        var document: DocumentResource
        var receipt: ReceiptResource
    }
}
