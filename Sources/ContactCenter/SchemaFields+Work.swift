package import Kernel

/// The fields of a ticket (type 3).
package enum TicketField {
    /// Register, text: the number that people say, `NORTH-1042-7`.
    package static let number = FieldID(1)
    /// Register, text: the key of the customer.
    package static let customer = FieldID(2)
    /// Register, text: the key of the organisation.
    package static let organisation = FieldID(3)
    /// Register, text: what it is about, in a line.
    package static let subject = FieldID(4)
    /// Register, text: what it is about, in full.
    package static let description = FieldID(5)
    /// Register, text: the category.
    package static let category = FieldID(6)
    /// Register, whole number: `Severity.rawValue`.
    package static let severity = FieldID(7)
    /// Register, text: `TicketState.rawValue`.
    package static let state = FieldID(8)
    /// Register, text: the key of the agent who is responsible.
    package static let owner = FieldID(9)
    /// Register, text: the key of the queue.
    package static let queue = FieldID(10)
    /// Register, text: the site where it was raised.
    package static let site = FieldID(11)
    /// Register, text: `Channel.rawValue` of the contact that raised it.
    package static let channel = FieldID(12)
    /// Register, text: the product.
    package static let product = FieldID(13)
    /// Register, Unix milliseconds.
    package static let raisedAt = FieldID(14)
    /// Register, Unix milliseconds.
    package static let dueAt = FieldID(15)
    /// Register, Unix milliseconds; null while unresolved.
    package static let resolvedAt = FieldID(16)
    /// Log of `ContactEntry` values: the contacts about this ticket, newest entry of a contact last.
    package static let contacts = FieldID(17)
    /// Log of text: notes.
    package static let notes = FieldID(18)
    /// Set of text: tags.
    package static let tags = FieldID(19)
    /// Set of text: keys of tickets about the same thing; see `MergeEdge`.
    package static let merges = FieldID(20)
    /// Log of lists: content's name, file name, media type, bytes; see `Attachment`.
    package static let attachments = FieldID(21)
}

/// The fields of a queue (type 5).
package enum QueueField {
    /// Register, text: the name that people see.
    package static let name = FieldID(1)
    /// Set of text: dialled numbers that lead here, in the form of `PhoneNumber.normalised`.
    package static let numbers = FieldID(2)
    /// Set of text: skills that an agent must have, as `skill:level`.
    package static let requiredSkills = FieldID(3)
    /// Register, whole number, seconds: an answer within this time counts for the service level.
    package static let serviceLevelSeconds = FieldID(4)
    /// Register, whole number, seconds: how long an agent's phone rings before the caller goes on.
    package static let ringSeconds = FieldID(5)
    /// Register, whole number, seconds: time for the agent's paperwork after a contact.
    package static let wrapUpSeconds = FieldID(6)
    /// Register, text: `RoutingStrategy.rawValue`.
    package static let strategy = FieldID(7)
    /// Register, whole number: added to the class of the queue's contacts; higher is served earlier.
    package static let priority = FieldID(8)
    /// Register, whole number, seconds: how long a caller waits for the agent of the latest ticket.
    package static let affinitySeconds = FieldID(9)
}

/// The fields of a contact's record (type 8).
package enum ContactField {
    /// Register, text: the key of the ticket.
    package static let ticket = FieldID(1)
    /// Register, text: the key of the customer.
    package static let customer = FieldID(2)
    /// Register, text: the key of the queue.
    package static let queue = FieldID(3)
    /// Register, text: the number that was dialled.
    package static let number = FieldID(4)
    /// Register, text: the caller's number.
    package static let callerNumber = FieldID(5)
    /// Register, text: the key of the agent who answered.
    package static let agent = FieldID(6)
    /// Register, text: the site where it arrived.
    package static let originSite = FieldID(7)
    /// Register, text: the site of the agent who answered.
    package static let agentSite = FieldID(8)
    /// Register, text: `Channel.rawValue`.
    package static let channel = FieldID(9)
    /// Register, Unix milliseconds.
    package static let startedAt = FieldID(10)
    /// Register, Unix milliseconds.
    package static let queuedAt = FieldID(11)
    /// Register, Unix milliseconds.
    package static let answeredAt = FieldID(12)
    /// Register, Unix milliseconds.
    package static let endedAt = FieldID(13)
    /// Register, text: `EndedBy.rawValue`.
    package static let endedBy = FieldID(14)
    /// Register, text: why it ended, for people.
    package static let endReason = FieldID(15)
    /// Register, whole number, milliseconds.
    package static let waitMs = FieldID(16)
    /// Register, whole number, milliseconds.
    package static let talkMs = FieldID(17)
    /// Register, whole number, milliseconds.
    package static let wrapUpMs = FieldID(18)
    /// Register, text: `ContactOutcome.rawValue`.
    package static let outcome = FieldID(19)
    /// Register, list: how the contact came to its agent, as the site that decided wrote it down (level 2).
    package static let decision = FieldID(20)
    /// Log: who was about to dial a callback, and who took that back (level 2).
    package static let dials = FieldID(21)
    /// Register, text: the contact that first asked for this callback, at a site that was lost (level 2).
    package static let root = FieldID(22)
    /// Log, text: recordings of the call, as `site/file` of the site that has them (level 3).
    package static let recordings = FieldID(23)
    /// Register, text: `OwnCallKind.rawValue` of a call that an agent made; not set for a customer's.
    package static let ownCall = FieldID(24)
    /// Register, text: the key of the queue in which it was answered first, and so counts, wherever it went on.
    package static let answeredQueue = FieldID(25)
    /// Register, text: the number outside that answered a call which an agent made.
    package static let reached = FieldID(26)
    /// Set of text: the keys of all agents who have spoken with the customer.
    package static let agents = FieldID(27)
}

/// The fields of a site's token key (type 7); the document's key is the site's name.
package enum SiteKeyField {
    /// Register, text: the public key in PEM.
    package static let publicKey = FieldID(1)
}

/// The fields of a site (type 9); the document's key is the site's name.
package enum SiteField {
    /// Register, text: the name that people see.
    package static let name = FieldID(1)
    /// Register, text: the IANA time zone.
    package static let zone = FieldID(2)
}
