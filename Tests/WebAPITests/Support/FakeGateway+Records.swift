import ContactCenter
import Kernel
import Synchronization
import Testing
import WebAPI

extension FakeGateway {
    func customers(_ query: CustomerQuery) async throws -> Page<CustomerResource> {
        try #require((1...Limits.pageItemsMax).contains(query.limit))
        let found = all(Schema.customer).compactMap(Customer.init).filter {
            query.text.isEmpty || $0.name.contains(query.text) || $0.phones.contains(query.text)
        }
        let rest = found.drop { $0.id.key <= query.cursor ?? "" }
        let items = rest.prefix(query.limit).compactMap { customer in
            MergedCustomer(merged(customer.id.documentID)).map { CustomerResource($0, organisation: nil) }
        }
        return Page(items: Array(items), next: rest.count > items.count ? items.last?.id : nil)
    }

    func customer(_ id: CustomerID) async throws -> CustomerResource? {
        MergedCustomer(merged(id.documentID)).map { CustomerResource($0, organisation: nil) }
    }

    func mergeGraph(_ type: DocumentType, _ keys: [String]) async throws -> MergeGraph {
        try #require(keys.count == 2, "a merge is of two")
        return MergeGraph(type, all(type))
    }

    /// The documents that count as one with this.
    private func merged(_ id: DocumentID) -> [Document] {
        let documents = all(id.type)
        let members = MergeGraph(id.type, documents).members(of: id.key)
        return documents.filter { members.contains($0.id.key) }
    }

    func tickets(_ query: TicketQuery) async throws -> Page<TicketResource> {
        try #require((1...Limits.pageItemsMax).contains(query.limit))
        let found = all(Schema.ticket).compactMap(Ticket.init).filter {
            (query.customer == nil || $0.customer == query.customer) && (query.owner == nil || $0.owner == query.owner)
                && (query.state == nil || $0.state == query.state)
        }
        return Page(items: found.prefix(query.limit).compactMap(resource))
    }

    func ticket(_ id: TicketID) async throws -> TicketResource? {
        let found = all(Schema.ticket).compactMap(Ticket.init).first { $0.id == id || $0.number == id.key }
        return found.flatMap(resource)
    }

    private func resource(_ ticket: Ticket) -> TicketResource? {
        MergedTicket(merged(ticket.id.documentID)).map {
            TicketResource($0, customer: $0.customer, customerName: "Ada")
        }
    }

    func agents() async throws -> [AgentResource] {
        all(Schema.agent).compactMap(Agent.init).map { AgentResource($0, hasAccount: true) }
    }

    func agent(_ id: AgentID) async throws -> AgentResource? {
        try await agents().first { $0.id == id.key }
    }

    func queues() async throws -> [QueueResource] {
        all(Schema.queue).compactMap(Queue.init).map(QueueResource.init)
    }

    func queue(_ id: QueueID) async throws -> QueueResource? {
        try await queues().first { $0.id == id.key }
    }

    func documents(of type: DocumentType) async throws -> [Document] { all(type) }

    func zone(_ name: String, at now: WallTime) async throws -> ZoneTable? {
        name == "Europe/Oslo" ? ZoneTable(name, initialOffset: 3_600) : name == "UTC" ? .utc : nil
    }

    func contact(_ id: ContactID) async throws -> ContactResource? {
        guard id.key == "north-1-1" else { return nil }
        let agents = state.withLock { $0.tookPart }
        return ContactResource(
            id: id.key,
            live: true,
            state: "talking",
            agent: agents.first,
            agents: agents,
            originSite: "north"
        )
    }

    func explanation(_ id: ContactID) async throws -> ExplanationResource? {
        id.key == "north-1-1" ? ExplanationResource(contact: id.key, decisions: []) : nil
    }

    func conflicts(limit: Int) async throws -> [ConflictResource] {
        try #require(limit <= Limits.conflictsListedMax)
        return all(Schema.customer).flatMap(\.conflicts).compactMap { ConflictResource($0, title: nil) }
    }
}

extension FakeGateway.State {
    /// What the ledger does, as far as these tests need it.
    mutating func apply(_ request: EditRequest, origin: Origin, wall: WallTime) throws -> CommitReceipt {
        sequence += 1
        let dot = Dot(origin: origin, sequence: sequence)
        let stamp = HybridTimestamp(wall: wall, counter: UInt16(sequence))
        let op = Op(dot: dot, stamp: stamp, actor: request.actor, needs: VersionVector(), changes: [])
        var created: [DocumentID] = []
        for edit in request.edits {
            if case .new(let type) = edit.target {
                created.append(DocumentID(type: type, dot: dot, index: created.count))
            }
        }
        var makes = created.makeIterator()
        var conflicts = 0
        for edit in request.edits {
            let id: DocumentID
            switch edit.target {
            case .new:
                let made = makes.next()
                id = try #require(made)
            case .id(let known, let mustExist):
                try #require(!mustExist || documents[known] != nil, "an edit of a document that is not there")
                id = known
            }
            var document = documents[id] ?? Document(id: id)
            let before = document.conflicts.count
            let seen = document
            let mutations = try edit.changes.map { try mutation($0, of: seen, created: created, number: sequence) }
            document.apply(DocumentChange(document: id, mutations: mutations), of: op, schema: Schema.documents)
            conflicts += max(0, document.conflicts.count - before)
            documents[id] = document
        }
        commits.append(request)
        return CommitReceipt(dot: dot, created: created, acknowledged: .local, conflicts: conflicts)
    }

    private func mutation(
        _ change: FieldChange,
        of document: Document,
        created: [DocumentID],
        number: UInt64
    ) throws -> Mutation {
        func current(_ field: FieldID) -> [Dot] { document.registers[field]?.writes.map(\.dot) ?? [] }
        switch change {
        case .set(let field, let value, nil): return .set(field, value, seen: current(field))
        case .set(let field, let value, let seen?):
            return .set(field, value, seen: current(field).first == seen ? current(field) : [seen])
        case .setCreated(let field, let index):
            return .set(field, .string(created[index].key), seen: current(field))
        case .setNumber(let field, _): return .set(field, .string("NORTH-\(number)-0"), seen: current(field))
        case .insert(let field, let value): return .insert(field, value)
        case .remove(let field, let value):
            let dots = document.sets[field]?.elements.first { $0.value == value }?.dots ?? []
            return .remove(field, value, dots: Array(dots))
        case .append(let field, let value): return .append(field, value)
        case .add(let field, let amount): return .add(field, amount)
        case .restore(let field, let lost):
            let value = try #require(document.registers[field]?.writes.first { $0.dot == lost }?.value)
            return .set(field, value, seen: current(field))
        case .dismiss(let field, let lost): return .settle(field, [lost])
        case .delete: return .delete(seen: document.version)
        }
    }
}
