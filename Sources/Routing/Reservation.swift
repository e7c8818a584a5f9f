package import ContactCenter

/// The promise of one agent to one contact, granted by the agent's site and good until it expires.
///
/// Fenced by the login and by a number that grows with each grant there: a late message about an earlier
/// reservation cannot touch a later one.
package struct Reservation: Hashable, Sendable {
    /// The promised agent.
    package let agent: AgentID
    /// The contact it is promised to.
    package let contact: ContactID
    /// The agent's login.
    package let fence: LoginFence
    /// Counts the grants of the agent's site.
    package let number: UInt64

    /// Makes a reservation as granted, or as read from a message.
    package init(agent: AgentID, contact: ContactID, fence: LoginFence, number: UInt64) {
        self.agent = agent
        self.contact = contact
        self.fence = fence
        self.number = number
    }
}
