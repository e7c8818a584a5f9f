package import ContactCenter
package import Kernel

/// A queue's rules with every default filled in, as routing uses them.
package struct QueueDefinition: Hashable, Sendable {
    /// Which queue.
    package var id: QueueID
    /// The name that people see.
    package var name: String
    /// Dialled numbers that lead here, normalised.
    package var numbers: [String]
    /// Skills that an agent must have.
    package var requiredSkills: SkillSet
    /// An answer within this time counts for the service level.
    package var serviceLevel: Span
    /// Who gives up sooner does not count as abandoned.
    package var shortAbandon: Span
    /// How long an agent's phone rings.
    package var ringTime: Span
    /// Time for paperwork after a contact.
    package var wrapUp: Span
    /// How to choose among free agents.
    package var strategy: RoutingStrategy
    /// Head start of the queue's contacts, 0…10.
    package var priority: Int
    /// How long a caller waits for the agent of the latest ticket when that one is busy.
    package var affinity: Span
    /// What is demanded after a while, by `after`; empty when the demands never change.
    package var relaxations: [Relaxation] {
        didSet { relaxations = QueueDefinition.sorted(relaxations) }
    }
    /// Agents' tiers that may serve, by severity and customer tier.
    package var tiers: TierTable
    /// What a contact of a channel takes of an agent's capacity, where it is not `Channel.cost`.
    package var costs: [Channel: Int]
    /// What callers hear while they wait or are held, and what is recorded.
    package var line: LineRules

    /// Makes a definition; the defaults are those of a queue that states nothing.
    package init(
        id: QueueID,
        name: String? = nil,
        numbers: [String] = [],
        requiredSkills: SkillSet = .none,
        serviceLevel: Span = .seconds(20),
        shortAbandon: Span = .seconds(5),
        ringTime: Span = .seconds(15),
        wrapUp: Span = .seconds(30),
        strategy: RoutingStrategy = .leastHandlingTime,
        priority: Int = 0,
        affinity: Span = .zero,
        relaxations: [Relaxation] = [],
        tiers: TierTable = .standard,
        costs: [Channel: Int] = [:],
        line: LineRules = LineRules()
    ) {
        self.id = id
        self.name = name ?? id.key
        self.numbers = numbers
        self.requiredSkills = requiredSkills
        self.serviceLevel = serviceLevel
        self.shortAbandon = shortAbandon
        self.ringTime = ringTime
        self.wrapUp = wrapUp
        self.strategy = strategy
        self.priority = priority
        self.affinity = affinity
        self.relaxations = QueueDefinition.sorted(relaxations)
        self.tiers = tiers
        self.costs = costs
        self.line = line
    }

    /// What a contact of a channel takes of an agent's capacity, 1…`Channel.fullCapacity` whatever was configured.
    package func cost(of channel: Channel) -> Int {
        min(max(costs[channel] ?? channel.cost, 1), Channel.fullCapacity)
    }

    /// What an agent must bring for a contact that has waited so long.
    package func requirement(severity: Severity, customer: CustomerTier, after wait: Span = .zero) -> Requirement {
        let permitted = tiers.permitted(severity: severity, customer: customer)
        guard let step = relaxations.last(where: { $0.after <= wait }) else {
            return Requirement(skills: requiredSkills, tiers: permitted)
        }
        return Requirement(skills: step.skills, tiers: step.tiers ?? permitted)
    }

    private static func sorted(_ steps: [Relaxation]) -> [Relaxation] {
        // Of several steps at one time the last stated stands, and no more than can matter are kept.
        var byTime: [Relaxation] = []
        for step in steps.prefix(Limits.relaxationsMax) {
            byTime.removeAll { $0.after == step.after }
            byTime.append(step)
        }
        return byTime.sorted { $0.after < $1.after }
    }
}

extension QueueDefinition {
    /// Takes a queue's record; what it leaves open gets the defaults.
    package init(_ queue: Queue) {
        let defaults = QueueDefinition(id: queue.id)
        self.init(
            id: queue.id,
            name: queue.name,
            numbers: queue.numbers,
            requiredSkills: queue.requiredSkills,
            serviceLevel: queue.serviceLevelSeconds.map { .seconds($0) } ?? defaults.serviceLevel,
            shortAbandon: queue.shortAbandonSeconds.map { .seconds($0) } ?? defaults.shortAbandon,
            ringTime: queue.ringSeconds.map { .seconds($0) } ?? defaults.ringTime,
            wrapUp: queue.wrapUpSeconds.map { .seconds($0) } ?? defaults.wrapUp,
            strategy: queue.strategy,
            priority: queue.priority,
            affinity: queue.affinitySeconds.map { .seconds($0) } ?? defaults.affinity,
            relaxations: queue.relaxation,
            tiers: queue.tiers,
            costs: queue.costs,
            line: LineRules(queue)
        )
    }
}

extension AgentProfile {
    /// Takes an agent's record.
    package init(_ agent: Agent) {
        self.init(agent: agent.id, name: agent.name, tier: agent.tier, skills: agent.skills)
    }
}

extension ContactOffer {
    /// Offers a contact under its queue's rules.
    package init(_ contact: ContactID, queue: QueueDefinition) {
        self.init(contact: contact, queue: queue.id, ringTime: queue.ringTime, wrapUp: queue.wrapUp)
    }
}
