import ContactCenter
import Kernel
import Routing

/// Agents, queues and sites as the core needs them, kept current from commits.
struct Directory: Sendable {
    private(set) var agents: [AgentID: Agent] = [:]
    private(set) var queues: [QueueID: QueueDefinition] = [:]
    private(set) var siteNames: [SiteID: String] = [:]
    private var queueOfNumber: [String: QueueID] = [:]
    private var agentOfUser: [String: AgentID] = [:]

    /// What a document turned out to be about.
    enum Change: Hashable, Sendable {
        case agent(AgentID, before: Agent?, after: Agent?)
        case queue(QueueID)
        case site(SiteID)
    }

    /// Takes a document as it is now; nil when it is of a type that is not kept here.
    mutating func apply(_ document: Document) -> Change? {
        if let id = AgentID(document.id) {
            let before = agents[id]
            let after = Agent(document)
            agents[id] = after
            if let before, agentOfUser[before.sipUser] == id { agentOfUser[before.sipUser] = nil }
            if let after, after.isActive { agentOfUser[after.sipUser] = id }
            return .agent(id, before: before, after: after)
        }
        if let id = QueueID(document.id) {
            for number in queues[id]?.numbers ?? [] where queueOfNumber[number] == id { queueOfNumber[number] = nil }
            queues[id] = Queue(document).map { QueueDefinition($0) }
            for number in queues[id]?.numbers ?? [] { claim(number, for: id) }
            return .queue(id)
        }
        if document.id.type == Schema.site, let site = SiteID(document.id.key) {
            siteNames[site] = document.value(SiteField.name)?.string
            return .site(site)
        }
        return nil
    }

    /// The queue behind a dialled number; a queue's short name can be dialled too.
    func queue(dialled: String) -> QueueDefinition? {
        let number = PhoneNumber.normalised(dialled) ?? dialled
        let id = queueOfNumber[number] ?? QueueID(dialled)
        return queues[id]
    }

    /// Whose phone registers under this name.
    func agent(sipUser: String) -> AgentID? { agentOfUser[sipUser] }

    /// Two queues may claim one number, at two sites at once even; the lower key has it, at every site.
    private mutating func claim(_ number: String, for id: QueueID) {
        if let holder = queueOfNumber[number], holder < id { return }
        queueOfNumber[number] = id
    }
}
