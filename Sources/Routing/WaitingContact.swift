package import ContactCenter
package import Kernel

/// What is demanded of an agent from a certain wait on.
package struct DemandStep: Hashable, Sendable {
    /// From this wait on.
    package var after: Span
    /// What an agent must bring then.
    package var requirement: Requirement

    /// Makes a step.
    package init(after: Span, requirement: Requirement) {
        self.after = after
        self.requirement = requirement
    }
}

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
    /// What an agent must bring at first.
    package var requirement: Requirement
    /// What is demanded later, by `after`; empty when the demands never change.
    package var steps: [DemandStep]
    /// How the queue chooses among free agents.
    package var strategy: RoutingStrategy
    /// How long it waits for `lastAgent` while she is busy.
    package var affinity: Span
    /// Sites whose agents are asked first; empty for no preference.
    package var sites: [SiteID] = []
    /// Whether agents of other sites than `sites` are out of the question.
    package var onlyThere = false
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
        cost = queue.cost(of: channel)
        self.since = since
        self.severity = severity
        self.customerTier = customerTier
        self.score = score
        queuePriority = queue.priority
        requirement = queue.requirement(severity: severity, customer: customerTier)
        steps = queue.relaxations.filter { $0.after > .zero }.map { step in
            let later = queue.requirement(severity: severity, customer: customerTier, after: step.after)
            return DemandStep(after: step.after, requirement: later)
        }
        strategy = queue.strategy
        affinity = queue.affinity
        self.callerNumber = callerNumber
        self.customer = customer
        self.lastAgent = lastAgent
    }
}

extension WaitingContact {
    /// Whether agents of a site may serve it.
    package func admits(_ site: SiteID) -> Bool { !onlyThere || sites.isEmpty || sites.contains(site) }

    /// The same with every number in the range in which no arithmetic can overflow and no order is broken.
    var sane: WaitingContact {
        var sane = self
        sane.since = PresenceNumber.time(since.milliseconds)
        sane.affinity = PresenceNumber.span(affinity.milliseconds)
        sane.cost = min(max(cost, 1), Channel.fullCapacity)
        guard !steps.isEmpty else { return sane }
        sane.steps = steps.prefix(Limits.relaxationsMax)
            .map { DemandStep(after: PresenceNumber.span($0.after.milliseconds), requirement: $0.requirement) }
            .sorted { $0.after < $1.after }
        return sane
    }
}
