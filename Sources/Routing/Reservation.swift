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

/// Why an agent's site refused to reserve the agent or to follow an order about it; an answer, not a failure.
package enum AgentRefusal: Hashable, Error, Sendable {
    /// The agent is not logged in at this site.
    case notLoggedIn
    /// The order names another login than the present one.
    case staleLogin(present: LoginFence)
    /// The agent is not free, or the order does not fit the state.
    case wrongState(AgentStateKind)
    /// Another contact holds the agent.
    case reservedFor(ContactID)
    /// The contact is already promised to or bridged with another agent of this site.
    case contactPlaced(AgentID)
    /// The order names a reservation that is over.
    case staleReservation
    /// The agent's phone is not registered here.
    case phoneUnregistered
    /// The site takes no new contacts.
    case draining
    /// The site has as many logins as it can hold.
    case full
}
