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
    /// Messages on their way, in order.
    var wire: [(from: SiteID, to: SiteID, message: BridgeMessage)] = []
    var now = Moment(instant: .zero, wall: WallTime(milliseconds: 1_700_000_000_000))
    let contact = ContactID("north-1-1")
    let agent = AgentID("anna")
    let callerLeg = SIPLegID(1)
    let agentLeg = SIPLegID(2)

    init() throws {
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
        let call = SIPIncomingCall(
            leg: callerLeg,
            dialled: "100",
            caller: CallerIdentity(number: "123", displayName: "Ann"),
            sdp: Array("offer".utf8),
            source: SIPAddress(host: "10.0.0.9", port: 5060),
            transport: .udp,
            callID: "x"
        )
        let contact = contact
        let agent = agent
        let north = north
        at(north) { machine, now in
            machine.accept(call, as: contact, now: now)
            return machine.announce(contact)
        }
        at(north) {
            $0.offer(contact, to: agent, reservation: 5, at: site, ringTime: .seconds(10), now: $1).outputs
        }
        deliver()
        for event in events[site] ?? [] {
            guard case .offered(let offer, let peer) = event else { continue }
            at(site) {
                $0.ring(offer, from: peer, sipUser: "anna", headers: [], ringTime: .seconds(10), now: $1)
            }
        }
    }

    /// Brings a call to the point where both talk.
    mutating func talk(at site: SiteID) {
        ring(at: site)
        happens(.ringing(agentLeg, status: 180, sdp: nil), at: site)
        happens(.answered(agentLeg, sdp: Array("answer".utf8)), at: site)
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
