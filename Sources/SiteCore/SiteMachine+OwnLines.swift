import ContactCenter
import Kernel
import Routing
import SIP

/// An agent's phone in calls that she has dialled on it.
struct OwnLine: Hashable, Sendable {
    /// The contacts of these calls.
    var calls: Set<ContactID>
    /// What she dialled last, for her desk.
    var dialled: String
    /// Her promise to herself; nil while she has another call in hand.
    var reservation: Reservation?
}

/// While an agent talks on a call that she dialled on her own phone she is shown as talking and offered nothing.
///
/// She is promised to a contact of her own name, as a supervisor is: the contact of the call may get its own agent.
extension SiteMachine {
    /// An agent has dialled.
    mutating func beginOwnLine(of agent: AgentID, _ live: LiveContact, _ now: Moment) {
        var line = ownLines[agent] ?? OwnLine(calls: [], dialled: "", reservation: nil)
        line.calls.insert(live.id)
        line.dialled = live.dialled
        ownLines[agent] = line
        holdOwnLine(of: agent, now)
    }

    /// Promises an agent to her own call, unless she has something else in hand.
    mutating func holdOwnLine(of agent: AgentID, _ now: Moment) {
        guard let line = ownLines[agent], line.reservation.flatMap({ book.engagement($0) }) == nil,
            let view = book.view(of: agent), let queue = directory.queues.keys.sorted().first
        else { return }
        contactCounter += 1
        let offer = ContactOffer(
            contact: ContactID(site: site, incarnation: boot.incarnation, counter: contactCounter),
            queue: queue,
            channel: .voice,
            cost: Channel.voice.cost,
            ringTime: definition(of: queue).ringTime,
            wrapUp: .zero,
            isShared: false
        )
        // Refused while a call of hers is in hand, which keeps others away as well.
        guard
            let (reservation, granted) = try? book.reserve(
                agent,
                fence: view.fence,
                for: offer,
                isOwnWish: true,
                at: now
            )
        else { return }
        let brief = ContactBrief(
            queue: queue,
            callerNumber: line.dialled,
            customer: nil,
            customerName: nil,
            ticket: nil,
            latestTicket: nil,
            since: now.wall
        )
        desks[reservation.number] = DeskCase(reservation: reservation, originSite: site, brief: brief)
        ownLines[agent]?.reservation = reservation
        push(granted)
        if let answered = try? book.follow(.answered, of: reservation, at: now) { push(answered) }
    }

    /// A call that an agent had dialled is over.
    mutating func endOwnLine(of agent: AgentID, _ contact: ContactID, _ now: Moment) {
        guard ownLines[agent]?.calls.remove(contact) != nil, ownLines[agent]?.calls.isEmpty == true,
            let line = ownLines.removeValue(forKey: agent)
        else { return }
        if let reservation = line.reservation, let events = try? book.follow(.ended, of: reservation, at: now) {
            push(events)
        }
    }
}
