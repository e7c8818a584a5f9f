package import ContactCenter
package import Kernel
package import Routing

/// What the wall shows: one snapshot of the whole cluster as this site knows it.
///
/// A value, so that the HTTP side can keep and encode it on its own threads.
package struct SiteView: Hashable, Sendable {
    /// When it was taken.
    package var asOf: WallTime
    /// The site that took it.
    package var servedBy: SiteID
    /// All sites, by name; those never heard from included.
    package var sites: [SiteRow]
    /// All links, seen from both ends, by (from, to).
    package var links: [LinkRow]
    /// All queues, by name.
    package var queues: [QueueRow]
    /// All agents who are signed in somewhere, by name.
    package var agents: [AgentRow]
    /// The teams with agents signed in, by name.
    package var teams: [GroupRow]
    /// The agents of each site, by the site's key.
    package var staff: [GroupRow]
    /// All live contacts, the longest first.
    package var contacts: [ContactRow]
    /// The reasons for a break that agents can give, in their order.
    package var breaks: [BreakReason]
    /// How many sites' presence is fresh.
    package var heard: Int
    /// How many sites there are.
    package var of: Int
}

extension SiteView {
    /// How a site stands, seen from here.
    package enum SiteState: String, Hashable, Sendable {
        /// The site that took the snapshot.
        case `self`
        /// Heard within the bound.
        case up
        /// Overdue.
        case suspect
        /// Overdue beyond the bound, or never heard.
        case unreachable
        /// Finishing its calls before it stops.
        case draining
    }

    /// One site.
    package struct SiteRow: Hashable, Sendable {
        /// Which.
        package var id: SiteID
        /// Its name for people.
        package var name: String
        /// How it stands.
        package var state: SiteState
        /// How old what we know of it is; zero for ourselves, nil when never heard.
        package var age: Span?
        /// Contacts waiting there.
        package var waiting: Int
        /// Agents free there.
        package var agentsReady: Int
        /// Agents busy there.
        package var agentsBusy: Int
        /// Agents on a break there.
        package var agentsNotReady: Int
    }

    /// How a link stands.
    package enum LinkState: String, Hashable, Sendable {
        /// Frames flow.
        case up
        /// Nothing flows.
        case down
        /// Its end cannot be asked.
        case unknown
    }

    /// What a group of agents, a team or those at one site, have done today.
    package struct GroupRow: Hashable, Sendable {
        /// The team's name, or the site's.
        package var name: String
        /// Agents signed in.
        package var agents: Int
        /// Agents free.
        package var agentsReady: Int
        /// Agents busy.
        package var agentsBusy: Int
        /// Agents on a break or set aside.
        package var agentsNotReady: Int
        /// Contacts answered today.
        package var contacts: Int
        /// Time on contacts that are over: talking, hold and wrap-up.
        package var handling: Span
        /// Time ready with nothing in hand, up to each agent's last change.
        package var idle: Span

        /// Time on contacts, of it and time waiting for one (Amazon's definition); nil when neither was.
        package var occupancy: Double? {
            let all = handling.milliseconds + idle.milliseconds
            return all > 0 ? Double(handling.milliseconds) / Double(all) : nil
        }

        /// Mean handling time of a contact; nil before the first.
        package var handlingTime: Span? {
            contacts > 0 ? .milliseconds(handling.milliseconds / Int64(contacts)) : nil
        }
    }

    /// One link, as its first end sees it.
    package struct LinkRow: Hashable, Sendable {
        /// The end that tells.
        package var from: SiteID
        /// The other end.
        package var to: SiteID
        /// How it stands.
        package var state: LinkState
        /// Round trip, when known.
        package var roundTrip: Span?
        /// Since when it is in this state, as far as known.
        package var since: WallTime?
    }

    /// One queue over all sites.
    package struct QueueRow: Hashable, Sendable {
        /// Which.
        package var id: QueueID
        /// Its name for people.
        package var name: String
        /// Contacts waiting at all sites heard from.
        package var waiting: Int
        /// Since when the longest waits.
        package var longestSince: WallTime?
        /// Free agents who may take from it.
        package var agentsReady: Int
        /// Busy agents who may take from it.
        package var agentsBusy: Int
        /// What the contacts of today (UTC) came to, at all sites heard from.
        package var counts: QueueStatistics
        /// Of the day's contacts, those refused, lost with a site, or served on elsewhere.
        package var otherToday: Int
        /// Contacts that wait for longer than the service level allows.
        package var overdue: Int
        /// How long a contact that came now would probably wait; nil when nobody who fits is signed in.
        package var estimate: WaitEstimate?
        /// How wrong this site's estimates were in the last hour.
        package var estimateErrors: EstimateErrors
        /// Each site's part of `counts`, by site.
        package var parts: [QueuePart]

        /// Contacts answered today.
        package var answeredToday: Int { counts.answered }

        /// Contacts abandoned today, those that gave up at once not counted.
        package var abandonedToday: Int { counts.abandoned }

        /// The service level that leaves out who gave up in time; nil before the first contact.
        package var serviceLevel: Double? { counts.serviceLevel(.ignoreAbandons, overdue: overdue) }
    }

    /// One site's part of a queue's figures.
    package struct QueuePart: Hashable, Sendable {
        /// The site that counted.
        package var site: SiteID
        /// How old its count is.
        package var age: Span
        /// True when the site is overdue: its part is of `age` ago.
        package var isStale: Bool
        /// The count.
        package var counts: QueueStatistics
    }

    /// One agent.
    package struct AgentRow: Hashable, Sendable {
        /// Which.
        package var id: AgentID
        /// The agent's name.
        package var name: String
        /// The site where the agent is signed in.
        package var site: SiteID
        /// The state; `unreachable` when its site is.
        package var state: AgentState
        /// Since when.
        package var since: WallTime
        /// The contact in hand.
        package var contact: ContactID?
        /// How old what we know of it is.
        package var age: Span
        /// True when its site is overdue.
        package var isStale: Bool
        /// Time spent on contacts today.
        package var handlingToday: Span
        /// Contacts answered today.
        package var contactsToday: Int
        /// Time ready with nothing in hand today, up to the last change.
        package var idleToday: Span
    }

    /// One live contact.
    package struct ContactRow: Hashable, Sendable {
        /// Which.
        package var id: ContactID
        /// Its queue.
        package var queue: QueueID
        /// The site where it arrived.
        package var site: SiteID
        /// The calling number; empty when withheld.
        package var callerNumber: String
        /// The customer's name, when known.
        package var customerName: String?
        /// How far it has come.
        package var state: ContactState
        /// Since when.
        package var since: WallTime
        /// The agent who has it.
        package var agent: AgentID?
        /// That agent's site.
        package var agentSite: SiteID?
        /// How it came.
        package var channel: Channel
        /// Its place in the queue over all sites, from 1, while it waits.
        package var position: Int?
        /// How long it probably waits still; only for the longest waiting, `Limits.estimatesShownMax` of them.
        package var estimate: WaitEstimate?
        /// True when its queue's rules offer the caller to be called back.
        package var callbackIsOffered: Bool
    }
}

/// What one agent's desk shows; files and tickets are read from the store by the ids given here.
package struct DeskView: Hashable, Sendable {
    /// The agent.
    package var agent: AgentID
    /// The agent's name.
    package var name: String
    /// The site of the session.
    package var site: SiteID
    /// The state.
    package var state: AgentState
    /// Since when.
    package var since: WallTime
    /// When the state ends by itself (wrap-up, ringing, reserved).
    package var stateExpiresAt: WallTime?
    /// True when the agent's phone is registered here.
    package var phoneIsRegistered: Bool
    /// The contact that has most of the agent's attention; its state is the agent's.
    package var contact: DeskContact?
    /// All contacts in hand and offered, in the order in which they came.
    package var contacts: [DeskContact]
    /// Whether further contacts come beside those in hand.
    package var isOpen: Bool
    /// What of the agent's capacity is taken, in percent.
    package var occupied: Int
    /// The break that begins when the last contact in hand is done.
    package var breakAhead: String?
    /// The call of somebody else that this desk supervises.
    package var supervision: DeskSupervision?
}

/// The contact on an agent's desk.
package struct DeskContact: Hashable, Sendable {
    /// Which.
    package var id: ContactID
    /// Its queue.
    package var queue: QueueID
    /// The queue's name.
    package var queueName: String
    /// The calling number, or the address that a text came from; empty when withheld.
    package var callerNumber: String
    /// How it came.
    package var channel: Channel
    /// What it is about, when its channel says so.
    package var title: String
    /// Whether an agent made the call, to somebody outside or to a colleague.
    package var isOwnCall: Bool
    /// How far it has come.
    package var state: ContactState
    /// True once the agent took it and its site has yet to agree.
    package var isTaken: Bool
    /// Since when.
    package var since: WallTime
    /// When this step of it ends by itself.
    package var expiresAt: WallTime
    /// The site where the caller arrived.
    package var originSite: SiteID
    /// The agent's site.
    package var agentSite: SiteID
    /// The ticket opened for this contact.
    package var ticket: TicketID?
    /// The customer, when known.
    package var customer: CustomerID?
    /// The customer's latest ticket before this contact.
    package var latestTicket: TicketID?
    /// What can be done with the call; nil while nobody speaks, and for contacts of text.
    package var call: DeskCall?
}

/// Something an agent must be told.
package struct SiteNotice: Hashable, Sendable {
    /// How serious.
    package enum Level: String, Hashable, Sendable {
        /// Good to know.
        case info
        /// Something did not go as asked.
        case warning
    }

    /// How serious.
    package var level: Level
    /// One plain sentence.
    package var text: String

    /// Makes a notice.
    package init(_ level: Level, _ text: String) {
        self.level = level
        self.text = text
    }
}
