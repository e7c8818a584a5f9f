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
    /// Ends the paperwork of all contacts.
    case finishWrapUp
    /// Ends the paperwork of one contact.
    case finishWrapUpOf(ContactID)
    /// Asks for more time for the paperwork.
    case extendWrapUp
    /// Asks for more time for the paperwork of one contact.
    case extendWrapUpOf(ContactID)
    /// Takes a text contact that is offered.
    case accept(ContactID)
    /// Does not take a text contact that is offered.
    case decline(ContactID)
    /// Ends the work on a text contact.
    case finish(ContactID)
    /// Ends the contact at hand.
    case hangUp(ContactID)
    /// Says who the caller is.
    case linkCustomer(ContactID, CustomerID)
}
