package import ContactCenter
import Kernel

/// A contact of a text channel, as whoever received it hands it to the site: a chat, a mail, a ticket from the portal,
/// a wish to be called back.
package struct ContactOpening: Hashable, Sendable {
    /// How it came; anything but voice.
    package var channel: Channel
    /// The queue that it enters.
    package var queue: QueueID
    /// Who writes: an address or a number, as far as known.
    package var from: String
    /// What it is about; becomes the subject of a new ticket.
    package var title: String
    /// The customer's file, when known; whoever opens the contact has read it.
    package var file: CallerFile?
    /// The ticket that it belongs to; nil opens a new one.
    package var ticket: TicketID?
    /// How severe the trouble is, as far as known.
    package var severity: Severity

    /// Makes an opening.
    package init(
        _ channel: Channel,
        queue: QueueID,
        from: String = "",
        title: String = "",
        file: CallerFile? = nil,
        ticket: TicketID? = nil,
        severity: Severity = .normal
    ) {
        self.channel = channel
        self.queue = queue
        self.from = from
        self.title = title
        self.file = file
        self.ticket = ticket
        self.severity = severity
    }
}
