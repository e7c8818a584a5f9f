import ContactCenter
import HTTPTypes
import Hummingbird
import Kernel

/// Queues, and the check of all rules.
///
/// Nothing is deleted: the contacts of the past keep the name of their queue.
struct QueueRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.queues) { _ in try .json(ListResource(items: try await gateway.queues())) }
        router.on(.queue) { call in
            guard let queue = try await gateway.queue(QueueID(try call.variable("id"))) else {
                throw Problem.notFound("There is no such queue.")
            }
            return try .versioned(queue, version: queue.version, request: call.request)
        }
        router.on(.putQueue) { call in try await put(call, mustExist: false) }
        router.on(.changeQueue) { call in try await put(call, mustExist: true) }
        router.on(.routingChecks) { _ in
            let findings = try await RuleBook(gateway).rules().check()
            return try .json(ListResource(items: findings.map(RoutingFindingResource.init)))
        }
    }

    private func put(_ call: Call, mustExist: Bool) async throws -> Answer {
        let id = QueueID(try call.variable("id"))
        let put = try await RulePut(id.documentID, what: "queue", mustExist: mustExist, call: call, gateway: gateway)
        var fields = try call.fields()
        let change = QueueFields.change(&fields, isNew: put.document == nil)
        try fields.finish()
        let edit = try change.put(id, over: put.document)
        let book = try await RuleBook(gateway)
        if let numbers = change.numbers { try checkNumbers(numbers, of: id, book) }
        let standing = put.document.flatMap(Queue.init) ?? Queue(id: id)
        let wanted = change.rules(over: standing)
        // What stands may have gone wrong elsewhere; a change that does not touch it must still be possible.
        if wanted != standing { try book.check(wanted) }
        let receipt = try await put.commit(edit)
        guard let queue = try await gateway.queue(id) else { throw Problem.failed }
        let warnings = book.rules(with: wanted).warnings(of: id.documentID)
        let body = WrittenRule(
            resource: queue,
            receipt: ReceiptResource(receipt),
            warnings: warnings.map(RoutingFindingResource.init)
        )
        return try .versioned(body, version: queue.version, request: call.request, status: put.status)
            .telling(receipt)
    }

    /// A dialled number leads to one queue.
    private func checkNumbers(_ numbers: [String], of id: QueueID, _ book: RuleBook) throws {
        let wanted = Set(numbers.compactMap { PhoneNumber.normalised($0) })
        for queue in book.queues where queue.id != id {
            guard let taken = queue.numbers.first(where: wanted.contains) else { continue }
            let message = "\(taken) already leads to the queue \(queue.id)"
            throw Problem.invalid([FieldProblem(field: "numbers", message: message)])
        }
    }
}
