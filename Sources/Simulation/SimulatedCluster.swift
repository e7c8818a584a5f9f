import Routing
import ContactCenter
import Kernel
import Replication
import SIP
import SiteCore

/// Whole sites in one process: the code that ships on a virtual clock, disk, mesh and SIP wire.
struct SimulatedCluster: Sendable {
    let options: SimulationOptions
    var random: SeededRandom
    var now = Instant.zero
    var queue = EventQueue<SimulatedEvent>()
    var sites: [SimulatedSite] = []
    var links: [[Int]: SimulatedLink] = [:]
    var callers: [SIPAddress: VirtualCaller] = [:]
    var phones: [SIPAddress: VirtualPhone] = [:]
    /// Everybody outside who can be called.
    var trunk: VirtualTrunk
    /// Calls that a site had in hand when it died: it has forgotten them, and those whom they led to cannot be told.
    var forgottenCalls: Set<String> = []
    /// Since when nothing hinders sites and wire; nil while something does.
    var soundSince: Instant?
    /// Telephones that were taken from their desks, counted by where they stood.
    var phonesLost: [SIPAddress: Int] = [:]
    /// Where telephones wanted their sound that were taken away in the middle of a call: nobody told the other side.
    var lostMedia: Set<SIPAddress> = []
    /// The last status of callers who have been forgotten.
    var farewells: [SIPAddress: Int] = [:]
    var partyTimers: [SIPAddress: Instant] = [:]
    var agents: [SimulatedAgent] = []
    var books = EditBook()
    /// True once nothing goes wrong any more.
    var isSettling = false
    /// SIP packets lost, of a thousand.
    var sipLoss = 5
    var callsDialled = 0
    var commandCounter: UInt64 = 0

    var hash = TraceHash()
    var steps = 0
    var faults: [String: Int] = [:]
    var branches: [String: Int] = [:]
    var lastLines: [String] = []
    /// What the last step made sites do, for the checkers.
    var lastDirectives: [(site: Int, directive: SiteDirective)] = []

    init(_ options: SimulationOptions) {
        self.options = options
        random = SeededRandom(seed: options.seed &* 0x9E37_79B9 &+ 1)
        trunk = VirtualTrunk(address: SIPAddress(host: "10.3.0.1", port: 5060), random: random.split())
        let names = ["north", "east", "south", "west", "centre", "coast"]
        for (index, name) in names.prefix(min(max(options.sites, 2), names.count)).enumerated() {
            guard let id = SiteID(name) else { continue }
            let skew = Span.milliseconds(Int64.random(in: -400...400, using: &random))
            let address = SIPAddress(host: "10.0.0.\(index + 1)", port: 5060)
            sites.append(SimulatedSite(id: id, address: address, skew: skew))
        }
        for low in sites.indices {
            for high in sites.indices where high > low {
                let least = Int64.random(in: 1...30, using: &random)
                links[[low, high]] = SimulatedLink(low: low, high: high, delay: least...(least + 8))
            }
        }
    }

    /// Starts the sites; nobody does anything yet.
    mutating func startSites() {
        lastDirectives = []
        for index in sites.indices { boot(index) }
        found()
    }

    /// Starts the sites and plans the run.
    mutating func start() {
        startSites()
        for index in agents.indices {
            let at = Instant(milliseconds: 2_000 + Int64.random(in: 0...1_500, using: &random))
            queue.plan(.agent(index), at: at)
        }
        for at in stride(from: Int64(2_000), to: options.faultPhase.milliseconds, by: 1_500) {
            queue.plan(.edit, at: Instant(milliseconds: at + Int64.random(in: 0...900, using: &random)))
        }
        queue.plan(.call, at: Instant(milliseconds: 4_000))
        if !options.faults.isEmpty { queue.plan(.fault, at: Instant(milliseconds: 6_000)) }
        queue.plan(.settle, at: Instant(milliseconds: options.faultPhase.milliseconds))
    }

    /// Lets the next thing happen; false when nothing is planned any more.
    mutating func step() -> Bool {
        lastDirectives = []
        guard let (at, event) = queue.next() else { return false }
        now = max(now, at)
        steps += 1
        hash.add(now.milliseconds)
        noteSoundness()
        switch event {
        case .timer(let site, let life): timer(site, life)
        case .diskDone(let site, let life, let batch): diskDone(site, life, batch)
        case .queryDone(let site, let life, let token, let query): queryDone(site, life, token, query)
        case .blobDone(let site, let life, let job): blobDone(site, life, job)
        case .recordingDone(let site, let life, let job): recordingDone(site, life, job)
        case .frame(let from, let to, let session, let bytes): arrive(bytes, from, to, session)
        case .linkUp(let site, let peer, let session): linkUp(site, peer, session)
        case .linkDown(let site, let peer, let session): linkDown(site, peer, session)
        case .dial(let low, let high): dial(low, high)
        case .sip(let to, let from, let bytes): arrive(bytes, from: from, to: to)
        case .partyTimer(let address): partyTimer(address)
        case .agent(let index): look(index)
        case .call: call()
        case .edit: edit()
        case .fault: breakSomething()
        case .restart(let site): boot(site)
        case .heal(let low, let high): heal(low, high)
        case .diskRecovers(let site): recoverDisk(site)
        case .wireRecovers: sipLoss = 5
        case .settle: settle()
        }
        return true
    }

    // MARK: Sites

    /// Starts a site, first or again.
    mutating func boot(_ index: Int) {
        guard sites[index].machine == nil else { return }
        let peers = sites.indices.filter { $0 != index }.map { sites[$0].id }
        var settings = SiteSettings()
        settings.agents.talkingMax = .seconds(90)
        settings.agents.notRespondingMax = .seconds(20)
        settings.outboundTrunk = VirtualTrunk.name
        settings.outboundNumber = "+493099"
        let seed = random.next()
        // Storage in memory does not fail; a site that could not start would show as stuck.
        guard let directives = try? sites[index].start(peers: peers, settings: settings, seed: seed, at: now) else {
            return
        }
        note("site.start")
        carryOut(directives, index)
        tell(index, .trunkAddresses(VirtualTrunk.name, [trunk.address]))
        for other in sites.indices where other != index { planDial(index, other, within: 800) }
    }

    mutating func timer(_ index: Int, _ life: Int) {
        // One that an earlier one has replaced is void: else each would go on for ever beside the other.
        guard sites[index].life == life, let planned = sites[index].timerAt, planned <= now else { return }
        sites[index].timerAt = nil
        tell(index, .timer)
    }

    /// Gives an event to a site and carries out what it wants.
    mutating func tell(_ index: Int, _ event: SiteEvent) {
        let moment = sites[index].moment(now)
        guard let directives = sites[index].machine?.handle(event, at: moment) else { return }
        carryOut(directives, index)
    }

    private mutating func carryOut(_ directives: [SiteDirective], _ index: Int) {
        let life = sites[index].life
        for directive in directives {
            lastDirectives.append((index, directive))
            switch directive {
            case .sendSIP(let packet): send(packet, from: sites[index].address)
            case .closeSIPFlow: break
            case .sendFrame(let frame, let peer): send(frame, from: index, to: peer)
            case .commit(let batch):
                sites[index].writing = batch
                let delay = Int64.random(in: sites[index].diskDelay, using: &random)
                queue.plan(.diskDone(site: index, life: life, batch), at: now + .milliseconds(delay))
            case .query(let token, let query):
                let delay = Int64.random(in: sites[index].lookUpDelay, using: &random)
                queue.plan(.queryDone(site: index, life: life, token, query), at: now + .milliseconds(delay))
            case .blob(let job):
                let delay = Int64.random(in: sites[index].diskDelay, using: &random)
                queue.plan(.blobDone(site: index, life: life, job), at: now + .milliseconds(delay))
            case .recording(let job):
                let delay = Int64.random(in: sites[index].diskDelay, using: &random)
                queue.plan(.recordingDone(site: index, life: life, job), at: now + .milliseconds(delay))
            case .reply(let token, let reply): books.replied(token, reply, site: index)
            case .viewChanged, .notice, .media: break
            case .closeLink(let peer, _):
                if let other = sites.firstIndex(where: { $0.id == peer }) { cut(index, other, for: .seconds(5)) }
            case .log(let line): trace(line, index)
            case .alarm(let line): trace(line, index)
            }
        }
        planTimer(index)
    }

    private mutating func planTimer(_ index: Int) {
        guard let deadline = sites[index].machine?.nextDeadline else { return }
        let at = max(deadline, now)
        if let planned = sites[index].timerAt, planned <= at { return }
        sites[index].timerAt = at
        queue.plan(.timer(site: index, life: sites[index].life), at: at)
    }

    private mutating func diskDone(_ index: Int, _ life: Int, _ batch: CommitBatch) {
        guard sites[index].life == life else { return }
        if let result = sites[index].write(batch) {
            tell(index, .committed(result))
        } else {
            note("disk.refused")
            tell(index, .commitFailed(batch.token, reason: "disk full"))
        }
    }

    private mutating func queryDone(_ index: Int, _ life: Int, _ token: QueryToken, _ query: SiteQuery) {
        guard sites[index].life == life else { return }
        tell(index, .queryAnswered(token, sites[index].answer(query)))
    }

    private mutating func blobDone(_ index: Int, _ life: Int, _ job: BlobJob) {
        guard sites[index].life == life else { return }
        tell(index, .blobDone(job.number, sites[index].blobs.perform(job.task)))
    }

    private mutating func recordingDone(_ index: Int, _ life: Int, _ job: RecordingJob) {
        guard sites[index].life == life else { return }
        tell(index, .recordingDone(job.number, sites[index].recordings.perform(job.task)))
    }

    // MARK: Notes

    mutating func note(_ branch: String) {
        branches[branch, default: 0] += 1
    }

    private mutating func trace(_ line: TraceLine, _ index: Int) {
        var text = "\(Double(now.milliseconds) / 1_000) \(sites[index].id) \(line.event)"
        for field in line.fields { text += " \(field.name)=\(field.value)" }
        hash.add(text)
        lastLines.append(text)
        if lastLines.count > 400 { lastLines.removeFirst(200) }
        let cause = line.fields.first { ["cause", "why", "by", "outcome"].contains($0.name) }?.value
        note(cause.map { "\(line.event)/\($0)" } ?? line.event)
    }
}
