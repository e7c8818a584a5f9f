package import ContactCenter
package import Kernel
package import Replication

/// What an agent asks for from the desk.
package enum DeskCommand: Hashable, Sendable {
    /// Begins a session at this site; a session of the same agent anywhere else ends with a notice.
    case signIn
    /// Ends the session; refused while a contact is being handled.
    case signOut
    /// Offers to take contacts; refused while the agent's phone is not registered.
    case ready
    /// Takes no contacts for the named reason; takes effect after the contact in hand.
    case notReady(reason: String)
    /// Ends wrap-up before its time, of all contacts that are in it.
    case finishWrapUp
    /// Ends the wrap-up of one contact before its time.
    case finishWrapUpOf(ContactID)
    /// Gives wrap-up its whole length again, as often as `Limits.wrapUpExtensionsMax` allows.
    case extendWrapUp
    /// Gives the wrap-up of one contact its whole length again.
    case extendWrapUpOf(ContactID)
    /// Takes a text contact that is offered.
    case accept(ContactID)
    /// Does not take a text contact that is offered: it goes back to the head of its queue.
    case decline(ContactID)
    /// Ends the work on a text contact; paperwork follows.
    case finish(ContactID)
    /// Ends the agent's contact: the agent hung up.
    case hangUp(ContactID)
    /// Lets the other party of the agent's call wait, with music where the call's media is anchored.
    case hold(ContactID)
    /// Takes the waiting party back.
    case resume(ContactID)
    /// Passes the agent's call on at once; refused when the target cannot take it, and then nothing changes.
    case transfer(ContactID, to: CallTarget)
    /// Rings somebody to ask beside the agent's call; the customer waits meanwhile.
    case consult(ContactID, with: CallTarget)
    /// Changes between the customer and whoever is consulted.
    case swap(ContactID)
    /// Joins the customer with whoever is consulted; the agent leaves the call.
    case completeTransfer(ContactID)
    /// Ends the consultation; the customer comes back.
    case endConsult(ContactID)
    /// Joins customer, agent and whoever is consulted in one call.
    case conference(ContactID)
    /// Calls a number: the agent's own phone rings first.
    case dial(number: String, ticket: TicketID?, customer: CustomerID?)
    /// Sends digits (0-9 * # A-D) into the call.
    case sendDigits(ContactID, String)
    /// Stops recording the call for a while (a card number is read), or goes on.
    case pauseRecording(ContactID, Bool)
    /// Takes part in another agent's call with one's own phone; written to the audit trail.
    case supervise(ContactID, SupervisionMode)
    /// Leaves a call that one supervises.
    case stopSupervising
    /// Says who the caller of the agent's contact is.
    case linkCustomer(ContactID, CustomerID)
}

/// Names one command until its reply; chosen by the shell, never reused within a run.
package struct CommandToken: Hashable, Comparable, Sendable {
    /// The number.
    package let number: UInt64

    /// Makes a token.
    package init(_ number: UInt64) {
        self.number = number
    }

    /// Orders by number.
    package static func < (left: CommandToken, right: CommandToken) -> Bool {
        left.number < right.number
    }
}

/// What a person or a program asks of the site; each gets exactly one `SiteDirective.reply`.
package enum SiteCommand: Hashable, Sendable {
    /// An agent's desk asks; `actor` is the account behind it.
    case desk(AgentID, DeskCommand, actor: Actor)
    /// A contact of a text channel has come in; the reply comes when it is on disk.
    case openContact(ContactOpening)
    /// A call that waits at this site becomes a callback at its place, to this number or, when empty, to the caller's.
    ///
    /// The reply is as for `openContact`.
    case callBack(ContactID, number: String)
    /// A text contact that arrived at this site ends: the customer left, or whoever speaks for the channel says so.
    case closeContact(ContactID, by: EndedBy, reason: String)
    /// Changes to records, one op per request, all in one commit; the reply comes when they are on disk.
    case edit([EditRequest])
    /// Something asked of the records of the whole cluster: acknowledgements, membership, verification.
    case records(RecordsCommand)
    /// Wants a blob on this site's disk; the reply comes when it is there, after the patience at the latest.
    case fetchBlob(BlobID, patience: Span)
    /// Wants something of a recording that another site has; the reply comes after the patience at the latest.
    case recording(RecordingWish, patience: Span)
}

/// What became of a command.
package enum CommandReply: Hashable, Sendable {
    /// It was carried out.
    case done
    /// The edits are on disk; one receipt per request, in order.
    case edited([EditReceipt])
    /// The contact is on disk and waits; with its ticket.
    case opened(ContactID, TicketID?)
    /// What the records answer.
    case records(RecordsReply)
    /// What became of the wish for a blob.
    case blob(BlobReply)
    /// What became of the wish for a recording.
    case recording(RecordingReply)
    /// It was not carried out, and nothing changed.
    case refused(Refusal)
}

/// What one edit request became.
package struct EditReceipt: Hashable, Sendable {
    /// The op; nil when this request was refused, in which case `refusal` says why.
    package let dot: Dot?
    /// The documents that it made, in the order of the request.
    package let created: [DocumentID]
    /// The numbers that it took from series (`NORTH-1042-7`), in the order of the request.
    package let numbers: [String]
    /// The conflicts that now stand in the documents it touched.
    package let conflicts: [Conflict]
    /// Why it was refused.
    package let refusal: Refusal?

    /// Makes a receipt.
    package init(
        dot: Dot?,
        created: [DocumentID] = [],
        numbers: [String] = [],
        conflicts: [Conflict] = [],
        refusal: Refusal? = nil
    ) {
        self.dot = dot
        self.created = created
        self.numbers = numbers
        self.conflicts = conflicts
        self.refusal = refusal
    }
}

/// Why a command was not carried out, for a person and for a program.
package struct Refusal: Error, Hashable, Sendable {
    /// What kind of refusal: decides the HTTP status at the edge.
    package enum Code: String, Hashable, Sendable {
        /// There is no such agent, contact, document.
        case notFound
        /// The present state does not allow it.
        case conflict
        /// The request itself is wrong.
        case invalid
        /// The agent is signed in elsewhere under a later session, or not at all.
        case notSignedIn
        /// The site cannot do it now: draining, disk full, too many commands.
        case unavailable
    }

    /// What kind.
    package let code: Code
    /// One plain sentence.
    package let message: String

    /// Makes a refusal.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
