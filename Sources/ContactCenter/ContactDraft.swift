package import Kernel

/// A contact's record as its site knows it; written when it is over, or at any time before.
package struct ContactDraft: Hashable, Sendable {
    /// Which contact.
    package var id: ContactID
    /// The ticket that it stands on.
    package var ticket: TicketID?
    /// The customer, when known.
    package var customer: CustomerID?
    /// The queue.
    package var queue: QueueID?
    /// The number that was dialled.
    package var number = ""
    /// The caller's number; empty when withheld.
    package var callerNumber = ""
    /// Who answered.
    package var agent: AgentID?
    /// Where it arrived.
    package var originSite: SiteID
    /// Where the agent was.
    package var agentSite: SiteID?
    /// How it came.
    package var channel = Channel.voice
    /// When it arrived.
    package var startedAt: WallTime
    /// When it entered the queue.
    package var queuedAt: WallTime?
    /// When it was answered.
    package var answeredAt: WallTime?

    /// Makes the draft of a contact's record.
    package init(id: ContactID, originSite: SiteID, startedAt: WallTime) {
        self.id = id
        self.originSite = originSite
        self.startedAt = startedAt
    }
}

/// How a contact ended.
package struct ContactEnding: Hashable, Sendable {
    /// When.
    package var at: WallTime
    /// Who ended it.
    package var by: EndedBy
    /// Why, for people.
    package var reason: String
    /// What became of it.
    package var outcome: ContactOutcome
    /// How long it waited.
    package var wait: Span
    /// How long they spoke; nil when nobody answered.
    package var talk: Span?

    /// Makes an ending.
    package init(
        at: WallTime,
        by: EndedBy,
        reason: String,
        outcome: ContactOutcome,
        wait: Span,
        talk: Span? = nil
    ) {
        self.at = at
        self.by = by
        self.reason = reason
        self.outcome = outcome
        self.wait = wait
        self.talk = talk
    }
}

extension ContactDraft {
    /// The edit that writes what is known of a contact that goes on, or was only begun.
    package func edit() -> DocumentEdit {
        DocumentEdit(.id(id.documentID, mustExist: false), changes)
    }

    /// The edit that closes the record.
    package func closing(_ ending: ContactEnding) -> DocumentEdit {
        var all = changes
        func set(_ field: FieldID, _ value: Value) { all.append(.set(field, value, seen: nil)) }
        set(ContactField.endedAt, .int(ending.at.milliseconds))
        set(ContactField.endedBy, .string(ending.by.rawValue))
        set(ContactField.endReason, .string(ending.reason))
        set(ContactField.outcome, .string(ending.outcome.rawValue))
        set(ContactField.waitMs, .int(ending.wait.milliseconds))
        if let talk = ending.talk { set(ContactField.talkMs, .int(talk.milliseconds)) }
        return DocumentEdit(.id(id.documentID, mustExist: false), all)
    }

    /// The line about this contact on its ticket.
    package func ticketContact(_ ending: ContactEnding? = nil) -> TicketContact {
        TicketContact(
            contact: id,
            agent: agent,
            startedAt: startedAt,
            endedBy: ending?.by,
            waitMs: ending?.wait.milliseconds,
            talkMs: ending?.talk?.milliseconds,
            outcome: ending?.outcome
        )
    }

    /// The edit that adds the time for paperwork to a closed record.
    package static func wrapUp(_ id: ContactID, took span: Span) -> DocumentEdit {
        DocumentEdit(
            .id(id.documentID, mustExist: false),
            [.set(ContactField.wrapUpMs, .int(span.milliseconds), seen: nil)]
        )
    }

    private var changes: [FieldChange] {
        var list = ChangeList()
        func set(_ field: FieldID, _ text: String?) {
            if let text, !text.isEmpty { list.set(field, .string(text)) }
        }
        func set(_ field: FieldID, _ time: WallTime?) {
            if let time { list.set(field, .int(time.milliseconds)) }
        }
        set(ContactField.ticket, ticket?.key)
        set(ContactField.customer, customer?.key)
        set(ContactField.queue, queue?.key)
        set(ContactField.number, number)
        set(ContactField.callerNumber, callerNumber)
        set(ContactField.agent, agent?.key)
        set(ContactField.originSite, originSite.name)
        set(ContactField.agentSite, agentSite?.name)
        set(ContactField.channel, channel.rawValue)
        set(ContactField.startedAt, startedAt)
        set(ContactField.queuedAt, queuedAt)
        set(ContactField.answeredAt, answeredAt)
        return list.changes
    }
}
