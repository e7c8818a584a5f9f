package import ContactCenter
package import Kernel
import Replication
import SIP
package import SiteCore

/// A cluster under a script: nothing happens by chance, for tests that name one situation.
///
/// Agents are numbered as they are founded: `agentsPerSite` at the first site, then those of the second …; an agent's
/// key is the site's name and the number there (`north0`). Queues: 100 `support` for everybody, 200 `product` for
/// agents with that skill (even numbers), 300 `sales` without wrap-up.
package struct Scenario: Sendable {
    var cluster: SimulatedCluster
    private var checkers = ClusterCheckers()
    /// The promise that was broken first, with its checker.
    package private(set) var broken: String?
    /// What the sites have logged, oldest first; bounded.
    package var log: [String] { cluster.lastLines }

    /// Starts sites and lets them link up and share the first records.
    package init(sites: Int = 3, agentsPerSite: Int = 1, seed: UInt64 = 1) {
        var options = SimulationOptions()
        options.seed = seed
        options.sites = sites
        options.agentsPerSite = agentsPerSite
        options.faults = []
        cluster = SimulatedCluster(options)
        cluster.sipLoss = 0
        cluster.startSites()
        run(.seconds(3))
    }

    /// Virtual time since the start.
    package var elapsed: Span { cluster.now - .zero }

    /// Lets time pass.
    package mutating func run(_ span: Span) {
        let end = cluster.now + span
        while let next = cluster.queue.nextAt, next <= end { step() }
        cluster.now = end
    }

    /// Lets time pass until something is so; false when it was not within the bound.
    package mutating func run(until condition: (Scenario) -> Bool, within bound: Span = .seconds(30)) -> Bool {
        let end = cluster.now + bound
        while !condition(self) {
            guard let next = cluster.queue.nextAt, next <= end else { return condition(self) }
            step()
        }
        return true
    }

    private mutating func step() {
        guard cluster.step() else { return }
        if broken == nil, let found = checkers.anytime(cluster) { broken = "\(found.checker): \(found.message)" }
    }

    // MARK: People

    /// Seats an agent at a site: the phone registers, the agent signs in and is ready.
    package mutating func seat(_ agent: Int, at site: Int) -> Bool {
        cluster.agents[agent].site = site
        cluster.register(agent)
        ask(agent, .signIn)
        guard run(until: { $0.desk(agent)?.phoneIsRegistered == true }, within: .seconds(5)) else { return false }
        ask(agent, .ready)
        // A caller who waits may take the agent in the same moment.
        return run(until: { ($0.desk(agent)?.state.kind ?? .notReady) != .notReady }, within: .seconds(2))
    }

    /// Has an agent's desk ask for something.
    package mutating func ask(_ agent: Int, _ command: DeskCommand) {
        act { $0.atDesk(agent, command) }
    }

    /// Somebody does something, and what comes of it at once is checked as any step is.
    mutating func act(_ body: (inout SimulatedCluster) -> Void) {
        cluster.lastDirectives = []
        body(&cluster)
        if broken == nil, let found = checkers.anytime(cluster) { broken = "\(found.checker): \(found.message)" }
    }

    /// Says what an agent does when the phone rings.
    package mutating func teach(_ agent: Int, _ habit: PhoneHabit) {
        cluster.phones[cluster.agents[agent].phone]?.habit = habit
    }

    /// Somebody dials; returns the caller's number in this scenario.
    package mutating func dial(
        _ site: Int,
        _ number: String,
        from: String = "+49301000",
        patience: Span = .minutes(10),
        talk: Span? = nil
    ) -> Int {
        cluster.callsDialled += 1
        let caller = cluster.callsDialled
        let plan = CallPlan(number: number, from: from, patience: patience, talk: talk, holds: false)
        var party = VirtualCaller(address: address(caller), plan: plan, random: cluster.random.split())
        let packets = party.dial(cluster.sites[site].address, now: cluster.wireMoment)
        cluster.keep(party, packets)
        return caller
    }

    /// A caller hangs up, or gives up.
    package mutating func callerHangsUp(_ caller: Int) {
        guard var party = cluster.callers[address(caller)] else { return }
        let packets = party.hangUp(now: cluster.wireMoment)
        cluster.keep(party, packets)
    }

    /// An agent puts the phone down.
    package mutating func agentHangsUp(_ agent: Int) {
        guard var phone = cluster.phones[cluster.agents[agent].phone] else { return }
        let packets = phone.hangUp(now: cluster.wireMoment)
        cluster.keep(phone, packets)
    }

    /// An agent presses the hold button of the phone, or releases it.
    package mutating func agentHolds(_ agent: Int, _ holds: Bool) {
        guard var phone = cluster.phones[cluster.agents[agent].phone] else { return }
        let packets = phone.hold(holds, now: cluster.wireMoment)
        cluster.keep(phone, packets)
    }

    func address(_ caller: Int) -> SIPAddress {
        SIPAddress(host: "10.2.\(caller / 250).\(caller % 250 + 1)", port: 5060)
    }

    // MARK: Faults

    /// Cuts the link between two sites until `heal`.
    package mutating func cut(_ one: Int, _ other: Int) { cluster.cut(one, other, for: .minutes(600)) }

    /// Mends the link between two sites.
    package mutating func heal(_ one: Int, _ other: Int) { cluster.heal(min(one, other), max(one, other)) }

    /// From now on the SIP wire loses so many packets of a thousand.
    package mutating func lose(_ perMille: Int) { cluster.sipLoss = perMille }

    /// Kills a site's process; it starts again after a while.
    package mutating func crash(_ site: Int, for span: Span) { cluster.crash(site, for: span) }

    /// Lets a site's disk refuse to write, or work again.
    package mutating func fillDisk(_ site: Int, _ isFull: Bool) { cluster.sites[site].diskIsFull = isFull }

    /// Begins a site's graceful stop.
    package mutating func drain(_ site: Int) { act { $0.tell(site, .drain) } }

    // MARK: What can be seen

    /// The name of a site.
    package func site(_ index: Int) -> SiteID { cluster.sites[index].id }

    /// An agent's desk at the site where the agent works; nil when not signed in there.
    package func desk(_ agent: Int) -> DeskView? { desk(agent, at: cluster.agents[agent].site) }

    /// An agent's desk at any site.
    package func desk(_ agent: Int, at site: Int) -> DeskView? {
        let site = cluster.sites[site]
        return site.machine?.desk(cluster.agents[agent].id, at: site.moment(cluster.now))
    }

    /// What a site's wall shows; nil when the site is down.
    package func wall(_ site: Int) -> SiteView? {
        let site = cluster.sites[site]
        return site.machine?.view(at: site.moment(cluster.now))
    }

    /// Whether a caller talks.
    package func talks(_ caller: Int) -> Bool { cluster.callers[address(caller)]?.state == .talking }

    /// The last SIP status of a caller who is no longer on the line (487 gave up, 200 hung up); nil while on it.
    package func lastStatus(_ caller: Int) -> Int? {
        guard let party = cluster.callers[address(caller)] else { return cluster.farewells[address(caller)] }
        if case .over(let status) = party.state { return status }
        return nil
    }

    /// Whether an agent's phone is idle, rings or talks.
    package func phone(_ agent: Int) -> String {
        switch cluster.phones[cluster.agents[agent].phone]?.state {
        case .idle, nil: "idle"
        case .ringing: "ringing"
        case .talking: "talking"
        }
    }

    /// The contact records on a site's disk, by id.
    package func records(_ site: Int) -> [ContactRecord] {
        cluster.sites[site].storage.documents.values.compactMap { ContactRecord($0) }.sorted { $0.id < $1.id }
    }

    /// A ticket on a site's disk.
    package func ticket(_ id: TicketID, at site: Int) -> Ticket? {
        cluster.sites[site].storage.document(id.documentID).flatMap { Ticket($0) }
    }

    /// What is wrong at rest: a broken promise or something unfinished; nil when all is well.
    package mutating func verdict() -> String? {
        cluster.isSettling = true
        _ = run(until: { $0.isAtRest }, within: .seconds(180))
        if let broken { return broken }
        return checkers.finally(cluster).map { "\($0.checker): \($0.message)" }
    }

    private var isAtRest: Bool { cluster.unsettled.isEmpty && checkers.finally(cluster) == nil }
}
