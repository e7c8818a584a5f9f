import Calls
import ContactCenter
import Kernel
import SIP
import Testing

/// Two call machines and the messages between them; SIP commands are collected, SIP events are given by hand.
struct TwoSites {
    let north: SiteID
    let south: SiteID
    var machines: [SiteID: CallMachine] = [:]
    var sip: [SiteID: [SIPCommand]] = [:]
    var events: [SiteID: [CallEvent]] = [:]
    var mixes: [SiteID: [MediaRequest]] = [:]
    /// Messages on their way, in order.
    var wire: [(from: SiteID, to: SiteID, message: BridgeMessage)] = []
    var now = Moment(instant: .zero, wall: WallTime(milliseconds: 1_700_000_000_000))
    let contact = ContactID("north-1-1")
    let agent = AgentID("anna")
    let callerLeg = SIPLegID(1)
    let agentLeg = SIPLegID(2)

    let offer: [UInt8]
    let answer: [UInt8]

    init(offer: [UInt8] = Array("offer".utf8), answer: [UInt8] = Array("answer".utf8)) throws {
        self.offer = offer
        self.answer = answer
        north = try #require(SiteID("north"))
        south = try #require(SiteID("south"))
        machines = [north: CallMachine(site: north), south: CallMachine(site: south)]
        up()
    }

    var bridge: BridgeID { BridgeID(contact: contact, attempt: 1) }

    mutating func take(_ outputs: [CallOutput], at site: SiteID) {
        for output in outputs {
            switch output {
            case .sip(let command): sip[site, default: []].append(command)
            case .bridge(let message, let peer): wire.append((site, peer, message))
            case .mix(_, let request): mixes[site, default: []].append(request)
            case .event(let event): events[site, default: []].append(event)
            }
        }
    }

    mutating func at(_ site: SiteID, _ body: (inout CallMachine, Moment) -> [CallOutput]) {
        guard var machine = machines[site] else { return }
        let outputs = body(&machine, now)
        machines[site] = machine
        take(outputs, at: site)
    }

    mutating func happens(_ event: SIPEvent, at site: SiteID) {
        at(site) { $0.handle(event, now: $1) }
    }

    /// Delivers all messages, those too that are sent meanwhile.
    mutating func deliver() {
        while !wire.isEmpty {
            let next = wire.removeFirst()
            at(next.to) { $0.receive(next.message, from: next.from, now: $1) }
        }
    }

    mutating func pass(_ span: Span) {
        now.instant = now.instant + span
        now.wall = now.wall + span
        for site in [north, south] { at(site) { $0.advance(now: $1) } }
    }

    mutating func up() {
        let (one, other) = (north, south)
        at(north) { $0.linkUp(other, now: $1) }
        at(south) { $0.linkUp(one, now: $1) }
    }

    mutating func down() {
        let (one, other) = (north, south)
        wire = []
        at(north) { $0.linkDown(other, now: $1) }
        at(south) { $0.linkDown(one, now: $1) }
    }

    /// Brings a call to the point where the agent's phone at `site` has the INVITE.
    mutating func ring(at site: SiteID) {
        arrive()
        let contact = contact
        let agent = agent
        at(north) {
            $0.offer(contact, to: agent, reservation: 5, at: site, ringTime: .seconds(10), now: $1).outputs
        }
        deliver()
        answerOffers(at: site, user: "anna")
    }

    /// Rings the phones of all offers that came to a site, each once.
    mutating func answerOffers(at site: SiteID, user: String) {
        for event in events[site] ?? [] {
            guard case .offered(let offer, let peer) = event else { continue }
            at(site) {
                $0.ring(offer, from: peer, sipUser: user, headers: [], ringTime: .seconds(10), now: $1)
            }
        }
        events[site]?.removeAll { if case .offered = $0 { true } else { false } }
    }

    /// The customer's phone, then the agent's take hold or resume.
    mutating func settleTurn(_ session: [UInt8]) {
        happens(.reofferAnswered(callerLeg, sdp: session), at: north)
        deliver()
        happens(.reofferAnswered(agentLeg, sdp: answer), at: south)
        deliver()
    }

    /// The mixer at north has a session for a party that it was asked for, or none.
    mutating func openRoom(party: String, _ session: String?) {
        guard mixes[north]?.contains(.mixOpen(party: party)) == true else {
            Issue.record("the mixer was not asked for \(party)")
            return
        }
        let contact = contact
        at(north) { $0.mixOpened(contact, party: party, session: session.map { Array($0.utf8) }, now: $1) }
        deliver()
    }

    /// The last session that a leg was offered.
    func lastOffer(_ site: SiteID, _ leg: SIPLegID) -> String? {
        commands(site).lazy.reversed().compactMap {
            if case .reoffer(leg, let sdp) = $0 { String(decoding: sdp, as: UTF8.self) } else { nil }
        }.first
    }

    func invitations(_ site: SiteID) -> [SIPInvitation] {
        commands(site).compactMap { if case .invite(_, let invitation) = $0 { invitation } else { nil } }
    }

    /// A call has come to north.
    mutating func arrive() {
        let call = SIPIncomingCall(
            leg: callerLeg,
            dialled: "100",
            caller: CallerIdentity(number: "123", displayName: "Ann"),
            sdp: offer,
            source: SIPAddress(host: "10.0.0.9", port: 5060),
            transport: .udp,
            callID: "x"
        )
        let contact = contact
        at(north) { machine, now in
            machine.accept(call, as: contact, now: now)
            return machine.announce(contact)
        }
    }

    /// Brings a call to the point where both talk.
    mutating func talk(at site: SiteID) {
        ring(at: site)
        happens(.ringing(agentLeg, status: 180, sdp: nil), at: site)
        happens(.answered(agentLeg, sdp: answer), at: site)
        deliver()
    }

    func commands(_ site: SiteID) -> [SIPCommand] { sip[site] ?? [] }

    func ends(_ site: SiteID) -> [EndedBy] {
        (events[site] ?? []).compactMap { if case .ended(_, let by, _) = $0 { by } else { nil } }
    }

    func legEnds(_ site: SiteID) -> [AgentLegEnd] {
        (events[site] ?? []).compactMap { if case .agentLegOver(_, _, let end) = $0 { end } else { nil } }
    }

    func failures(_ site: SiteID) -> [OfferFailure] {
        (events[site] ?? []).compactMap { if case .offerFailed(_, let failure) = $0 { failure } else { nil } }
    }
}
