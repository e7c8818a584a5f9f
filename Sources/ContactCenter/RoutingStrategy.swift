/// How a queue chooses among free agents of equal fitness; all end in longest idle, own site, the agent's key.
package enum RoutingStrategy: String, Hashable, CaseIterable, Sendable {
    /// The agent with the least handling time today: the load stays even. The default.
    case leastHandlingTime
    /// The agent who has been free for longest.
    case longestIdle
    /// The agent with the fewest contacts answered today.
    case fewestContacts
    /// The agent whose last offer, answered or not, is the longest ago.
    case roundRobin
    /// The agent with the highest levels in the demanded skills.
    case ordered
    /// By lot: an agent with twice the level is drawn twice as often.
    case weightedRandom
    /// Several at once; the first who answers has the contact.
    case ringAll
}
