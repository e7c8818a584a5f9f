package import ContactCenter
package import Kernel

/// A contact that waits for an agent: what its site publishes, and all that deciding needs.
package struct WaitingContact: Hashable, Sendable {
    /// Which contact.
    package var contact: ContactID
    /// The site that holds it.
    package var site: SiteID
    /// Its queue.
    package var queue: QueueID
    /// How it came.
    package var channel: Channel
    /// What it takes of an agent's capacity, 1…100.
    package var cost: Int
    /// Since when it waits; kept when it returns to the queue and when another site takes it over.
    package var since: WallTime
    /// How severe the trouble is, as far as known.
    package var severity: Severity
    /// How strong the customer's support is.
    package var customerTier: CustomerTier
    /// The customer's priority score, 0…100.
    package var score: Int
    /// The queue's own priority, 0…10.
    package var queuePriority: Int
    /// What an agent must bring.
    package var requirement: Requirement
    /// How the queue chooses among free agents.
    package var strategy: RoutingStrategy
    /// Who calls.
    package var callerNumber: String
    /// The customer, when known.
    package var customer: CustomerID?
    /// The agent of the customer's latest ticket, tried first.
    package var lastAgent: AgentID?

    /// Makes a waiting contact of a queue; what an agent must bring follows from queue, severity and tier.
    package init(
        contact: ContactID,
        site: SiteID,
        queue: QueueDefinition,
        since: WallTime,
        severity: Severity = .normal,
        customerTier: CustomerTier = .standard,
        score: Int = 0,
        callerNumber: String = "",
        customer: CustomerID? = nil,
        lastAgent: AgentID? = nil,
        channel: Channel = .voice
    ) {
        self.contact = contact
        self.site = site
        self.queue = queue.id
        self.channel = channel
        cost = channel.cost
        self.since = since
        self.severity = severity
        self.customerTier = customerTier
        self.score = score
        queuePriority = queue.priority
        requirement = Requirement(
            skills: queue.requiredSkills,
            tiers: AgentTier.permitted(severity: severity, customer: customerTier)
        )
        strategy = queue.strategy
        self.callerNumber = callerNumber
        self.customer = customer
        self.lastAgent = lastAgent
    }
}
