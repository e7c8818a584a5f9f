package import ContactCenter

/// Why an agent's site refused to reserve the agent or to follow an order about it; an answer, not a failure.
package enum AgentRefusal: Hashable, Error, Sendable {
    /// The agent is not logged in at this site.
    case notLoggedIn
    /// The order names another login than the present one.
    case staleLogin(present: LoginFence)
    /// The agent is not free, or the order does not fit the state.
    case wrongState(AgentStateKind)
    /// Contacts in hand leave no room; this is the one that has most of the agent's attention.
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
