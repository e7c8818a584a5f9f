package import ContactCenter
import Kernel
import Replication
package import SiteCore

/// Rules changed and contacts opened in a scenario.
extension Scenario {
    /// An administrator at a site changes a queue.
    package mutating func rule(_ queue: String, at site: Int, _ change: QueueChange) {
        guard let edit = try? change.put(QueueID(queue)) else { return }
        write(edit, at: site)
    }

    /// An administrator at a site writes a calendar.
    package mutating func rule(calendar: String, at site: Int, _ change: CalendarChange) {
        guard let edit = try? change.put(CalendarID(calendar)) else { return }
        write(edit, at: site)
    }

    private mutating func write(_ edit: DocumentEdit, at site: Int) {
        act { $0.command(site, .edit([EditRequest(actor: .system, edits: [edit])]), expecting: nil) }
    }

    /// Somebody who speaks for a text channel opens a contact at a site.
    package mutating func open(_ opening: ContactOpening, at site: Int) {
        act { $0.command(site, .openContact(opening), expecting: nil) }
    }

    /// A caller who waits at a site asks to be called back.
    package mutating func callBack(_ contact: ContactID, at site: Int) {
        act { $0.command(site, .callBack(contact, number: ""), expecting: nil) }
    }
}
