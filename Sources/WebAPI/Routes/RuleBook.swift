import ContactCenter
import HTTPTypes
import HummingbirdCore
import Kernel

/// All records that the rules of routing are about, read at once.
struct RuleBook: Sendable {
    let queues: [Queue]
    let calendars: [ContactCenter.Calendar]
    let agents: [Agent]
    let sites: [SiteID]

    init(_ gateway: any SiteGateway) async throws {
        queues = try await gateway.documents(of: Schema.queue).compactMap { Queue($0) }
        calendars = try await gateway.documents(of: Schema.calendar).compactMap { Calendar($0) }
        agents = try await gateway.documents(of: Schema.agent).compactMap { Agent($0) }
        sites = try await gateway.sites().compactMap { SiteID($0.id) }
    }

    /// The rules as they would be with this queue in place of the one of its name.
    func rules(with queue: Queue? = nil) -> RoutingRules {
        let others = queues.filter { $0.id != queue?.id }
        return RoutingRules(
            queues: others + [queue].compactMap { $0 },
            calendars: calendars,
            agents: agents,
            sites: sites
        )
    }

    /// Refuses a change of a queue that would not fit the rest.
    func check(_ queue: Queue) throws {
        let errors = rules(with: queue).errors(of: queue.id.documentID)
        guard errors.isEmpty else {
            throw Problem.invalid(
                errors.prefix(Limits.problemsNamedMax).map { FieldProblem(field: $0.field, message: $0.message) }
            )
        }
    }
}

/// A rule's record as it stands after a write: its own fields, `receipt`, and what is worth knowing about it.
struct WrittenRule<Resource: Encodable>: Encodable {
    var resource: Resource
    var receipt: ReceiptResource
    var warnings: [RoutingFindingResource]

    private enum CodingKeys: CodingKey {
        case warnings
    }

    func encode(to encoder: any Encoder) throws {
        try Written(resource: resource, receipt: receipt).encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(warnings, forKey: .warnings)
    }
}

/// A write of a rule's record, made or changed.
///
/// `PUT` makes the record or changes the fields that are given, `PATCH` only changes it; `If-Match` holds for both.
struct RulePut: Sendable {
    let gateway: any SiteGateway
    let call: Call
    /// The record as it stands; nil for a new one.
    let document: Document?
    private let change: RecordChange?

    init(_ id: DocumentID, what: String, mustExist: Bool, call: Call, gateway: any SiteGateway) async throws {
        self.gateway = gateway
        self.call = call
        let standing = try await gateway.document(id)
        if mustExist || standing.map({ !$0.isDeleted }) == true || call.request.headers[.ifMatch] != nil {
            let change = try await RecordChange(id, what: what, call: call, gateway: gateway)
            document = change.document
            self.change = change
        } else {
            document = nil
            change = nil
        }
    }

    /// The status of the answer.
    var status: HTTPResponse.Status { document == nil ? .created : .ok }

    /// Commits; nil when nothing changes.
    func commit(_ edit: DocumentEdit) async throws -> CommitReceipt? {
        if let change { return try await change.commit([edit]) }
        guard !edit.changes.isEmpty else { return nil }
        let request = EditRequest(actor: call.session.actor, edits: [edit])
        return try await gateway.commit(request, acknowledgement: try call.acknowledgement())
    }
}
