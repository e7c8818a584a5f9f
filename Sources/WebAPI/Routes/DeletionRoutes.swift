import ContactCenter
import HTTPTypes
import Kernel

/// Deleting customer files and tickets, for good and at all sites.
///
/// What somebody else writes to one meanwhile, without knowing, is kept in the lost-and-found.
struct DeletionRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.deleteCustomer) { call in
            try await delete(CustomerID(try call.variable("id")).documentID, what: "customer", call)
        }
        router.on(.deleteTicket) { call in
            try await delete(TicketID(try call.variable("id")).documentID, what: "ticket", call)
        }
    }

    private func delete(_ id: DocumentID, what: String, _ call: Call) async throws -> Answer {
        try call.expectNoFields()
        let change = try await RecordChange(id, what: what, call: call, gateway: gateway)
        guard let receipt = try await change.commit([DocumentEdit(.id(id, mustExist: true), [.delete])]) else {
            throw Problem.failed
        }
        let deleted = Deleted(
            document: DocumentResource(type: what, key: id.key),
            receipt: ReceiptResource(receipt)
        )
        return try .json(deleted).telling(receipt)
    }

    private struct Deleted: Encodable {
        var document: DocumentResource
        var receipt: ReceiptResource
    }
}
