import Calls
import ContactCenter
package import Kernel
import Replication
import Routing
import SIP

/// A whole site as one value: events in, directives out; see DESIGN.md.
///
/// It opens no socket and reads neither clock nor disk. The shell and the simulator drive the same code.
package struct SiteMachine: Sendable {
    let boot: SiteBoot
    var records: RecordsMachine
    var presence: PresenceTable
    var detector: FailureDetector
    var book: AgentBook
    var router: Router
    var sip: SIPEndpoint
    var calls: CallMachine
    var directory = Directory()
    var pipeline = CommitPipeline()
    /// Leads the media of callers' legs through the relay where a queue wants that.
    var media = MediaAnchor()
    /// What waiting callers hear, by the contact.
    var announcers: [ContactID: QueueAnnouncer] = [:]
    /// The contacts of anchored legs, and whether their calls are to be recorded.
    var anchored: [SIPLegID: AnchoredCall] = [:]
    var statistics = StatisticsBook()
    var timers = DeadlineHeap<SiteTimer>()
    var blobs = BlobDesk()
    var recordings: RecordingExchange

    /// Contacts that arrived here and have not ended.
    var contacts: [ContactID: LiveContact] = [:]
    /// Contacts of which a bridge to an agent here is up.
    var bridges: [BridgeID: Reservation] = [:]
    /// What stands on the desks here, by the number of the reservation.
    var desks: [UInt64: DeskCase] = [:]
    /// What other sites have yet to hear about text contacts that agents here no longer have.
    var endings = TextEndings()
    /// What agents did today before their present login here.
    var loads: [AgentID: (day: Int64, load: DayLoad)] = [:]
    /// Peers whose hello was accepted on the present link.
    var linked: Set<SiteID> = []
    /// Places of callers whose site was lost.
    var places = PlaceBook()
    /// Contacts here, by the contact of a lost site whose place they have.
    var heirs: [ContactID: ContactID] = [:]
    var estimator = WaitEstimator()
    /// Callbacks whose dialling is being claimed.
    var claims: [ContactID: DialClaim] = [:]
    /// Calls here that are being passed on to an agent who has yet to be promised.
    var passes: [ContactID: PendingPass] = [:]
    /// Who waits to hear what became of passing a call on, by the number of the request.
    var passWaiters: [Int64: PassWaiter] = [:]
    /// Parties for whom the mixer has yet to give a session, by the job.
    var mixJobs: [UInt64: MixJob] = [:]
    var mixCounter: UInt64 = 0
    /// Calls of others in which agents here take part.
    var supervisions: [AgentID: Supervision] = [:]
    /// Agents whose phones are in calls that they dialled themselves.
    var ownLines: [AgentID: OwnLine] = [:]
    /// Consultations that came to nothing, by the agent: her desk says so until she does something else.
    var failedConsults: [AgentID: DeskCall.Consult] = [:]
    /// Zones whose offsets are being read.
    var zoneQueries: [QueryToken: String] = [:]
    var lookUps: [QueryToken: ContactID] = [:]
    var readings: [QueryToken: OpsReading] = [:]
    /// Commands whose edits are on their way to the disk.
    var commands: [CommandToken: PendingCommand] = [:]
    /// True once a graceful stop has begun.
    var isStopping = false
    /// True while no new contacts are taken: before a stop, or by a decision of the cluster.
    package internal(set) var isDraining = false

    var contactCounter: UInt64 = 0
    var queryCounter: UInt64 = 0
    var requestCounter: Int64 = 0
    var work: [SiteWork] = []
    var workIndex = 0
    var outbox: [SiteDirective] = []
    var changedViews: Set<ViewChange> = []

    /// A command that waits for the disk.
    struct PendingCommand: Sendable {
        var receipts: [EditReceipt] = []
        var missing: Int
        /// Answer with `done` instead of the receipts.
        var isDeskCommand: Bool
    }

    /// The site's name.
    package var site: SiteID { boot.site }

    /// Makes a site from its boot state; call `start` before any event.
    package init(_ boot: SiteBoot, at now: Moment) {
        self.boot = boot
        var random = SeededRandom(seed: boot.seed)
        var hello = Hello(
            cluster: boot.cluster,
            site: boot.site,
            epoch: boot.epoch,
            incarnation: boot.incarnation,
            vector: boot.vector,
            floor: boot.records.floor
        )
        hello.stored = boot.records.stored
        records = RecordsMachine(
            RecordsBoot(
                hello: hello,
                founders: ([boot.site] + boot.peers).sorted(),
                peerVectors: boot.records.peerVectors,
                wasSetBack: boot.records.wasSetBack,
                membership: boot.records.membership,
                releaseAt: boot.records.releaseAt,
                isJoining: boot.records.isJoining,
                isNewcomer: boot.isNewcomer,
                settings: boot.settings.records,
                random: random.split()
            ),
            at: now
        )
        presence = PresenceTable(site: boot.site, incarnation: boot.incarnation)
        detector = FailureDetector(
            site: boot.site,
            incarnation: boot.incarnation,
            peers: boot.peers.sorted(),
            bounds: boot.settings.detector,
            now: now.instant
        )
        book = AgentBook(site: boot.site, settings: boot.settings.agents)
        router = Router(site: boot.site)
        sip = SIPEndpoint(boot.sip, random: random.split())
        calls = CallMachine(site: boot.site)
        recordings = RecordingExchange(incarnation: boot.incarnation)
    }

    /// True when a draining site has nothing left to finish.
    ///
    /// Text contacts that wait are on disk and wait on after the next start.
    package var isDrained: Bool {
        isDraining && contacts.values.allSatisfy { $0.isText && $0.stage == .waiting } && calls.halfCount == 0
            && pipeline.isIdle
    }

    /// When the next `timer` event is due; nil when nothing is pending.
    package var nextDeadline: Instant? {
        let deadlines = [
            sip.nextDeadline, calls.nextDeadline, book.nextDeadline, router.nextDeadline, records.nextDeadline,
            presence.nextDeadline, detector.nextDeadline, timers.next, pipeline.retryAt,
            blobs.nextDeadline, recordings.nextDeadline, media.nextDeadline,
        ]
        return deadlines.compactMap { $0 }.min()
    }

    /// Takes an event and tells what to do, in order.
    package mutating func handle(_ event: SiteEvent, at now: Moment) -> [SiteDirective] {
        advance(now)
        switch event {
        case .timer: break
        case .sipReceived(let packet): push(sip.receive(packet, now: now))
        case .sipFlowClosed(let flow): push(sip.flowClosed(flow, now: now))
        case .sipNotSent(let packet): push(sip.notSent(packet, now: now))
        case .trunkAddresses(let name, let addresses): push(sip.perform(.aimTrunk(name, addresses), now: now))
        case .linkUp(let peer): follow(records.handle(.linkUp(peer), at: now), now)
        case .linkDown(let peer): linkDown(peer, now)
        case .peerAbsent(let peer): follow(detector.handle(.refused(peer), at: now.instant), now)
        case .frame(let frame, let peer): receive(frame, from: peer, now)
        case .committed(let result): committed(result, now)
        case .commitFailed(let token, let reason): commitFailed(token, reason, now)
        case .queryAnswered(let token, let answer): answered(token, answer, now)
        case .blobDone(let job, let result): follow(blobs.exchange.handle(.done(job, result), at: now.instant), now)
        case .recordingDone(let job, let result):
            follow(recordings.handle(.done(job, result), at: now.instant), now)
        case .mediaDone(let number, let result) where mixed(number, result, now): break
        case .mediaDone(let number, let result): follow(media.done(number, result, now: now), now)
        case .mediaDigit(let session, let side, let key): follow(media.digit(session, side, key), now)
        case .mediaRelay(let isUp):
            log(isUp ? .info : .warning, isUp ? "media.up" : "media.down", [])
            follow(media.relay(isUp: isUp, now: now), now)
        case .mediaLost(let sessions):
            log(.warning, "media.lost", [("sessions", "\(sessions.count)")])
            follow(media.lost(sessions, now: now), now)
        case .mixer(let isUp): mixer(isUp: isUp, now)
        case .command(let token, let command): perform(command, token, now)
        case .drain: stop(now)
        }
        return settle(now)
    }

    // MARK: The work loop

    /// Carries out what events have set off, first come first served, until nothing is left; then hands the disk
    /// what has gathered.
    mutating func settle(_ now: Moment) -> [SiteDirective] {
        if !claims.isEmpty { weighClaims(now) }
        while workIndex < work.count {
            let next = work[workIndex]
            workIndex += 1
            for agent in book.takeChanged() { show(agent, now) }
            switch next {
            case .sip(.send(let packet)): outbox.append(.sendSIP(packet))
            case .sip(.closeFlow(let flow, let reason)):
                log(.info, "sip.flowClosed", [("flow", "\(flow)"), ("reason", reason.rawValue)])
                outbox.append(.closeSIPFlow(flow))
            case .sip(.event(let event)): arriveOrPass(event, now)
            case .call(.sip(let command)): leaveOrPass(command, now)
            case .call(.bridge(let message, let peer)): send(.bridge(message), to: peer)
            case .call(.mix(let contact, let request)): mix(contact, request)
            case .call(.event(let event)): handle(event, now)
            case .agent(let event): handle(event, now)
            case .match(let contact): route(contact, now)
            case .pull(let agent): pull(for: agent, now)
            case .text(let message): receive(message, from: site, now)
            case .close(let contact, let by, let reason): ended(contact, by, reason, now)
            }
        }
        for agent in book.takeChanged() { show(agent, now) }
        work.removeAll(keepingCapacity: true)
        workIndex = 0
        if let batch = pipeline.next(at: now, wall: records.wall(at: now)) { outbox.append(.commit(batch)) }
        for change in changedViews.sorted() { outbox.append(.viewChanged(change)) }
        changedViews = []
        defer { outbox = [] }
        return outbox
    }

    mutating func push(_ outputs: [SIPOutput]) { work += outputs.map { .sip($0) } }

    mutating func push(_ outputs: [CallOutput]) { work += outputs.map { .call($0) } }

    mutating func push(_ events: [AgentEvent]) { work += events.map { .agent($0) } }

    /// Does what is due.
    private mutating func advance(_ now: Moment) {
        if isDue(sip.nextDeadline, now) { push(sip.advance(now: now)) }
        if isDue(calls.nextDeadline, now) { push(calls.advance(now: now)) }
        if isDue(book.nextDeadline, now) { push(book.expire(at: now)) }
        if isDue(router.nextDeadline, now) {
            work += router.advance(at: now).map { .match($0) }
        }
        if isDue(records.nextDeadline, now) { follow(records.handle(.timer, at: now), now) }
        if isDue(presence.nextDeadline, now) { follow(presence.handle(.timer, at: now.instant), now) }
        if isDue(detector.nextDeadline, now) { follow(detector.handle(.timer, at: now.instant), now) }
        if isDue(blobs.nextDeadline, now) { blobsDue(now) }
        if isDue(recordings.nextDeadline, now) { follow(recordings.handle(.timer, at: now.instant), now) }
        if isDue(media.nextDeadline, now) { follow(media.advance(now: now), now) }
        while let timer = timers.popDue(now.instant) { fire(timer, now) }
    }

    private func isDue(_ deadline: Instant?, _ now: Moment) -> Bool {
        deadline.map { $0 <= now.instant } ?? false
    }

    private mutating func fire(_ timer: SiteTimer, _ now: Moment) {
        switch timer {
        case .contact(let contact): contactTimedOut(contact, now)
        case .overflow(let contact): overflow(contact, now)
        case .callback(let contact): callbackExpired(contact, now)
        case .takeOver(let peer): takeOver(from: peer, now)
        case .match: matchAll(now)
        case .desk(let number): deskTimedOut(number, now)
        case .pass(let number): passed(number, "The other site did not answer in time.", now)
        case .promise(let contact): passTimedOut(contact, now)
        case .announce(let contact): announce(contact, now)
        }
    }

    // MARK: Small helpers

    mutating func log(_ level: TraceLine.Level, _ event: String, _ fields: [(String, String)]) {
        outbox.append(.log(TraceLine(level, event, fields)))
    }

    mutating func alarm(_ event: String, _ fields: [(String, String)]) {
        outbox.append(.alarm(TraceLine(.error, event, fields)))
    }

    mutating func send(_ talk: SiteTalk, to peer: SiteID) {
        guard linked.contains(peer) else { return }
        outbox.append(.sendFrame(.message(talk.message), to: peer))
    }

    mutating func newQuery() -> QueryToken {
        queryCounter += 1
        return QueryToken(queryCounter)
    }

    /// Publishes an entry of this site's presence.
    mutating func publish(_ key: PresenceKey, _ fields: FieldMap?, _ now: Moment) {
        follow(presence.set(key, fields, at: now.instant), now)
    }
}

/// Something that an event has set off and that waits for its turn.
enum SiteWork: Sendable {
    case sip(SIPOutput)
    case call(CallOutput)
    case agent(AgentEvent)
    /// Look for an agent for a contact.
    case match(ContactID)
    /// Look for a contact for an agent.
    case pull(AgentID)
    /// One half of a text contact here speaks to the other.
    case text(TextMessage)
    /// A text contact ends by request.
    case close(ContactID, EndedBy, String)
}

/// What a site's own timers are for.
enum SiteTimer: Hashable, Comparable, Sendable {
    /// A step of a contact has taken too long.
    case contact(ContactID)
    /// A callback has waited too long.
    case callback(ContactID)
    /// A lost site's callbacks are taken over.
    case takeOver(SiteID)
    /// A waiting contact's overflow steps are looked at.
    case overflow(ContactID)
    /// Waiting contacts and free agents are matched once more.
    case match
    /// The link to the site of a text contact on a desk here stays away; the reservation's number.
    case desk(UInt64)
    /// A contact's site was asked to pass a call on; the number of the request.
    case pass(Int64)
    /// An agent's site was asked for somebody to whom a call is to be passed on.
    case promise(ContactID)
    /// A waiting caller is to be told something.
    case announce(ContactID)
}
