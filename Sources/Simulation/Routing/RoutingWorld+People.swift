import ContactCenter
import Kernel
import SIP
import SiteCore

/// Callers and agents.
extension RoutingWorld {
    /// Somebody dials; then the next one is planned: a Poisson process that follows the profile of the run.
    mutating func call() {
        guard !cluster.isSettling else { return }
        let minute = Int(cluster.now.milliseconds / 60_000)
        let percent = Self.profile[minute % Self.profile.count]
        let rate = Double(max(1, options.callsPerMinute)) * Double(percent) / 100
        plan(
            .call,
            in: chance(mean: .milliseconds(Int64(60_000 / rate)), atLeast: .milliseconds(1), atMost: .minutes(2))
        )
        let luck = Int.random(in: 0..<100, using: &random)
        let from =
            luck < 30
            ? FoundingRecords.phone(Int.random(in: 0..<cluster.options.customers, using: &random))
            : "+4940\(1_000 + cluster.callsDialled)"
        let number = FoundingRecords.numbers[luck % FoundingRecords.numbers.count]
        dial(Int.random(in: 0..<cluster.sites.count, using: &random), number, from: from)
    }

    mutating func dial(_ site: Int, _ number: String, from: String) {
        guard !cluster.isSettling else { return }
        cluster.callsDialled += 1
        let count = cluster.callsDialled
        let address = SIPAddress(host: "10.\(2 + count / 62_500).\(count / 250 % 250).\(count % 250 + 1)", port: 5060)
        let isImpatient = Int.random(in: 0..<10, using: &random) == 0
        let patience =
            isImpatient
            ? chance(mean: .milliseconds(800), atLeast: .milliseconds(50), atMost: .seconds(3))
            : chance(mean: .seconds(45), atLeast: .seconds(2), atMost: .minutes(3))
        let callerEnds = Int.random(in: 0..<100, using: &random) < 70
        let talk = chance(mean: .seconds(12), atLeast: .milliseconds(300), atMost: .seconds(50))
        let plan = CallPlan(
            number: number,
            from: from,
            patience: patience,
            talk: callerEnds ? talk : nil,
            holds: Int.random(in: 0..<12, using: &random) == 0
        )
        var caller = VirtualCaller(address: address, plan: plan, random: random.split())
        let packets = caller.dial(cluster.sites[site].address, now: cluster.wireMoment)
        dialled[address] = (from, number, site)
        cluster.keep(caller, packets)
    }

    /// An agent looks at the desk and does what the day demands.
    mutating func look(_ agent: Int) {
        plan(.look(agent: agent), in: .milliseconds(Int64.random(in: 500...2_500, using: &random)))
        if let until = deskBackAt[agent], until > cluster.now { return }
        let person = cluster.agents[agent]
        let site = cluster.sites[person.site]
        guard let machine = site.machine else { return missed(agent) }
        cluster.agents[agent].misses = 0
        if cluster.phones[person.phone]?.registrar != site.address { cluster.register(agent) }
        guard let desk = machine.desk(person.id, at: site.moment(cluster.now)) else {
            return cluster.atDesk(agent, .signIn)
        }
        let luck = Int.random(in: 0..<100, using: &random)
        switch desk.state {
        case .notReady, .notResponding:
            let isBack = breakUntil[agent].map { $0 <= cluster.now } ?? true
            if isBack, desk.phoneIsRegistered { cluster.atDesk(agent, .ready) }
        case .wrapUp:
            if luck < 40 || cluster.isSettling { cluster.atDesk(agent, .finishWrapUp) }
            if luck > 93 { cluster.atDesk(agent, .extendWrapUp) }
        case .talking, .held:
            if luck < 5, let contact = desk.contact { cluster.atDesk(agent, .hangUp(contact.id)) }
        default: break
        }
    }

    /// The desk's site does not answer: after a while the desktop goes elsewhere by itself.
    private mutating func missed(_ agent: Int) {
        cluster.agents[agent].misses += 1
        if cluster.agents[agent].misses > 4, !cluster.isSettling, moveAgent(agent) { cluster.note("agent.failover") }
    }

    /// Signs an agent in at another site that runs; false when there is none.
    mutating func moveAgent(_ agent: Int) -> Bool {
        let others = cluster.sites.indices.filter {
            $0 != cluster.agents[agent].site && cluster.sites[$0].machine != nil
        }
        guard !others.isEmpty else { return false }
        cluster.agents[agent].site = others[Int.random(in: 0..<others.count, using: &random)]
        cluster.agents[agent].misses = 0
        cluster.register(agent)
        cluster.atDesk(agent, .signIn)
        return true
    }

    /// Puts a new phone on an agent's desk where the old one was lost.
    mutating func bringBack(_ agent: Int) {
        let person = cluster.agents[agent]
        guard cluster.phones[person.phone] == nil else { return }
        cluster.phones[person.phone] = VirtualPhone(
            address: person.phone,
            user: person.sipUser,
            life: cluster.phonesLost[person.phone] ?? 0,
            random: random.split()
        )
        cluster.register(agent)
    }
}
