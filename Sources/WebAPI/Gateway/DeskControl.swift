package import ContactCenter
package import Kernel

/// Carries out what an agent does at the desk.
package protocol DeskControl: Sendable {
    /// Carries out an order and returns the desk after it; refuses with `GatewayError` (`refused`) what the
    /// agent's state forbids.
    func perform(_ order: DeskOrder, for agent: AgentID, by actor: Actor) async throws -> DeskResource
}

/// What an agent can do at the desk.
package enum DeskOrder: Hashable, Sendable {
    /// Begins work at this site; a sign-in at another site ends.
    case signIn
    /// Ends work.
    case signOut
    /// Asks for contacts.
    case ready
    /// Takes a break.
    case notReady(reason: String)
    /// Ends the paperwork.
    case finishWrapUp
    /// Asks for more time for the paperwork.
    case extendWrapUp
    /// Ends the contact at hand.
    case hangUp(ContactID)
    /// Says who the caller is.
    case linkCustomer(ContactID, CustomerID)
}
