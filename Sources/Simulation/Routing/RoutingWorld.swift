import ContactCenter
import Kernel
import SIP
import SiteCore

/// The simulated cluster with the people and faults of a routing run.
///
/// The cluster keeps what sites, links, phones and callers do of themselves; everything else that happens is planned
/// here, in a queue of its own, so that this workload does not disturb that of other runs.
struct RoutingWorld: Sendable {
    /// Something that people do, or that goes wrong.
    enum Event: Sendable {
        case call
        case redial(from: String, number: String, site: Int)
        case look(agent: Int)
        case fault
        case flap(low: Int, high: Int, left: Int)
        case linkRecovers(low: Int, high: Int, delay: ClosedRange<Int64>)
        case wireRecovers
        case diskRecovers(site: Int)
        case habitEnds(agent: Int)
        case phoneBack(agent: Int)
        case settle
    }

    let options: RoutingOptions
    var cluster: SimulatedCluster
    var random: SeededRandom
    var queue = EventQueue<Event>()
    var began: [String: Int] = [:]
    var bit: [String: Int] = [:]
    /// When each agent comes back from a break.
    var breakUntil: [Int: Instant] = [:]
    /// When each lost desktop is back.
    var deskBackAt: [Int: Instant] = [:]
    /// Who dialled what where, for those who dial again.
    var dialled: [SIPAddress: (from: String, number: String, site: Int)] = [:]
    /// The load over the minutes of a run, of a hundred: quiet, usual, and more than the agents can do.
    static let profile = [60, 100, 140, 190, 120, 80, 40]

    init(_ options: RoutingOptions) {
        self.options = options
        var plain = SimulationOptions()
        plain.seed = options.seed
        plain.sites = options.sites
        plain.agentsPerSite = options.agentsPerSite
        plain.faults = []
        plain.faultPhase = options.faultPhase
        cluster = SimulatedCluster(plain)
        random = SeededRandom(seed: options.seed &* 0xD134_2543_DE82_EF95 &+ 3)
    }

    mutating func start() {
        cluster.startSites()
        for agent in cluster.agents.indices {
            plan(.look(agent: agent), in: .milliseconds(2_000 + Int64.random(in: 0...1_500, using: &random)))
        }
        plan(.call, in: .seconds(4))
        if !options.faults.isEmpty { plan(.fault, in: .seconds(6)) }
        plan(.settle, in: options.faultPhase)
    }

    mutating func plan(_ event: Event, in span: Span) {
        queue.plan(event, at: cluster.now + span)
    }

    /// Lets the next thing happen, of the cluster or of this workload; false when nothing is planned any more.
    mutating func step() -> Bool {
        guard let mine = queue.nextAt, cluster.queue.nextAt.map({ mine < $0 }) ?? true else { return cluster.step() }
        guard let (at, event) = queue.next() else { return false }
        cluster.lastDirectives = []
        cluster.now = max(cluster.now, at)
        cluster.steps += 1
        cluster.hash.add(cluster.now.milliseconds)
        cluster.noteSoundness()
        handle(event)
        return true
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .call: call()
        case .redial(let from, let number, let site): dial(site, number, from: from)
        case .look(let agent): look(agent)
        case .fault: breakSomething()
        case .flap(let low, let high, let left): flap(low, high, left: left)
        case .linkRecovers(let low, let high, let delay): setDelay(low, high, delay)
        case .wireRecovers: cluster.sipLoss = 5
        case .diskRecovers(let site): cluster.recoverDisk(site)
        case .habitEnds(let agent): cluster.phones[cluster.agents[agent].phone]?.habit = nil
        case .phoneBack(let agent): bringBack(agent)
        case .settle: settle()
        }
    }

    /// Everything works again, nobody calls any more.
    private mutating func settle() {
        for agent in cluster.agents.indices {
            bringBack(agent)
            cluster.phones[cluster.agents[agent].phone]?.habit = nil
        }
        breakUntil = [:]
        deskBackAt = [:]
        cluster.settle()
    }

    /// A delay with many short and few long ones.
    mutating func chance(mean: Span, atLeast: Span = .zero, atMost: Span) -> Span {
        let drawn = Double(mean.milliseconds) * drawUnitExponential(&random)
        return max(atLeast, min(atMost, .milliseconds(Int64(drawn))))
    }
}
