import Calls
import ContactCenter
import Kernel
import Routing

/// Calls of more than two, at the site where the caller arrived: the mixer's jobs, and who is told of the parties.
extension SiteMachine {
    /// Hands the mixer something to do for the room of a contact.
    mutating func mix(_ contact: ContactID, _ request: MediaRequest) {
        mixCounter += 1
        let number = SiteMachine.firstMixJob + mixCounter
        if case .mixOpen(let party) = request { mixJobs[number] = MixJob(contact: contact, party: party) }
        outbox.append(.media(MediaJob(number: number, session: MediaSession("room-\(contact.key)"), request: request)))
    }

    /// The mixer has answered; false when the job was none of its.
    mutating func mixed(_ number: UInt64, _ result: MediaResult, _ now: Moment) -> Bool {
        guard number > SiteMachine.firstMixJob else { return false }
        if case .failed(let reason) = result { log(.warning, "mix.failed", [("why", reason)]) }
        guard let job = mixJobs.removeValue(forKey: number) else { return true }
        var session: [UInt8]?
        if case .session(let made) = result { session = made }
        push(calls.mixOpened(job.contact, party: job.party, session: session, now: now))
        return true
    }

    /// Somebody has joined or left: the agent's desk shows who takes part.
    mutating func partiesChanged(_ contact: ContactID, _ now: Moment) {
        guard let live = contacts[contact], case .talking(let bridge, _) = live.stage, let agent = live.agent else {
            return
        }
        let guests = calls.guests(of: contact)
        noteGuests(guests.filter { $0.role == .guest && $0.isIn }.compactMap(\.agent), of: live)
        var names: [String] = []
        var isConference = false
        for guest in guests {
            guard case .supervisor = guest.role else {
                isConference = true
                continue
            }
            if let agent = guest.agent { names.append(directory.agents[agent]?.name ?? agent.key) }
        }
        let talk = PartiesTalk(bridge: bridge, isConference: isConference, supervisors: names.sorted())
        if agent.1 == site { partiesAre(talk) } else { send(.parties(talk), to: agent.1) }
    }

    /// Agents who are brought into a talk have taken part in it, and may hear what was recorded of it.
    private mutating func noteGuests(_ agents: [AgentID], of contact: LiveContact) {
        var live = contact
        let new = agents.filter { live.noteAgent($0) }
        guard !new.isEmpty else { return }
        contacts[live.id] = live
        pipeline.add(ContactEdits.joined(live.id, new), for: .record(live.id))
    }

    /// At the agent's site: who takes part in her call.
    mutating func partiesAre(_ talk: PartiesTalk) {
        guard let reservation = bridges[talk.bridge], desks[reservation.number] != nil else { return }
        desks[reservation.number]?.isConference = talk.isConference
        desks[reservation.number]?.supervisors = talk.supervisors
        changedViews.insert(.desk(reservation.agent))
        guard talk.isMixerGone else { return }
        let text = "The site's mixer does not answer; the call goes on between the two of you."
        outbox.append(.notice(reservation.agent, SiteNotice(.warning, text)))
    }

    /// The call cannot be mixed, or not any longer: its agent hears so, wherever she is.
    mutating func mixFailed(_ contact: ContactID) {
        log(.warning, "contact.notMixed", [("contact", contact.key)])
        guard let live = contacts[contact], case .talking(let bridge, _) = live.stage, let agent = live.agent else {
            return
        }
        let talk = PartiesTalk(bridge: bridge, isConference: false, supervisors: [], isMixerGone: true)
        if agent.1 == site { partiesAre(talk) } else { send(.parties(talk), to: agent.1) }
    }

    /// The mixer answers, or no longer.
    mutating func mixer(isUp: Bool, _ now: Moment) {
        log(isUp ? .info : .warning, isUp ? "mixer.up" : "mixer.down", [])
        push(isUp ? calls.mixerBack(now: now) : calls.mixerLost(now: now))
    }

    /// Tells a supervisor, or who was brought in, that the mixer is gone and with it the part in a call.
    mutating func tellMixerGone(_ agent: AgentID) {
        let text = "You no longer take part in the call: the mixer of the site where it arrived failed."
        outbox.append(.notice(agent, SiteNotice(.warning, text)))
    }

    /// Jobs of the mixer are numbered apart from those of the relay.
    static let firstMixJob: UInt64 = 1 << 62
}

/// A party for whom the mixer has yet to give a session.
struct MixJob: Hashable, Sendable {
    let contact: ContactID
    let party: String
}

/// Who takes part in a call beside customer and agent, for the agent's desk.
struct PartiesTalk: Hashable, Sendable {
    var bridge: BridgeID
    var isConference: Bool
    var supervisors: [String]
    /// True when the others are gone because the mixer is.
    var isMixerGone = false

    private enum Field {
        static let contact = FieldID(1)
        static let attempt = FieldID(2)
        static let isConference = FieldID(3)
        static let supervisors = FieldID(4)
        static let isMixerGone = FieldID(5)
    }

    var fields: FieldMap {
        var fields: FieldMap = [
            Field.contact: .string(bridge.contact.key), Field.attempt: .int(bridge.attempt),
            Field.isConference: .bool(isConference),
            Field.supervisors: .list(supervisors.map { .string($0) }),
        ]
        if isMixerGone { fields[Field.isMixerGone] = .bool(true) }
        return fields
    }

    init(bridge: BridgeID, isConference: Bool, supervisors: [String], isMixerGone: Bool = false) {
        self.bridge = bridge
        self.isConference = isConference
        self.supervisors = supervisors
        self.isMixerGone = isMixerGone
    }

    init?(fields: FieldMap) {
        guard let contact = fields[Field.contact]?.string, let attempt = fields[Field.attempt]?.int else { return nil }
        bridge = BridgeID(contact: ContactID(contact), attempt: attempt)
        isConference = fields[Field.isConference]?.bool ?? false
        supervisors = (fields[Field.supervisors]?.list ?? []).compactMap { $0.string }
        isMixerGone = fields[Field.isMixerGone]?.bool ?? false
    }
}
