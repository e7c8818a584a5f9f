/// Whom a call is passed on to, or who is asked beside it.
package enum CallTarget: Hashable, Sendable {
    /// An agent, wherever she is signed in.
    case agent(AgentID)
    /// Whoever is next in a queue.
    case queue(QueueID)
    /// A number outside, by a trunk.
    case number(String)
}
