import ContactCenter
import Kernel
import Routing

/// Something that is going to happen in a planned day.
enum PlanningEvent: Sendable {
    /// Somebody calls at a site.
    case arrival(site: Int)
    /// A caller's patience is at its end.
    case giveUp(ContactID)
    /// A contact has taken its time; the agent's site learns it.
    case finish(ContactID, Reservation, site: Int)
    /// A message arrives.
    case message(to: Int, from: Int, PlanningMessage)
    /// No answer came to the request for a reservation.
    case answerDue(ContactID, request: Int)
    /// Contacts and agents of a site are matched once more.
    case tick(site: Int)
    /// What nobody ended at a site is over.
    case expire(site: Int)
    /// Somebody's shift begins.
    case begin(person: Int)
    /// Somebody's shift is over.
    case leave(person: Int)
    /// The site is lost.
    case lose
    /// The other sites know.
    case detect
    /// A caller of the lost site is presented at another.
    case represent(ContactID)
}

/// What sites tell each other, as far as planning needs it.
enum PlanningMessage: Sendable {
    /// Presence: an agent; nil when logged out.
    case agent(AgentID, AgentView?)
    /// Presence: a contact waits.
    case waits(WaitingContact)
    /// Presence: a contact waits no longer.
    case gone(ContactID)
    /// A freed agent asks for a contact.
    case pull(ContactID, Candidate)
    /// An agent is wanted for a contact.
    case reserve(ContactID, request: Int, Candidate)
    /// The agent is promised.
    case granted(ContactID, request: Int, Reservation)
    /// The agent is not to be had.
    case refused(ContactID, request: Int)
    /// The promise is not wanted any more.
    case release(Reservation)
    /// The agent talks, until then.
    case answered(ContactID, Reservation, until: Instant)
}

/// A contact of a planned day.
struct PlanningCall: Sendable {
    enum Stage: Sendable {
        case waiting
        /// An agent's site was asked.
        case reserving(Candidate, request: Int)
        /// Two people talk.
        case talking(Reservation, agentSite: Int)
        /// Between the lost site and the next.
        case moving
    }

    let id: ContactID
    /// Counts arrivals.
    let number: Int
    /// The interval of its arrival.
    let interval: Int
    let arrived: Instant
    let handling: Span
    /// Where it is.
    var site: Int
    var stage = Stage.waiting
    var requests = 0
    /// Whether the other sites were told that it waits.
    var isPublished = false
}

/// Somebody who works.
struct PlanningPerson: Sendable {
    let id: AgentID
    let home: Int
    let shift: PlanningShift
    /// Where the person is signed in.
    var site: Int?
}

/// One site of a planned day: the code that ships, and what is due.
struct PlanningPlace: Sendable {
    let id: SiteID
    var router: Router
    var book: AgentBook
    var isUp = true
    var tickAt: Instant?
}
