import ContactCenter
import Kernel
import SiteCore
import Store
import WebAPI

extension NodeGateway {
    func customers(_ query: CustomerQuery) async throws -> Page<CustomerResource> {
        try await storeReading {
            let page = try await reader.customers(text: query.text, limit: query.limit, cursor: query.cursor)
            return Page(
                items: page.items.map { CustomerResource($0.file, organisation: $0.organisationName) },
                next: page.next
            )
        }
    }

    func customer(_ id: CustomerID) async throws -> CustomerResource? {
        try await storeReading {
            try await reader.customer(id).map { CustomerResource($0.file, organisation: $0.organisationName) }
        }
    }

    func tickets(_ query: TicketQuery) async throws -> Page<TicketResource> {
        try await storeReading {
            let filter = TicketFilter(
                text: query.text,
                customer: query.customer,
                owner: query.owner,
                state: query.state
            )
            let page = try await reader.tickets(filter, limit: query.limit, cursor: query.cursor)
            return Page(
                items: page.items.map(TicketResource.init),
                next: page.next
            )
        }
    }

    func ticket(_ id: TicketID) async throws -> TicketResource? {
        try await storeReading {
            var entry = try await reader.ticket(id)
            if entry == nil { entry = try await reader.ticket(number: id.key) }
            return entry.map(TicketResource.init)
        }
    }

    func mergeGraph(_ type: DocumentType, _ keys: [String]) async throws -> MergeGraph {
        try await storeReading { try await reader.mergeGraph(type, keys) }
    }

    func agents() async throws -> [AgentResource] {
        try await storeReading {
            var resources: [AgentResource] = []
            for agent in try await reader.agents() {
                let account = try await reader.account(AccountID(agent.id.key))
                resources.append(AgentResource(agent, hasAccount: account?.isActive == true))
            }
            return resources
        }
    }

    func agent(_ id: AgentID) async throws -> AgentResource? {
        try await storeReading {
            guard let agent = try await reader.agent(id) else { return nil }
            let account = try await reader.account(AccountID(id.key))
            return AgentResource(agent, hasAccount: account?.isActive == true)
        }
    }

    func queues() async throws -> [QueueResource] {
        try await storeReading { try await reader.queues().map(QueueResource.init) }
    }

    func queue(_ id: QueueID) async throws -> QueueResource? {
        try await storeReading { try await reader.queue(id).map(QueueResource.init) }
    }

    func contact(_ id: ContactID) async throws -> ContactResource? {
        try await storeReading {
            guard let record = try await reader.contact(id) else { return nil }
            let live = try await core.ask { $0.view.contacts.first { $0.id == id }?.state }
            return ContactResource(record, state: live)
        }
    }

    func conflicts(limit: Int) async throws -> [ConflictResource] {
        try await storeReading {
            var resources: [ConflictResource] = []
            for conflict in try await reader.conflicts(limit: limit) {
                let document = try await reader.document(conflict.id.document)
                let title = document.flatMap { Customer($0)?.name ?? Ticket($0)?.number }
                if let resource = ConflictResource(conflict, title: title) { resources.append(resource) }
            }
            return resources
        }
    }

    func document(_ id: DocumentID) async throws -> Document? {
        try await storeReading { try await reader.document(id) }
    }

    func account(_ id: AccountID) async throws -> AccountRecord? {
        try await storeReading { try await reader.account(id).map(AccountRecord.init) }
    }

    func tokenKey(site: String) async throws -> String? {
        guard let id = SiteID(site) else { return nil }
        return try await storeReading {
            try await reader.document(DocumentID(type: Schema.siteKey, key: id.name)).flatMap(SiteKey.init)?.publicKey
        }
    }
}

extension TicketResource {
    /// A ticket as the store tells of it.
    init(_ entry: TicketEntry) {
        self.init(entry.file, customer: entry.customer, customerName: entry.customerName)
    }
}
