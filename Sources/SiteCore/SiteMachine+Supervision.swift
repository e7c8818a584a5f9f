import Calls
import ContactCenter
import Kernel
import Replication
import Routing
import SIP

/// Supervisors who listen, whisper or barge in with their own phones.
///
/// A supervisor's part is a promise of her own site to a contact of its own name, so that she is never booked twice and
/// the customer's contact stays with one agent. Who may supervise is the edge's business, which writes it to the audit
/// trail before it asks.
extension SiteMachine {
    mutating func supervise(
        _ contact: ContactID,
        _ mode: SupervisionMode,
        _ agent: AgentID,
        _ token: CommandToken,
        _ now: Moment
    ) throws(Refusal) {
        guard let origin = contact.site, origin == site || linked.contains(origin) else {
            throw Refusal(.unavailable, "The site where the call arrived cannot be reached.")
        }
        if var present = supervisions[agent], present.contact == contact {
            present.mode = mode
            supervisions[agent] = present
            let request = SuperviseRequest(present, agent: agent, isChange: true)
            return ask(request, at: origin, for: .desk(token), now)
        }
        guard supervisions[agent] == nil else { throw Refusal(.conflict, "Leave the call that you supervise first.") }
        guard let view = book.view(of: agent), let record = directory.agents[agent] else {
            throw Refusal(.notSignedIn, "The agent is not signed in at this site.")
        }
        guard sip.isRegistered(record.sipUser) else { throw Refusal(.conflict, "Your phone is not registered.") }
        guard let queue = directory.queues.keys.sorted().first else {
            throw Refusal(.unavailable, "There is no queue whose rules would hold for this.")
        }
        contactCounter += 1
        let own = ContactID(site: site, incarnation: boot.incarnation, counter: contactCounter)
        let offer = ContactOffer(
            contact: own,
            queue: queue,
            channel: .voice,
            cost: Channel.voice.cost,
            ringTime: definition(of: queue).ringTime,
            wrapUp: .zero,
            isShared: false
        )
        do {
            let (reservation, events) = try book.reserve(agent, fence: view.fence, for: offer, isOwnWish: true, at: now)
            let number = Int64(clamping: reservation.number)
            let brief = ContactBrief(
                queue: queue,
                callerNumber: "",
                customer: nil,
                customerName: nil,
                ticket: nil,
                latestTicket: nil,
                since: now.wall
            )
            desks[reservation.number] = DeskCase(reservation: reservation, originSite: origin, brief: brief)
            supervisions[agent] = Supervision(contact: contact, own: own, reservation: number, mode: mode)
            push(events)
        } catch {
            throw Refusal(error)
        }
        guard let supervision = supervisions[agent] else { return }
        ask(SuperviseRequest(supervision, agent: agent, isChange: false), at: origin, for: .desk(token), now)
    }

    private mutating func ask(
        _ request: SuperviseRequest,
        at origin: SiteID,
        for waiter: PassWaiter,
        _ now: Moment
    ) {
        requestCounter += 1
        var request = request
        request.request = requestCounter
        passWaiters[requestCounter] = waiter
        guard origin != site else { return supervised(request, for: site, now) }
        timers.set(.pass(requestCounter), now.instant + Limits.passAnswerMax)
        send(.supervise(request), to: origin)
    }

    /// At the contact's site: a supervisor is to take part.
    mutating func supervised(_ request: SuperviseRequest, for peer: SiteID, _ now: Moment) {
        let bridge = BridgeID(contact: request.own, attempt: 1)
        var refusal: String?
        if request.isChange {
            let (isDone, outputs) = calls.supervise(over: bridge, request.mode, now: now)
            push(outputs)
            if !isDone { refusal = "The call is over." }
        } else if let live = contacts[request.contact], case .talking = live.stage {
            let (isDone, outputs) = calls.supervise(
                request.contact,
                over: bridge,
                by: request.agent,
                reservation: request.reservation,
                at: peer,
                request.mode,
                now: now
            )
            push(outputs)
            log(
                .info,
                "contact.supervised",
                [("contact", live.id.key), ("by", request.agent.key), ("how", request.mode.rawValue)]
            )
            if !isDone { refusal = "The call cannot be joined now." }
        } else {
            refusal = "Nobody talks on that call."
        }
        if peer == site {
            passed(request.request, refusal, now)
        } else {
            send(.passed(request: request.request, refusal: refusal), to: peer)
        }
        if refusal != nil, !request.isChange {
            if peer == site {
                endSupervision(of: request.agent, request.own, now)
            } else {
                send(.release(contact: request.own, agent: request.agent), to: peer)
            }
        }
    }

    mutating func stopSupervising(_ agent: AgentID, _ now: Moment) throws(Refusal) {
        guard let supervision = supervisions[agent] else { throw Refusal(.conflict, "You supervise no call.") }
        endSupervision(of: agent, supervision.own, now)
    }

    /// The supervisor leaves, or never came in.
    mutating func endSupervision(of agent: AgentID, _ own: ContactID, _ now: Moment) {
        if let bridge = calls.agentBridges(of: own).first {
            push(calls.endAgentLeg(of: bridge, by: .agent, reason: "left", now: now))
        } else if let engagement = book.engagement(of: agent, with: own),
            let events = try? book.follow(.withdrawn, of: engagement.reservation, at: now)
        {
            push(events)
        }
        forgetSupervision(of: own)
    }

    /// A contact of a supervisor's own name is over.
    mutating func forgetSupervision(of own: ContactID) {
        for agent in supervisions.keys.sorted() where supervisions[agent]?.own == own {
            supervisions[agent] = nil
            changedViews.insert(.desk(agent))
        }
    }

    /// What the supervisor's desk shows.
    func deskSupervision(_ agent: AgentID, at now: Moment) -> DeskSupervision? {
        guard let supervision = supervisions[agent] else { return nil }
        let bridge = BridgeID(contact: supervision.own, attempt: 1)
        let entry = supervision.contact.site.flatMap {
            presence.entry(ContactPresence.key(supervision.contact), of: $0, at: now.instant)
        }
        let shown = entry.flatMap { ContactPresence($0.key, $0.fields) }?.agent
        return DeskSupervision(
            contact: supervision.contact,
            agentName: shown.map { directory.agents[$0]?.name ?? $0.key } ?? "",
            mode: supervision.mode,
            isJoined: calls.agentPhase(of: bridge) == .joined
        )
    }
}

/// A call of somebody else in which an agent here takes part.
struct Supervision: Hashable, Sendable {
    var contact: ContactID
    /// The contact of its own name, to which the supervisor is promised.
    var own: ContactID
    var reservation: Int64
    var mode: SupervisionMode
}

/// A supervisor's site asks the contact's site to let her in.
struct SuperviseRequest: Hashable, Sendable {
    var request: Int64 = 0
    var contact: ContactID
    var own: ContactID
    var agent: AgentID
    var reservation: Int64
    var mode: SupervisionMode
    /// True when she takes part already, and how is to change.
    var isChange: Bool

    private enum Field {
        static let request = FieldID(1)
        static let contact = FieldID(2)
        static let own = FieldID(3)
        static let agent = FieldID(4)
        static let reservation = FieldID(5)
        static let mode = FieldID(6)
        static let isChange = FieldID(7)
    }

    init(_ supervision: Supervision, agent: AgentID, isChange: Bool) {
        contact = supervision.contact
        own = supervision.own
        self.agent = agent
        reservation = supervision.reservation
        mode = supervision.mode
        self.isChange = isChange
    }

    var fields: FieldMap {
        [
            Field.request: .int(request), Field.contact: .string(contact.key), Field.own: .string(own.key),
            Field.agent: .string(agent.key), Field.reservation: .int(reservation), Field.mode: .string(mode.rawValue),
            Field.isChange: .bool(isChange),
        ]
    }

    init?(fields: FieldMap) {
        guard let request = fields[Field.request]?.int, let contact = fields[Field.contact]?.string,
            let own = fields[Field.own]?.string, let agent = fields[Field.agent]?.string,
            let reservation = fields[Field.reservation]?.int,
            let mode = fields[Field.mode]?.string.flatMap(SupervisionMode.init(rawValue:))
        else { return nil }
        self.request = request
        self.contact = ContactID(contact)
        self.own = ContactID(own)
        self.agent = AgentID(agent)
        self.reservation = reservation
        self.mode = mode
        isChange = fields[Field.isChange]?.bool ?? false
    }
}
