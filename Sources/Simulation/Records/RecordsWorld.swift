import Kernel
import Replication

/// The records of whole sites in one process: the ledger and the machine that ship, on virtual disks, links and clocks.
///
/// A value: everything follows from the options and what was done to it.
struct RecordsWorld: Sendable {
    let options: RecordsOptions
    let schedule: [PlannedFault]
    var now = Instant.zero
    var queue = EventQueue<WorldEvent>()
    var sites: [RecordsSite] = []
    var links: [RecordsLink] = []

    // One stream of chance for each part, so that a change in one does not shift the others.
    var netRandom: SeededRandom
    var diskRandom: SeededRandom
    var workRandom: SeededRandom

    var book = OpBook()
    var reach = Reach()
    var trace = WorldTrace()
    var steps = 0
    var frames = 0
    /// True once nothing goes wrong any more.
    var isSettling = false
    /// True once all is equal, so that sites have little to tell.
    var isAtRest = false
    /// Whether people edit by themselves.
    var edits = true
    /// How often an hour was let pass.
    var hours = 0
    /// The first promise found broken by the world itself.
    var broken: (invariant: String, message: String)?
    /// Transactions of the last step, for the checkers.
    var transactions: [WorldTransaction] = []
    /// True in a step at the end of a second.
    var isTick = false
    /// Faults under way, by their places in the schedule.
    var underWay: Set<Int> = []
    /// Faults that have done something.
    var bitten: Set<Int> = []
    /// Alarms that a script expects.
    var expected: Set<ExpectedAlarm> = []
    /// Documents that people have open: which, and as it was then.
    var forms: [(document: DocumentID, version: VersionVector)] = []
    var lastTicket = 0
    /// Edits that were answered, one way or the other.
    var answeredTickets: Set<Int> = []
    /// What was asked of the records and not yet answered, by token.
    var asked: [UInt64: (question: RecordsQuestion, site: Int)] = [:]
    var lastQuestion: UInt64 = 0
    /// Changes of the membership that operators want.
    var wishes: [RecordsQuestion] = []
    var settlingSince: Instant?
    /// What was changed behind everybody's back: where, which op.
    var rottenOps: [(site: Int, dot: Dot)] = []
    var settings = RecordsSettings()
    /// True once a script has damaged a document.
    var isDamaged = false
    var shelves = 4

    init(_ options: RecordsOptions) {
        self.options = options
        schedule = FaultSchedule.make(options)
        var random = SeededRandom(seed: options.seed &* 0x9E37_79B9_7F4A_7C15 &+ 3)
        netRandom = random.split()
        diskRandom = random.split()
        workRandom = random.split()
        // Half of the clusters forget as soon as they may, so that sites have to come back by snapshots.
        if options.seed.isMultiple(of: 2) { settings.logRetention = .zero }
        let names = ["north", "east", "south", "west", "centre", "coast", "delta"]
        for name in names.prefix(options.sites) {
            guard let id = SiteID(name) else { continue }
            sites.append(RecordsSite(id, offset: .milliseconds(Int64.random(in: -300...300, using: &random))))
        }
        for low in sites.indices {
            for high in sites.indices where high > low {
                let least = Int64.random(in: 1...25, using: &random)
                links.append(RecordsLink(low: low, high: high, delay: least...(least + 6)))
            }
        }
    }

    /// Starts the sites and plans the run.
    mutating func start() {
        for fault in schedule {
            if fault.kind == .joiner {
                sites[fault.site].exists = false
                sites[fault.site].isNewcomer = true
            }
            queue.plan(.faultBegins(fault.number), at: fault.at)
        }
        startSites()
        if options.editsPerMinute > 0 { queue.plan(.edit, at: Instant(milliseconds: 500)) }
        queue.plan(.settle, at: Instant.zero + options.faultPhase)
    }

    /// Starts all sites that exist; nothing goes wrong by itself.
    mutating func startSites() {
        for index in sites.indices where sites[index].exists { boot(index) }
        queue.plan(.tick, at: Instant(milliseconds: 1_000))
    }

    /// Lets the next thing happen; false when nothing is planned any more.
    mutating func step() -> Bool {
        transactions = []
        isTick = false
        guard let (at, event) = queue.next() else { return false }
        now = max(now, at)
        steps += 1
        trace.add(now.milliseconds)
        handle(event)
        return true
    }

    mutating func handle(_ event: WorldEvent) {
        if let site = event.site, sites[site].asleep != nil {
            sites[site].asleep?.append(event)
            return
        }
        switch event {
        case .timer(let site, let life): timer(site, life)
        case .diskDone(let site, let life): diskDone(site, life)
        case .read(let site, let life, let reading): read(site, life, reading)
        case .bytes(let from, let to, let session, let bytes): arrive(bytes, from, to, session)
        case .sent(let from, let to, let session): sent(from, to, session)
        case .linkUp(let site, let peer, let session): linkUp(site, peer, session)
        case .linkDown(let site, let peer, let session): linkDown(site, peer, session)
        case .giveUp(let low, let high, let session): giveUp(low, high, session)
        case .dial(let low, let high): dial(low, high)
        case .edit: editByChance()
        case .faultBegins(let number): if let fault = fault(number) { begin(fault) }
        case .faultEnds(let number): if let fault = fault(number) { end(fault) }
        case .flap(let number, let left): if let fault = fault(number) { flap(fault, left: left) }
        case .start(let site): boot(site)
        case .tick: tick()
        case .settle: settle()
        }
    }

    private mutating func tick() {
        isTick = true
        for index in sites.indices where sites[index].backup == nil || UInt64(index) == now.second % 7 {
            // Every few seconds somebody makes a backup somewhere.
            let site = sites[index]
            guard site.exists else { continue }
            sites[index].backup = RecordsSite.Backup(storage: site.storage, head: site.head, stored: site.stored)
        }
        carryOutWishes()
        for index in sites.indices where !sites[index].givesNumbers && hasItsOwnBack(index) {
            sites[index].givesNumbers = true
        }
        queue.plan(.tick, at: now + .seconds(1))
    }

    /// Starts the counts of the next second; after the checkers have looked.
    mutating func endSecond() {
        guard isTick else { return }
        for place in links.indices {
            for way in links[place].ways.indices { links[place].ways[way].framesThisSecond = 0 }
        }
    }

    /// True when a site has met all others and has all that anybody has of its own ops.
    private func hasItsOwnBack(_ index: Int) -> Bool {
        let site = sites[index]
        let others = sites.filter { $0.exists && $0.id != site.id }
        let own = held.heads.filter { $0.origin.site == site.id }
        return site.isUp && others.allSatisfy { site.met.contains($0.id) } && own.allSatisfy(site.stored.contains)
    }

    func fault(_ number: Int) -> PlannedFault? { schedule.first { $0.number == number } }

    /// Notes a broken promise; the first one counts.
    mutating func fail(_ invariant: String, _ message: String) {
        if broken == nil { broken = (invariant, message) }
    }

    mutating func say(_ text: String) { trace.say(text, at: now) }

    /// A fault of this kind that is under way on a link has done something.
    mutating func bite(_ kind: RecordsFault, link place: Int) {
        let ends = [links[place].low, links[place].high]
        bite(kind) { ends.contains($0.site) && ends.contains($0.other) }
    }

    /// A fault of this kind that is under way there has done something.
    mutating func bite(_ kind: RecordsFault, where matches: (PlannedFault) -> Bool) {
        for fault in schedule where fault.kind == kind && underWay.contains(fault.number) && matches(fault) {
            if bitten.insert(fault.number).inserted { reach.bite(kind) }
        }
    }
}

/// Something asked of a site's records.
enum RecordsQuestion: Hashable, Sendable {
    case level(Dot, AcknowledgementLevel)
    case addition(site: Int)
    case change(MembershipChange, site: Int)
    case verification
}

/// Kinds of alarms that are no failure, because a script or a fault brings them about.
enum ExpectedAlarm: Hashable, Sendable {
    case fork, malformed, stampAhead, ownOriginAhead, clock, rot, refusal
}

/// One transaction of one site's disk.
struct WorldTransaction: Sendable {
    let site: Int
    let wall: WallTime
    /// What was applied before and after.
    let before: VersionVector
    let after: VersionVector
    /// Ops that came to this disk, applied or held back; not those that a snapshot stands for.
    let ops: [StoredOp]
    /// Documents that changed.
    let changed: [DocumentID]
    /// The root of the digest afterwards.
    let digest: DocumentHash?
    let isJoining: Bool
}

extension Instant {
    var second: UInt64 { UInt64(max(0, milliseconds) / 1_000) }
}
