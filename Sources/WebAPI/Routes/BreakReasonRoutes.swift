import ContactCenter
import HTTPTypes
import Hummingbird
import Kernel

/// Break reasons; one that is no longer wanted becomes inactive, because figures of the past name it.
struct BreakReasonRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.breakReasons) { _ in
            try .json(ListResource(items: try await all().map(BreakReasonResource.init)))
        }
        router.on(.putBreakReason) { call in try await put(call) }
    }

    private func all() async throws -> [BreakReason] {
        BreakReason.all(recorded: try await gateway.documents(of: Schema.breakReason).compactMap { BreakReason($0) })
    }

    private func put(_ call: Call) async throws -> Answer {
        let id = BreakReasonID(try call.variable("id"))
        let what = "break reason"
        let put = try await RulePut(id.documentID, what: what, mustExist: false, call: call, gateway: gateway)
        let known = try await all()
        let isNew = !known.contains { $0.id == id }
        var fields = try call.fields()
        let change = BreakReasonFields.change(&fields, isNew: isNew)
        if isNew, known.count >= Limits.breakReasonsMax {
            fields.fail("id", "there are \(Limits.breakReasonsMax) reasons already; change one that is not in use")
        }
        try fields.finish()
        let receipt = try await put.commit(try change.put(id, over: put.document))
        guard let reason = try await all().first(where: { $0.id == id }) else { throw Problem.failed }
        let body = Written(resource: BreakReasonResource(reason), receipt: ReceiptResource(receipt))
        let status: HTTPResponse.Status = isNew ? .created : .ok
        return try .versioned(body, version: reason.version, request: call.request, status: status).telling(receipt)
    }
}

/// The fields of a break reason in a request.
enum BreakReasonFields {
    static func change(_ fields: inout BodyFields, isNew: Bool) -> BreakReasonChange {
        var change = BreakReasonChange()
        let name = fields.line("name")
        if isNew || name.isCleared { _ = fields.require("name", name) }
        change.name = name.value
        change.nameHans = fields.line("nameHans").textOrEmpty
        change.nameHant = fields.line("nameHant").textOrEmpty
        change.isPaid = fields.bool("paid").value
        change.isActive = fields.bool("active").value
        change.order = fields.integer("order", in: 0...1_000).value
        switch fields.integer("longestMinutes", in: 1...Limits.breakMinutesMax) {
        case .absent: break
        case .cleared: change.longestMinutes = .some(nil)
        case .value(let minutes): change.longestMinutes = .some(minutes)
        }
        return change
    }
}
