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
            view.idleToday = .zero
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
    var entryQueue: QueueID
    /// The contact of a lost site whose place this one has.
    var takesOver: ContactID?
    var ticket: TicketID?
    var answeredAt: WallTime?
    var channel: Channel
    var severity: Severity
    var score: Int
    var sites: [SiteID]
    var onlyThere: Bool
    /// The contact that first asked for a callback.
    var root: ContactID
    var callbackIsOffered: Bool

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
        static let entryQueue = FieldID(12)
        static let takesOver = FieldID(13)
        static let ticket = FieldID(14)
        static let answeredAt = FieldID(15)
        static let channel = FieldID(16)
        static let severity = FieldID(17)
        static let score = FieldID(18)
        static let sites = FieldID(19)
        static let onlyThere = FieldID(20)
        static let root = FieldID(21)
        static let callbackIsOffered = FieldID(22)
    }

    static func key(_ contact: ContactID) -> PresenceKey {
        PresenceKey(kind: PresenceKind.contact, id: contact.key)
    }

    init(_ live: LiveContact) {
        contact = live.id
        queue = live.queue
        state = live.state
        since = live.stageSince
        arrivedAt = live.since
        callerNumber = live.callerNumber
        customer = live.file?.customer
        customerName = live.file?.name
        tier = live.file.flatMap { CustomerTier(rawValue: Int64($0.tier)) } ?? .standard
        lastAgent = live.file?.latestOwner
        agent = live.agent?.0
        agentSite = live.agent?.1
        entryQueue = live.entryQueue
        takesOver = live.place?.contact
        ticket = live.ticket
        answeredAt = live.answer?.at.wall
        channel = live.channel
        severity = live.severity
        score = live.file?.score ?? 0
        sites = live.overflow.sites
        onlyThere = live.overflow.onlyThere
        root = live.root
        callbackIsOffered = live.overflow.callbackIsOffered
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
        if entryQueue != queue { fields[Field.entryQueue] = .string(entryQueue.key) }
        fields[Field.takesOver] = takesOver.map { .string($0.key) }
        fields[Field.ticket] = ticket.map { .string($0.key) }
        fields[Field.answeredAt] = answeredAt.map { .int($0.milliseconds) }
        if channel != .voice { fields[Field.channel] = .int(channel.number) }
        if severity != .normal { fields[Field.severity] = .int(severity.rawValue) }
        if score != 0 { fields[Field.score] = .int(Int64(score)) }
        if !sites.isEmpty { fields[Field.sites] = .list(sites.map { .string($0.name) }) }
        if onlyThere { fields[Field.onlyThere] = .bool(true) }
        if root != contact { fields[Field.root] = .string(root.key) }
        if callbackIsOffered { fields[Field.callbackIsOffered] = .bool(true) }
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
        entryQueue = QueueID(fields[Field.entryQueue]?.string ?? queue)
        takesOver = fields[Field.takesOver]?.string.map { ContactID($0) }
        ticket = fields[Field.ticket]?.string.map { TicketID($0) }
        answeredAt = fields[Field.answeredAt]?.int.map { WallTime(milliseconds: min(max($0, 0), 1 << 52)) }
        guard let channel = Channel(number: fields[Field.channel]?.int ?? Channel.voice.number) else { return nil }
        self.channel = channel
        severity = fields[Field.severity]?.int.flatMap(Severity.init(rawValue:)) ?? .normal
        score = Int(min(max(fields[Field.score]?.int ?? 0, 0), 100))
        sites = (fields[Field.sites]?.list ?? []).prefix(Limits.sitesMax)
            .compactMap { $0.string.flatMap { SiteID($0) } }
        onlyThere = fields[Field.onlyThere]?.bool ?? false
        root = ContactID(fields[Field.root]?.string ?? key.id)
        callbackIsOffered = fields[Field.callbackIsOffered]?.bool ?? false
    }

    /// What routing needs of it.
    func waiting(at site: SiteID, queue definition: QueueDefinition) -> WaitingContact {
        var waiting = WaitingContact(
            contact: contact,
            site: site,
            queue: definition,
            since: arrivedAt,
            severity: severity,
            customerTier: tier,
            score: score,
            callerNumber: callerNumber,
            customer: customer,
            lastAgent: lastAgent,
            channel: channel
        )
        waiting.sites = sites
        waiting.onlyThere = onlyThere
        return waiting
    }
}

/// The site itself as presence carries it.
enum SitePresence {
    private static let draining = FieldID(1)

    static let key = PresenceKey(kind: PresenceKind.site, id: "site")

    static func fields(isDraining: Bool) -> FieldMap { [draining: .bool(isDraining)] }

    static func isDraining(_ fields: FieldMap) -> Bool { fields[draining]?.bool ?? false }
}
