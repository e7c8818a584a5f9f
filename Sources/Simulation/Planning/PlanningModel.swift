import ContactCenter
import Kernel
import Routing

/// A planned day: the shipping router and agents' book of each site, joined by virtual links.
///
/// No SIP, no disk, no ringing: an agent who is promised answers at once. What remains is what decides about waiting:
/// who gets whom, and what sites know of each other a message later. Choices follow `SiteMachine+Routing`.
struct PlanningModel: Sendable {
    let scenario: PlanningScenario
    private(set) var queue = EventQueue<PlanningEvent>()
    private(set) var now: Instant
    var places: [PlanningPlace] = []
    var people: [PlanningPerson] = []
    var personOf: [AgentID: Int] = [:]
    var calls: [ContactID: PlanningCall] = [:]
    /// What follows within the same moment, first come first served.
    var work: [Work] = []
    private var workDone = 0
    var meter: PlanningMeter
    var result: PlanningResult
    /// Draws of each kind have a sequence of their own, so that two scenarios of one seed see the same callers.
    var arrivals: [SeededRandom] = []
    var lengths: SeededRandom
    var patience: SeededRandom
    var arrived = 0
    /// For turns among sites: callers and agents of a lost one.
    var turn = 0
    /// Conversations of a lost site with agents who do not know yet.
    var severed: [(site: Int, reservation: Reservation)] = []
    /// The wait of each caller, where the run is compared with a formula.
    var log: PlanningLog?
    let definition = QueueDefinition(id: QueueID("planned"), wrapUp: .zero, strategy: .longestIdle)
    /// Midnight of the planned day.
    static let midnight = WallTime(milliseconds: 1_795_219_200_000)

    enum Work: Sendable {
        case route(ContactID)
        case pull(AgentID, site: Int)
    }

    init(_ scenario: PlanningScenario, seed: UInt64) {
        self.scenario = scenario
        now = Instant(milliseconds: scenario.begins.milliseconds)
        var random = SeededRandom(seed: seed)
        lengths = random.split()
        patience = random.split()
        meter = PlanningMeter(scenario)
        result = PlanningResult(
            intervals: Array(repeating: PlanningInterval(), count: max(1, scenario.intervals))
        )
        for site in scenario.sites {
            arrivals.append(random.split())
            places.append(place(site.name))
        }
        for index in places.indices {
            for other in places {
                let knowledge = SiteKnowledge(
                    isReachable: scenario.isLinked || other.id == places[index].id,
                    heardAt: now
                )
                places[index].router.agents.update(other.id, knowledge)
            }
        }
        seatPeople()
        for site in scenario.sites.indices { planArrival(site, from: now) }
        if let loss = scenario.loss { plan(.lose, at: Instant(milliseconds: loss.at.milliseconds)) }
    }

    func place(_ id: SiteID) -> PlanningPlace {
        var settings = AgentBookSettings()
        settings.requiresPhone = false
        settings.talkingMax = Limits.planningSpanMax * 2
        return PlanningPlace(
            id: id,
            router: Router(site: id),
            book: AgentBook(site: id, settings: settings)
        )
    }

    private mutating func seatPeople() {
        for (site, definition) in scenario.sites.enumerated() {
            for shift in definition.shifts where shift.to > scenario.begins && shift.from < scenario.ends {
                for _ in 0..<shift.agents {
                    let id = AgentID("a\(people.count)")
                    personOf[id] = people.count
                    plan(.begin(person: people.count), at: Instant(milliseconds: shift.from.milliseconds))
                    // Who works until closing serves those who still wait.
                    if shift.to < scenario.ends {
                        plan(.leave(person: people.count), at: Instant(milliseconds: shift.to.milliseconds))
                    }
                    people.append(PlanningPerson(id: id, home: site, shift: shift, site: nil))
                }
            }
        }
    }

    var moment: Moment {
        Moment(instant: now, wall: PlanningModel.midnight + Span(milliseconds: now.milliseconds))
    }

    mutating func plan(_ event: PlanningEvent, at: Instant) {
        queue.plan(event, at: max(at, now))
    }

    mutating func send(_ message: PlanningMessage, to: Int, from: Int) {
        plan(.message(to: to, from: from, message), at: now + scenario.latency)
    }

    /// Tells every other site that is linked.
    mutating func publish(_ message: PlanningMessage, from: Int) {
        guard scenario.isLinked else { return }
        for to in places.indices where to != from && places[to].isUp { send(message, to: to, from: from) }
    }

    /// Lets the next thing happen; false when the day is over.
    mutating func step() -> Bool {
        let end = Instant(milliseconds: scenario.ends.milliseconds)
        guard let next = queue.nextAt, next <= end + Limits.planningOvertime, result.steps < Limits.planningStepsMax,
            next < end || !calls.isEmpty, let (at, event) = queue.next()
        else { return false }
        now = max(now, at)
        result.steps += 1
        handle(event)
        var index = 0
        while index < work.count, index < Limits.planningWorkMax {
            switch work[index] {
            case .route(let id): route(id)
            case .pull(let agent, let site): pull(agent, at: site)
            }
            index += 1
        }
        work.removeAll(keepingCapacity: true)
        return true
    }

    private mutating func handle(_ event: PlanningEvent) {
        switch event {
        case .arrival(let site): arrive(site)
        case .giveUp(let id): giveUp(id)
        case .finish(let id, let reservation, let site): finish(id, reservation, at: site)
        case .message(let to, let from, let message):
            if places[to].isUp { receive(message, at: to, from: from) }
        case .answerDue(let id, let request): answerDue(id, request)
        case .tick(let site): tick(site)
        case .expire(let site): expire(site)
        case .begin(let person): begin(person)
        case .leave(let person): leave(person)
        case .lose: lose()
        case .detect: detect()
        case .represent(let id): represent(id)
        }
    }

    /// Ends the books of the day: who still waits was not served.
    mutating func close() {
        meter.advance(to: now)
        for call in calls.values.sorted(by: { $0.number < $1.number }) {
            if case .talking = call.stage { continue }
            result.unserved += 1
            abandon(call)
        }
        for index in result.intervals.indices {
            result.intervals[index].busy = .milliseconds(meter.busy[index])
            result.intervals[index].staffed = .milliseconds(meter.staffed[index])
        }
    }
}
