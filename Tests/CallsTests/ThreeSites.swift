import Calls
import ContactCenter
import Kernel
import SIP
import Testing

/// A customer at one site, Anna at a second, Boris whom she asks at a third, with phones that answer by themselves.
///
/// Messages and phones' answers stand in one queue and are carried out one at a time, so that a test can cut a link
/// between any two.
struct ThreeSites {
    struct Phone {
        let site: SiteID
        let leg: SIPLegID
        /// Tells its sessions from those of others.
        let mark: Int
        var told: [UInt8] = []
        var said: [UInt8] = []
        var isUp = true

        func session(_ direction: String) -> [UInt8] {
            Array("v=0\r\nm=audio \(mark) RTP/AVP 8\r\na=\(direction)\r\n".utf8)
        }

        /// The mark of whom it sends to and hears; nil in silence.
        var partner: Int? {
            let text = String(decoding: told, as: UTF8.self)
            guard isUp, text.contains("a=sendrecv"), String(decoding: said, as: UTF8.self).contains("a=sendrecv"),
                let mark = text.split(separator: " ").dropFirst().first
            else { return nil }
            return Int(mark)
        }
    }

    enum Item {
        case message(from: SiteID, to: SiteID, BridgeMessage)
        case event(SIPEvent, at: SiteID)
    }

    let contact = ContactID("north-1-1")
    let consultation = ContactID("south-1-1")
    let north: SiteID, south: SiteID
    /// Where Boris is; the customer's site is north, Anna's south.
    let far: SiteID
    var machines: [SiteID: CallMachine] = [:]
    var phones: [Phone] = []
    var queue: [Item] = []
    var cuts: Set<Set<SiteID>> = []
    var events: [SiteID: [CallEvent]] = [:]
    var now = Moment(instant: .zero, wall: WallTime(milliseconds: 1_700_000_000_000))

    /// The customer's phone, Anna's, Boris's.
    static let customer = 0, anna = 1, boris = 2

    /// Anna talks with Boris, the customer waits.
    init(customer: String = "north", anna: String = "south", boris: String = "west") throws {
        north = try #require(SiteID(customer))
        south = try #require(SiteID(anna))
        far = try #require(SiteID(boris))
        for site in Set([north, south, far]) { machines[site] = CallMachine(site: site) }
        for one in machines.keys.sorted() {
            for other in machines.keys.sorted() where other != one { at(one) { $0.linkUp(other, now: $1) } }
        }
        try talk()
        try ask()
    }

    var bridge: BridgeID { BridgeID(contact: contact, attempt: 1) }
    var other: BridgeID { BridgeID(contact: consultation, attempt: 1) }

    private mutating func talk() throws {
        let leg = SIPLegID(1)
        phones.append(Phone(site: north, leg: leg, mark: 100))
        phones[0].said = phones[0].session("sendrecv")
        let call = SIPIncomingCall(
            leg: leg,
            dialled: "100",
            caller: CallerIdentity(number: "123", displayName: "Ann"),
            sdp: phones[0].said,
            source: SIPAddress(host: "10.0.0.9", port: 5060),
            transport: .udp,
            callID: "x"
        )
        let (contact, south) = (contact, south)
        at(north) { machine, now in
            machine.accept(call, as: contact, now: now)
            return machine.offer(
                contact,
                to: AgentID("anna"),
                reservation: 1,
                at: south,
                ringTime: .seconds(10),
                now: now
            ).outputs
        }
        run()
        try #require(machines[north]?.joinedBridge(of: contact) == bridge)
    }

    private mutating func ask() throws {
        let (bridge, consultation, far) = (bridge, consultation, far)
        at(south) { $0.consult(beside: bridge, as: consultation, number: "200", name: "Anna", now: $1).outputs }
        run()
        at(south) {
            $0.offer(
                consultation,
                to: AgentID("boris"),
                reservation: 2,
                at: far,
                ringTime: .seconds(10),
                now: $1
            ).outputs
        }
        run()
        try #require(speak(Self.anna, Self.boris))
    }

    // MARK: The world

    mutating func at(_ site: SiteID, _ body: (inout CallMachine, Moment) -> [CallOutput]) {
        guard var machine = machines[site] else { return }
        let outputs = body(&machine, now)
        machines[site] = machine
        for output in outputs { take(output, at: site) }
    }

    private mutating func take(_ output: CallOutput, at site: SiteID) {
        switch output {
        case .bridge(let message, let peer):
            if !cuts.contains([site, peer]) { queue.append(.message(from: site, to: peer, message)) }
        case .mix: break
        case .event(let event):
            events[site, default: []].append(event)
            if case .offered(let offer, let peer) = event {
                at(site) {
                    $0.ring(offer, from: peer, sipUser: "x", headers: [], ringTime: .seconds(10), now: $1)
                }
            }
            if case .alone(let contact) = event { at(site) { $0.silence(contact, now: $1) } }
        case .sip(let command): phone(command, at: site)
        }
    }

    private mutating func phone(_ command: SIPCommand, at site: SiteID) {
        if case .invite(let leg, let invitation) = command {
            var phone = Phone(site: site, leg: leg, mark: 100 * (phones.count + 1))
            phone.told = invitation.sdp ?? []
            phone.said = phone.session("sendrecv")
            phones.append(phone)
            return queue.append(.event(.answered(leg, sdp: phone.said), at: site))
        }
        for index in phones.indices where phones[index].site == site && phones[index].isUp {
            switch command {
            case .answer(phones[index].leg, let sdp), .acknowledge(phones[index].leg, let sdp),
                .answerReoffer(phones[index].leg, let sdp):
                phones[index].told = sdp
            case .reoffer(phones[index].leg, let sdp):
                phones[index].told = sdp
                let isSilent = String(decoding: sdp, as: UTF8.self).contains("a=inactive")
                phones[index].said = phones[index].session(isSilent ? "inactive" : "sendrecv")
                queue.append(.event(.reofferAnswered(phones[index].leg, sdp: phones[index].said), at: site))
            case .hangUp(phones[index].leg, _), .cancel(phones[index].leg): phones[index].isUp = false
            default: break
            }
        }
    }

    /// Carries out the next message or answer; false when there is none.
    mutating func step() -> Bool {
        guard !queue.isEmpty else { return false }
        switch queue.removeFirst() {
        case .message(let from, let to, let message): at(to) { $0.receive(message, from: from, now: $1) }
        case .event(let event, let site): at(site) { $0.handle(event, now: $1) }
        }
        return true
    }

    mutating func run() {
        var left = 1_000
        while left > 0, step() { left -= 1 }
    }

    mutating func pass(_ span: Span) {
        let end = now.instant + span
        while now.instant < end {
            now.instant = now.instant + .seconds(1)
            now.wall = now.wall + .seconds(1)
            for site in machines.keys.sorted() { at(site) { $0.advance(now: $1) } }
            run()
        }
    }

    mutating func cut(_ one: SiteID, _ two: SiteID) {
        cuts.insert([one, two])
        queue.removeAll {
            if case .message(let from, let to, _) = $0 { Set([from, to]) == [one, two] } else { false }
        }
        at(one) { $0.linkDown(two, now: $1) }
        at(two) { $0.linkDown(one, now: $1) }
    }

    mutating func heal(_ one: SiteID, _ two: SiteID) {
        cuts.remove([one, two])
        at(one) { $0.linkUp(two, now: $1) }
        at(two) { $0.linkUp(one, now: $1) }
        run()
    }

    mutating func handOver() {
        let (bridge, consultation) = (bridge, consultation)
        at(south) { $0.handOver(bridge, to: consultation, agent: AgentID("boris"), now: $1).outputs }
    }

    // MARK: What can be seen

    /// Whether two phones send sound to each other.
    func speak(_ one: Int, _ two: Int) -> Bool {
        phones[one].partner == phones[two].mark && phones[two].partner == phones[one].mark
    }

    func isUp(_ phone: Int) -> Bool { phones[phone].isUp }

    /// Whether the customer is on the line and its site looks for somebody.
    var waits: Bool {
        machines[north]?.hasCaller(contact) == true && machines[north]?.joinedBridge(of: contact) == nil
            && phones[Self.customer].partner == nil
    }

    /// Who is on a line on which nothing will happen.
    var forgotten: [String] {
        var found: [String] = []
        let (customer, anna, boris) = (Self.customer, Self.anna, Self.boris)
        // The customer is on hold, which Anna can end at her desk.
        let isHers = isUp(anna) && isUp(customer) && machines[north]?.joinedBridge(of: contact) == bridge
        if isUp(customer), !waits, !speak(customer, anna), !speak(customer, boris), !isHers { found.append("customer") }
        if isUp(anna), !speak(anna, customer), !speak(anna, boris), !isHers { found.append("anna") }
        if isUp(boris), !speak(boris, customer), !speak(boris, anna) { found.append("boris") }
        return found
    }
}
