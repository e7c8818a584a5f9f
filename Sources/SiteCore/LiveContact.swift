import Calls
import ContactCenter
import Kernel
import Routing

/// A contact that arrived at this site and has not ended.
struct LiveContact: Sendable {
    /// How far it has come.
    enum Stage: Hashable, Sendable {
        /// The caller's file is being looked up.
        case lookingUp(QueryToken)
        /// Its record is on its way to the disk; the caller hears nothing before.
        case recording
        /// In the queue.
        case waiting
        /// An agent's site has been asked.
        case reserving(Candidate, request: Int64)
        /// The agent's phone is called.
        case offering(BridgeID, Candidate)
        /// Caller and agent talk; true while one side holds.
        case talking(BridgeID, held: Bool)
    }

    /// Who answered, where and when.
    struct Answer: Hashable, Sendable {
        var agent: AgentID
        var site: SiteID
        var at: Moment
    }

    let id: ContactID
    let queue: QueueID
    let dialled: String
    let callerNumber: String
    let callerName: String
    let arrived: Moment
    var file: CallerFile?
    var ticket: TicketID?
    var stage: Stage
    var stageSince: WallTime
    var answer: Answer?
    /// How it ended while its record was still on its way to the disk.
    var endedEarly: (by: EndedBy, reason: String, at: Moment)?

    /// How it shows on the wall.
    var state: ContactState {
        switch stage {
        case .lookingUp, .recording, .waiting: .waiting
        case .reserving, .offering: .offered
        case .talking(_, let held): held ? .held : .talking
        }
    }

    /// The agent who is asked, rings or talks, with the site.
    var agent: (AgentID, SiteID)? {
        switch stage {
        case .lookingUp, .recording, .waiting: nil
        case .reserving(let candidate, _), .offering(_, let candidate): (candidate.agent, candidate.fence.site)
        case .talking: answer.map { ($0.agent, $0.site) }
        }
    }

    /// What the agent's site is told.
    var brief: ContactBrief {
        ContactBrief(
            queue: queue,
            callerNumber: callerNumber,
            customer: file?.customer,
            customerName: file?.name,
            ticket: ticket,
            latestTicket: file?.latestTicket,
            since: arrived.wall
        )
    }
}

/// A contact on the desk of an agent who is signed in here, wherever the caller arrived.
struct DeskCase: Hashable, Sendable {
    var contact: ContactID
    var originSite: SiteID
    var brief: ContactBrief
}
