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
        /// The agent has answered her own phone, and the number that she wants is being called.
        case placing(BridgeID, Candidate)
        /// Somebody outside is called for it, or talks with it.
        case outside(BridgeID, isJoined: Bool)
        /// A text contact stands on an agent's desk; the number of the reservation there.
        case textOffering(Candidate, reservation: Int64)
        /// An agent works on a text contact.
        case textTalking(reservation: Int64)
    }

    /// Who answered, where and when.
    struct Answer: Hashable, Sendable {
        var agent: AgentID
        var site: SiteID
        var at: Moment
        /// The queue that it waited in, in whose figures it counts wherever it goes on.
        var queue: QueueID
    }

    /// Why the centre is about to hang up, which the caller is being told.
    struct Closing: Hashable, Sendable {
        var announcement: ClosingAnnouncement
        /// The final SIP status for one who was not answered.
        var status: Int
        var reason: String
    }

    let id: ContactID
    /// The queue that it waits in, or waited in when it was answered.
    var queue: QueueID
    /// The queue that it entered first.
    let entryQueue: QueueID
    var dialled: String
    var callerNumber: String
    var callerName: String
    let arrived: Moment
    var file: CallerFile?
    var ticket: TicketID?
    var stage: Stage
    /// Further agents who are asked or ring at the same time; empty unless its queue rings all.
    var forks = ContactForks()
    var stageSince: WallTime
    var answer: Answer?
    /// When somebody outside answered a call that an agent made.
    var reachedAt: Moment?
    /// All agents who have spoken with the customer, as far as `Limits.contactAgentsMax` lets them be noted.
    var tookPart: Set<AgentID> = []
    /// The place in the queue that it has taken over from a lost site.
    var place: HeldPlace?
    /// The site that serves the caller on, once one does.
    var movedTo: SiteID?
    /// How it came.
    var channel = Channel.voice
    /// Why it is here.
    var origin = ContactOrigin.incoming
    /// Whom it is for, when not for whoever is next in its queue.
    var wanted: CallTarget?
    /// Who is asked, for people; said while the other phone rings.
    var askedName: String?
    /// The agent who placed it by a command that still waits for the disk.
    var ownCall: OwnCall?
    /// How severe the trouble is, as far as known.
    var severity = Severity.normal
    /// What it is about, when its channel says so.
    var title = ""
    /// The ticket that it came with.
    var givenTicket: TicketID?
    /// The command that opened it, until its record is on disk.
    var opening: CommandToken?
    /// The contact that first asked for this callback, at whichever site; itself as a rule.
    var root: ContactID {
        get { givenRoot ?? id }
        set { givenRoot = newValue }
    }

    var givenRoot: ContactID?
    /// How often another claim stood against dialling this callback.
    var contests = 0
    /// What it has been through beside waiting.
    var overflow = SiteMachine.Overflow()
    /// What became of it, where that does not follow from how it ended.
    var outcome: ContactOutcome?
    /// The decisions about it, the last ones only, oldest first.
    var decisions: [DecisionRecord] = []
    /// Why it is being turned away; nobody is looked for any more.
    var closing: Closing?
    /// How it ended while its record was still on its way to the disk.
    var endedEarly: (by: EndedBy, reason: String, at: Moment)?

    /// Notes that an agent has spoken with the customer; false when that is known already.
    @discardableResult
    mutating func noteAgent(_ agent: AgentID) -> Bool {
        tookPart.count < Limits.contactAgentsMax && tookPart.insert(agent).inserted
    }

    /// Since when the caller waits; at the site that was lost, if there was one.
    var since: WallTime { place.map { min($0.since, arrived.wall) } ?? arrived.wall }

    /// How long the caller has waited, or waited until the answer.
    func waited(until now: Moment) -> Span {
        ((answer?.at ?? reachedAt ?? now).instant - arrived.instant) + (arrived.wall - since)
    }

    /// How strong the customer's support is.
    var tier: CustomerTier { file.flatMap { CustomerTier(rawValue: Int64($0.tier)) } ?? .standard }

    /// How it shows on the wall.
    var state: ContactState {
        switch stage {
        case .lookingUp, .recording, .waiting: .waiting
        case .reserving, .offering, .textOffering: .offered
        case .talking(_, let held): held ? .held : .talking
        case .outside(_, let isJoined): isJoined ? .talking : .offered
        case .placing: .offered
        case .textTalking: .talking
        }
    }

    /// The agent who is asked, rings or talks, with the site.
    var agent: (AgentID, SiteID)? {
        switch stage {
        case .lookingUp, .recording, .waiting, .outside: nil
        case .reserving(let candidate, _), .offering(_, let candidate), .textOffering(let candidate, _),
            .placing(_, let candidate):
            (candidate.agent, candidate.fence.site)
        case .talking, .textTalking: answer.map { ($0.agent, $0.site) }
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
            since: since,
            channel: channel,
            title: title,
            isOwnCall: origin != .incoming
        )
    }
}

/// A contact on the desk of an agent who is signed in here, wherever the caller arrived.
struct DeskCase: Hashable, Sendable {
    var reservation: Reservation
    var originSite: SiteID
    var brief: ContactBrief
    /// Whether the call is recorded, as its site last said.
    var recording = DeskCall.Recording.off
    /// Whether somebody else takes part in the call.
    var isConference = false
    /// The names of supervisors who take part.
    var supervisors: [String] = []

    var agent: AgentID { reservation.agent }

    var contact: ContactID { reservation.contact }
}
