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
    /// Lets the customer wait.
    case hold(ContactID)
    /// Takes the customer back.
    case resume(ContactID)
    /// Passes the call on at once.
    case transfer(ContactID, to: CallTarget)
    /// Rings somebody to ask; the customer waits meanwhile.
    case consult(ContactID, with: CallTarget)
    /// Changes between the customer and whoever is consulted.
    case swap(ContactID)
    /// Joins the customer with whoever is consulted and leaves.
    case completeTransfer(ContactID)
    /// Ends the consultation.
    case endConsult(ContactID)
    /// Joins customer, agent and whoever is consulted.
    case conference(ContactID)
    /// Calls a number; the agent's own phone rings first.
    case dial(number: String, ticket: TicketID?, customer: CustomerID?)
    /// Sends digits into the call.
    case sendDigits(ContactID, String)
    /// Stops the recording for a while, or lets it go on.
    case pauseRecording(ContactID, Bool)
    /// Takes part in another agent's call; the gateway notes it in the audit trail.
    case supervise(ContactID, SupervisionMode)
    /// Leaves a call that one supervises.
    case stopSupervising
    /// Says who the caller is.
    case linkCustomer(ContactID, CustomerID)
}
