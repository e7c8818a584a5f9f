import ContactCenter
import Kernel
import Replication
import Routing

/// The kinds of presence entries; numbers are never reused.
enum PresenceKind {
    /// An agent; the id is the agent's key.
    static let agent = AgentView.presenceKind
    /// A live contact; the id is the contact's key.
    static let contact = WaitingContact.presenceKind
    /// The site itself; the id is `site`.
    static let site: UInt8 = 3
    /// A queue's figures of the day; the id is the queue's key.
    static let statistics: UInt8 = 4
}

/// An agent as presence carries it: routing's own fields and the day of the handling time.
enum AgentPresence {
    private static let day = FieldID(100)

    static func key(_ agent: AgentID) -> PresenceKey {
        PresenceKey(kind: PresenceKind.agent, id: agent.key)
    }

    static func fields(_ view: AgentView, day today: Int64) -> FieldMap {
        var fields = view.fields
        fields[day] = .int(today)
        return fields
    }

    /// Reads an entry of a site; nil when it makes no sense.
    ///
    /// `today` is the reader's day: what an agent did on an earlier day no longer counts.
    static func view(_ key: PresenceKey, _ fields: FieldMap, site: SiteID, day today: Int64) -> AgentView? {
        guard var view = AgentView(agent: AgentID(key.id), site: site, fields: fields) else { return nil }
        if fields[day]?.int != today {
            view.handlingToday = .zero
            view.contactsToday = 0
        }
        return view
    }
}

/// A live contact as presence carries it.
struct ContactPresence: Hashable, Sendable {
    var contact: ContactID
    var queue: QueueID
    var state: ContactState
    var since: WallTime
    var arrivedAt: WallTime
    var callerNumber: String
    var customer: CustomerID?
    var customerName: String?
    var tier: CustomerTier
    var lastAgent: AgentID?
    var agent: AgentID?
    var agentSite: SiteID?

    private enum Field {
        static let queue = FieldID(1)
        static let state = FieldID(2)
        static let since = FieldID(3)
        static let arrivedAt = FieldID(4)
        static let callerNumber = FieldID(5)
        static let customer = FieldID(6)
        static let customerName = FieldID(7)
        static let tier = FieldID(8)
        static let lastAgent = FieldID(9)
        static let agent = FieldID(10)
        static let agentSite = FieldID(11)
    }

    static func key(_ contact: ContactID) -> PresenceKey {
        PresenceKey(kind: PresenceKind.contact, id: contact.key)
    }

    init(_ live: LiveContact) {
        contact = live.id
        queue = live.queue
        state = live.state
        since = live.stageSince
        arrivedAt = live.arrived.wall
        callerNumber = live.callerNumber
        customer = live.file?.customer
        customerName = live.file?.name
        tier = live.file.flatMap { CustomerTier(rawValue: Int64($0.tier)) } ?? .standard
        lastAgent = live.file?.latestOwner
        agent = live.agent?.0
        agentSite = live.agent?.1
    }

    var fields: FieldMap {
        var fields: FieldMap = [
            Field.queue: .string(queue.key), Field.state: .string(state.rawValue),
            Field.since: .int(since.milliseconds), Field.arrivedAt: .int(arrivedAt.milliseconds),
            Field.callerNumber: .string(callerNumber), Field.tier: .int(tier.rawValue),
        ]
        fields[Field.customer] = customer.map { .string($0.key) }
        fields[Field.customerName] = customerName.map { .string($0) }
        fields[Field.lastAgent] = lastAgent.map { .string($0.key) }
        fields[Field.agent] = agent.map { .string($0.key) }
        fields[Field.agentSite] = agentSite.map { .string($0.name) }
        return fields
    }

    init?(_ key: PresenceKey, _ fields: FieldMap) {
        guard let queue = fields[Field.queue]?.string, let since = fields[Field.since]?.int,
            let state = fields[Field.state]?.string.flatMap(ContactState.init(rawValue:))
        else { return nil }
        contact = ContactID(key.id)
        self.queue = QueueID(queue)
        self.state = state
        // A peer's numbers are brought into range, so that arithmetic on them cannot overflow.
        self.since = WallTime(milliseconds: min(max(since, 0), 1 << 52))
        arrivedAt = WallTime(milliseconds: min(max(fields[Field.arrivedAt]?.int ?? since, 0), 1 << 52))
        callerNumber = fields[Field.callerNumber]?.string ?? ""
        customer = fields[Field.customer]?.string.map { CustomerID($0) }
        customerName = fields[Field.customerName]?.string
        tier = fields[Field.tier]?.int.flatMap(CustomerTier.init(rawValue:)) ?? .standard
        lastAgent = fields[Field.lastAgent]?.string.map { AgentID($0) }
        agent = fields[Field.agent]?.string.map { AgentID($0) }
        agentSite = fields[Field.agentSite]?.string.flatMap { SiteID($0) }
    }

    /// What routing needs of it.
    func waiting(at site: SiteID, queue definition: QueueDefinition) -> WaitingContact {
        WaitingContact(
            contact: contact,
            site: site,
            queue: definition,
            since: arrivedAt,
            severity: .normal,
            customerTier: tier,
            score: 0,
            callerNumber: callerNumber,
            customer: customer,
            lastAgent: lastAgent
        )
    }
}

/// The site itself as presence carries it.
enum SitePresence {
    private static let draining = FieldID(1)

    static let key = PresenceKey(kind: PresenceKind.site, id: "site")

    static func fields(isDraining: Bool) -> FieldMap { [draining: .bool(isDraining)] }

    static func isDraining(_ fields: FieldMap) -> Bool { fields[draining]?.bool ?? false }
}
