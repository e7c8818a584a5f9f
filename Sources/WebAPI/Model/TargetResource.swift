/// Whom a call can be passed on to, or who can be asked.
package struct TargetsResource: Codable, Hashable, Sendable {
    /// Agents who are signed in, those who are free first.
    package var agents: [AgentTarget]
    /// Queues.
    package var queues: [QueueTarget]

    /// Puts them together.
    package init(agents: [AgentTarget], queues: [QueueTarget]) {
        self.agents = agents
        self.queues = queues
    }
}

/// An agent to pass a call to.
package struct AgentTarget: Codable, Hashable, Sendable {
    /// The login.
    package var id: String
    /// The name.
    package var name: String
    /// The state; `unreachable` when the agent's site is.
    package var state: String
    /// Since when.
    package var since: Timestamp
    /// How old this news is, in milliseconds.
    package var ageMs: Int64
    /// True when the agent's site is not heard.
    package var stale: Bool
    /// The team.
    @Nullable package var team: String?
    /// Where the agent is signed in.
    package var site: String

    /// Puts one together.
    package init(_ agent: WallAgent, team: String?) {
        id = agent.id
        name = agent.name
        state = agent.state
        since = agent.since
        ageMs = agent.ageMs
        stale = agent.stale
        self.team = team
        site = agent.site
    }
}

/// A queue to pass a call to.
package struct QueueTarget: Codable, Hashable, Sendable {
    /// The queue.
    package var id: String
    /// Its name.
    package var name: String
    /// Contacts that wait in it.
    package var waiting: Int
    /// Whether its hours allow calls now, at this site.
    package var open: Bool

    /// Puts one together.
    package init(_ queue: WallQueue, isOpen: Bool) {
        id = queue.id
        name = queue.name
        waiting = queue.waiting
        open = isOpen
    }
}
