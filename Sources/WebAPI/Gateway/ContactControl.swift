package import ContactCenter
package import Kernel

/// Opens and ends contacts that do not come by telephone.
package protocol ContactControl: Sendable {
    /// Puts a contact into its queue; returns once it is on disk with its ticket.
    func openContact(_ wish: ContactWish, by actor: Actor) async throws -> OpenedContactResource
    /// Ends a contact of a text channel that arrived at this site; refuses others with `notFound`.
    func closeContact(_ contact: ContactID, by ending: EndedBy, reason: String, actor: Actor) async throws
    /// Turns a call that waits at this site into a callback that keeps its place; `number` is empty for the caller's
    /// own.
    func callBack(_ contact: ContactID, number: String, by actor: Actor) async throws -> OpenedContactResource
}

/// A contact of a text channel, as somebody asks for it.
package struct ContactWish: Hashable, Sendable {
    /// How it came; anything but voice.
    package var channel: Channel
    /// The queue that it enters.
    package var queue: QueueID
    /// Who writes: an address or a number; empty when unknown.
    package var from: String
    /// What it is about; empty when unknown.
    package var title: String
    /// The customer, when known.
    package var customer: CustomerID?
    /// The ticket that it belongs to; nil for a new one.
    package var ticket: TicketID?
    /// How severe the trouble is.
    package var severity: Severity

    /// Makes a wish.
    package init(
        _ channel: Channel,
        queue: QueueID,
        from: String = "",
        title: String = "",
        customer: CustomerID? = nil,
        ticket: TicketID? = nil,
        severity: Severity = .normal
    ) {
        self.channel = channel
        self.queue = queue
        self.from = from
        self.title = title
        self.customer = customer
        self.ticket = ticket
        self.severity = severity
    }
}
