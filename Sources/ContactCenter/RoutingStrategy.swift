/// How a queue chooses among free agents of equal fitness; all end in longest idle, then the agent's key.
package enum RoutingStrategy: String, Hashable, CaseIterable, Sendable {
    /// The agent with the least handling time today: the load stays even. The default.
    case leastHandlingTime
    /// The agent who has been free for longest.
    case longestIdle
    /// The agent with the fewest contacts answered today.
    case fewestContacts
}
