import ContactCenter
import Kernel

/// The ops that a call leaves in the records: what is written when.
enum ContactEdits {
    /// What is known when a call arrives.
    struct Arrival: Hashable, Sendable {
        var contact: ContactID
        var queue: QueueID
        var dialled: String
        var callerNumber: String
        var callerName: String
        var site: SiteID
        var at: WallTime
        var customer: CustomerID?
        var customerName: String?
        /// When the caller entered the queue; earlier than `at` when another site held the place.
        var queuedAt: WallTime
        /// The ticket of the lost site's contact, which goes on.
        var ticket: TicketID?
        var channel = Channel.voice
        var severity = Severity.normal
        /// The contact that first asked for this callback, at a site that was lost.
        var root: ContactID?
        /// What the contact is about, when its channel says so.
        var title: String?
        /// Why it is here, when an agent made the call.
        var ownCall: OwnCallKind?

        /// The subject of its ticket.
        var subject: String {
            if let title, !title.isEmpty { return title }
            let caller = customerName ?? (callerName.isEmpty ? callerNumber : callerName)
            return caller.isEmpty ? "Call" : "Call from \(caller)"
        }
    }

    /// One op for the contact's record and its ticket, so that one never is without the other.
    static func arrival(_ arrival: Arrival) -> EditRequest {
        let ticketName: FieldChange =
            arrival.ticket.map { .set(ContactField.ticket, .string($0.key), seen: nil) }
            ?? .setCreated(ContactField.ticket, index: 0)
        var record: [FieldChange] = [
            ticketName,
            .set(ContactField.queue, .string(arrival.queue.key), seen: nil),
            .set(ContactField.number, .string(arrival.dialled), seen: nil),
            .set(ContactField.callerNumber, .string(arrival.callerNumber), seen: nil),
            .set(ContactField.originSite, .string(arrival.site.name), seen: nil),
            .set(ContactField.channel, .string(arrival.channel.rawValue), seen: nil),
            .set(ContactField.startedAt, .int(arrival.at.milliseconds), seen: nil),
            .set(ContactField.queuedAt, .int(arrival.queuedAt.milliseconds), seen: nil),
        ]
        if let customer = arrival.customer {
            record.append(.set(ContactField.customer, .string(customer.key), seen: nil))
        }
        if let own = arrival.ownCall { record.append(.set(ContactField.ownCall, .string(own.rawValue), seen: nil)) }
        if let root = arrival.root { record.append(.set(ContactField.root, .string(root.key), seen: nil)) }
        var edits = [ticketEdit(arrival)]
        if let customer = arrival.customer, arrival.ticket == nil {
            edits.append(
                DocumentEdit(
                    .id(customer.documentID, mustExist: true),
                    [.setCreated(CustomerField.lastTicket, index: 0)]
                )
            )
        }
        edits.append(DocumentEdit(.id(arrival.contact.documentID, mustExist: false), record))
        return EditRequest(actor: .system, edits: edits)
    }

    /// A new ticket, or a line on the one that goes on.
    private static func ticketEdit(_ arrival: Arrival) -> DocumentEdit {
        let line = FieldChange.append(
            TicketField.contacts,
            TicketContact(contact: arrival.contact, startedAt: arrival.at).value
        )
        if let ticket = arrival.ticket { return DocumentEdit(.id(ticket.documentID, mustExist: true), [line]) }
        var ticket: [FieldChange] = [
            .setNumber(TicketField.number, series: "ticket"),
            .set(TicketField.subject, .string(arrival.subject), seen: nil),
            .set(TicketField.severity, .int(arrival.severity.rawValue), seen: nil),
            .set(TicketField.state, .string(TicketState.new.rawValue), seen: nil),
            .set(TicketField.queue, .string(arrival.queue.key), seen: nil),
            .set(TicketField.site, .string(arrival.site.name), seen: nil),
            .set(TicketField.channel, .string(arrival.channel.rawValue), seen: nil),
            .set(TicketField.raisedAt, .int(arrival.at.milliseconds), seen: nil),
            line,
        ]
        if let customer = arrival.customer {
            ticket.append(.set(TicketField.customer, .string(customer.key), seen: nil))
        }
        return DocumentEdit(.new(Schema.ticket), ticket)
    }

    /// Caller and agent talk: who, where; the ticket is the agent's from now on.
    ///
    /// `queue` is that of the first answer; nil for a call that an agent made.
    static func answered(
        _ contact: ContactID,
        ticket: TicketID?,
        agent: AgentID,
        agentSite: SiteID,
        at: WallTime,
        waited: Span,
        queue: QueueID?,
        decision: Value?
    ) -> EditRequest {
        var told: [FieldChange] = decision.map { [.set(ContactField.decision, $0, seen: nil)] } ?? []
        if let queue { told.append(.set(ContactField.answeredQueue, .string(queue.key), seen: nil)) }
        var edits = [
            DocumentEdit(
                .id(contact.documentID, mustExist: false),
                [
                    .set(ContactField.agent, .string(agent.key), seen: nil),
                    .insert(ContactField.agents, .string(agent.key)),
                    .set(ContactField.agentSite, .string(agentSite.name), seen: nil),
                    .set(ContactField.answeredAt, .int(at.milliseconds), seen: nil),
                    .set(ContactField.waitMs, .int(waited.milliseconds), seen: nil),
                ] + told
            )
        ]
        if let ticket {
            edits.append(
                DocumentEdit(
                    .id(ticket.documentID, mustExist: false),
                    [
                        .set(TicketField.owner, .string(agent.key), seen: nil),
                        .set(TicketField.state, .string(TicketState.open.rawValue), seen: nil),
                    ]
                )
            )
        }
        return EditRequest(actor: .system, edits: edits)
    }

    /// Somebody outside answered a call that an agent made.
    static func reached(_ contact: ContactID, number: String, at: WallTime, waited: Span) -> EditRequest {
        let changes: [FieldChange] = [
            .set(ContactField.reached, .string(number), seen: nil),
            .set(ContactField.answeredAt, .int(at.milliseconds), seen: nil),
            .set(ContactField.waitMs, .int(waited.milliseconds), seen: nil),
        ]
        return EditRequest(
            actor: .system,
            edits: [DocumentEdit(.id(contact.documentID, mustExist: false), changes)]
        )
    }

    /// An agent was brought into the talk of another.
    static func joined(_ contact: ContactID, _ agents: [AgentID]) -> EditRequest {
        let changes = agents.map { FieldChange.insert(ContactField.agents, .string($0.key)) }
        return EditRequest(actor: .system, edits: [DocumentEdit(.id(contact.documentID, mustExist: false), changes)])
    }

    /// A contact goes on in another queue; its ticket with it.
    static func moved(_ contact: ContactID, ticket: TicketID?, to queue: QueueID) -> EditRequest {
        var edits = [
            DocumentEdit(
                .id(contact.documentID, mustExist: false),
                [.set(ContactField.queue, .string(queue.key), seen: nil)]
            )
        ]
        if let ticket {
            edits.append(
                DocumentEdit(
                    .id(ticket.documentID, mustExist: false),
                    [.set(TicketField.queue, .string(queue.key), seen: nil)]
                )
            )
        }
        return EditRequest(actor: .system, edits: edits)
    }

    /// A recording of the call is complete, or what there is of it.
    static func recorded(_ contact: ContactID, _ recording: RecordingName) -> EditRequest {
        noted(contact, recording.text)
    }

    /// A recording ended before the call did; its file is empty when nothing is left.
    static func incomplete(_ contact: ContactID, _ recording: RecordingName) -> EditRequest {
        noted(contact, recording.incompleteText)
    }

    private static func noted(_ contact: ContactID, _ recording: String) -> EditRequest {
        let line = FieldChange.append(ContactField.recordings, .string(recording))
        let edit = DocumentEdit(.id(contact.documentID, mustExist: false), [line])
        return EditRequest(actor: .system, edits: [edit])
    }

    /// A line about who is to dial a callback, in the record of the contact that first asked for it.
    static func dial(_ root: ContactID, _ line: DialLine) -> EditRequest {
        let edit = DocumentEdit(.id(root.documentID, mustExist: false), [.append(ContactField.dials, line.value)])
        return EditRequest(actor: .system, edits: [edit])
    }

    /// The last word on a contact, on its record and on its ticket.
    struct Ending: Hashable, Sendable {
        var contact: ContactID
        var ticket: TicketID?
        var agent: AgentID?
        /// All who have spoken with the customer.
        var agents: [AgentID] = []
        var startedAt: WallTime?
        var endedAt: WallTime
        var by: EndedBy
        var reason: String
        var outcome: ContactOutcome
        var waited: Span
        var talked: Span?
    }

    /// Writes the end of a contact.
    static func ended(_ ending: Ending) -> EditRequest {
        var record: [FieldChange] = [
            .set(ContactField.endedAt, .int(ending.endedAt.milliseconds), seen: nil),
            .set(ContactField.endedBy, .string(ending.by.rawValue), seen: nil),
            .set(ContactField.endReason, .string(ending.reason), seen: nil),
            .set(ContactField.outcome, .string(ending.outcome.rawValue), seen: nil),
            .set(ContactField.waitMs, .int(ending.waited.milliseconds), seen: nil),
        ]
        if let talked = ending.talked { record.append(.set(ContactField.talkMs, .int(talked.milliseconds), seen: nil)) }
        var edits = [DocumentEdit(.id(ending.contact.documentID, mustExist: false), record)]
        if let ticket = ending.ticket {
            let entry = TicketContact(
                contact: ending.contact,
                agent: ending.agent,
                agents: ending.agents,
                startedAt: ending.startedAt,
                endedBy: ending.by,
                waitMs: ending.waited.milliseconds,
                talkMs: ending.talked?.milliseconds,
                outcome: ending.outcome
            )
            edits.append(
                DocumentEdit(.id(ticket.documentID, mustExist: false), [.append(TicketField.contacts, entry.value)])
            )
        }
        return EditRequest(actor: .system, edits: edits)
    }

    /// The agent has finished the paperwork; written by the agent's site.
    static func wrappedUp(_ contact: ContactID, spent: Span) -> EditRequest {
        EditRequest(
            actor: .system,
            edits: [
                DocumentEdit(
                    .id(contact.documentID, mustExist: false),
                    [.set(ContactField.wrapUpMs, .int(spent.milliseconds), seen: nil)]
                )
            ]
        )
    }

    /// An agent says who the caller is.
    static func linked(
        _ contact: ContactID,
        ticket: TicketID?,
        customer: CustomerID,
        actor: Actor
    ) -> EditRequest {
        var edits = [
            DocumentEdit(
                .id(contact.documentID, mustExist: false),
                [.set(ContactField.customer, .string(customer.key), seen: nil)]
            )
        ]
        var file: [FieldChange] = []
        if let ticket {
            file.append(.set(CustomerField.lastTicket, .string(ticket.key), seen: nil))
            edits.append(
                DocumentEdit(
                    .id(ticket.documentID, mustExist: false),
                    [.set(TicketField.customer, .string(customer.key), seen: nil)]
                )
            )
        }
        if !file.isEmpty { edits.append(DocumentEdit(.id(customer.documentID, mustExist: true), file)) }
        return EditRequest(actor: actor, edits: edits)
    }
}
