import ContactCenter
import HTTPTypes
import Hummingbird
import Kernel

/// Agents.
///
/// `PUT` creates the record or changes the fields that are given; fields left out stay. Nothing is deleted: an agent
/// who leaves becomes inactive, and the contacts keep their name.
struct StaffRoutes: Sendable {
    let services: WebServices
    private var gateway: any SiteGateway { services.gateway }

    init(services: WebServices) {
        self.services = services
    }

    func add(to router: EndpointRouter) {
        router.on(.agents) { _ in try .json(ListResource(items: try await gateway.agents())) }
        router.on(.agent) { call in
            let agent = try await read(AgentID(try call.variable("id")))
            return try .versioned(agent, version: agent.version, request: call.request)
        }
        router.on(.putAgent) { call in try await putAgent(call) }
    }

    private func read(_ id: AgentID) async throws -> AgentResource {
        guard let agent = try await gateway.agent(id) else { throw Problem.notFound("There is no such agent.") }
        return agent
    }

    private func putAgent(_ call: Call) async throws -> Answer {
        let id = AgentID(try call.variable("id"))
        let document = try await gateway.document(id.documentID)
        var fields = try call.fields()
        let given = AgentFields(&fields, id: id, known: document.flatMap(Agent.init))
        let role = fields.choice("role", AgentAccountRole.self).value
        try fields.finish()
        if let site = given.profile.site, try await !gateway.sites().contains(where: { $0.id == site.name }) {
            throw Problem.invalid([FieldProblem(field: "site", message: "there is no such site")])
        }
        var edits = [try StaffEdit.put(id, given.profile, over: document)]
        if let account = try await account(given, role, id: id) { edits.append(account) }
        let receipt = try await commit(edits, call)
        let agent = try await read(id)
        let body = Written(resource: agent, receipt: ReceiptResource(receipt))
        let status: HTTPResponse.Status = document == nil ? .created : .ok
        return try .versioned(body, version: agent.version, request: call.request, status: status).telling(receipt)
    }

    /// The account that an agent signs in with: made with the first password, named and barred along with the agent.
    private func account(_ given: AgentFields, _ role: AgentAccountRole?, id: AgentID) async throws -> DocumentEdit? {
        let account = AccountID(id.key)
        let document = try await gateway.document(account.documentID)
        guard document != nil || given.password != nil else { return nil }
        var change = StaffEdit.AccountChange()
        change.name = given.profile.name
        change.isActive = given.profile.isActive
        if let role {
            if document.flatMap(Account.init)?.role == .administrator {
                throw Problem.invalid([FieldProblem(field: "role", message: "of an administrator is not changed here")])
            }
            change.role = role.role
        }
        if document == nil {
            change.role = change.role ?? .agent
            change.agent = id
        }
        if let password = given.password {
            change.passwordHash = try await services.passwords.hash(password, cost: services.configuration.passwordCost)
        }
        return try StaffEdit.put(account, change, over: document)
    }

    private func commit(_ edits: [DocumentEdit], _ call: Call) async throws -> CommitReceipt? {
        let acknowledgement = try call.acknowledgement()
        let effective = edits.filter { !$0.changes.isEmpty }
        guard !effective.isEmpty else { return nil }
        let request = EditRequest(actor: call.session.actor, edits: effective)
        return try await gateway.commit(request, acknowledgement: acknowledgement)
    }
}

/// What the account of an agent may be.
private enum AgentAccountRole: String, CaseIterable {
    case agent, supervisor

    var role: AccountRole { self == .agent ? .agent : .supervisor }
}
