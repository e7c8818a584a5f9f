extension Limits {
    /// A contact that was refused so often in a row pauses (`reservationPause`) before it asks again: presence must
    /// have time to catch up.
    package static let reservationAttemptsMax = 8
    /// How long such a contact pauses; some presence updates fit into it.
    ///
    /// A freed agent may still pull it.
    package static let reservationPause = Span.seconds(1)
    /// Logins at one site; ten times the largest site that Debian on one core serves.
    package static let agentLoginsMax = 10_000
    /// Contacts that wait at one site; beyond it callers hear busy instead of a wait of hours.
    package static let waitingContactsMax = 10_000
    /// Contacts of all sites together that one node keeps in order.
    package static let waitingContactsKnownMax = 100_000
    /// Agents of all sites together that one node knows.
    package static let agentsKnownMax = 100_000
    /// Different demands (skills, tiers, strategy) with an index of their own; beyond it the indexes are made anew.
    ///
    /// Queues times tier ranges and relaxation steps stay below.
    package static let routingPoolsMax = 2_048
    /// Combinations of tier and skills whose fitting pools are remembered.
    package static let routingCapabilitiesMax = 16_384
    /// Agents whose refusals of one contact are remembered at a time; they are forgotten with the next pause.
    package static let exclusionsMax = 64
    /// Agents who ring at once for one contact: more phones would only make more people stop their work.
    package static let ringAllMax = 8
    /// Draws before a choice by lot takes the most skilled: with the worst weights it fails once in two thousand.
    package static let drawsMax = 64
    /// Agents named as nearest to an impossible requirement.
    package static let nearestMax = 3
    /// Fit agents that a decision's short explanation names; the full one is made on request.
    package static let explanationVerdictsMax = 4
    /// Waiting contacts that a freed agent looks past because of recent refusals, in each order.
    package static let pullSkipsMax = 32
    /// Steps by which a queue's demands relax: nobody tells more of them apart.
    package static let relaxationsMax = 8
    /// Agents in a planning formula: the largest centre known, twice.
    package static let erlangAgentsMax = 100_000
    /// Waiting calls that the Erlang A chain looks at; its weights are nothing long before.
    package static let erlangQueueMax = 1_000_000
}
