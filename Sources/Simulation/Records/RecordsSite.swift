import Kernel
import Replication

/// One site of a simulation of records: what is on its disk, and the machines while it runs.
struct RecordsSite: Sendable {
    /// What a backup holds.
    struct Backup: Sendable {
        var storage: InMemoryLedgerStorage
        var head: VirtualHeadFile
        /// What it holds of ops, for the books.
        var stored: VersionVector
    }

    let id: SiteID
    var clock: VirtualClock
    /// What is on disk: whole transactions only.
    var storage = InMemoryLedgerStorage()
    var head = VirtualHeadFile()
    var backup: Backup?
    /// What is on disk of ops, held-back ones included, also while the process is down.
    var stored = VersionVector()

    var ledger: Ledger?
    var machine: RecordsMachine?
    var detector: FailureDetector?
    var pipeline = RecordsPipeline()
    /// Counts the starts; events of an earlier life are void.
    var life = 0
    /// For when the timer is planned.
    var timerAt: Instant?
    /// Peers accepted in this life.
    var met: Set<SiteID> = []
    /// Peers whose hello was accepted on the present link.
    var linked: Set<SiteID> = []

    /// While the process is stopped: what waits for it.
    var asleep: [WorldEvent]?
    /// False before a new site's first start.
    var exists = true
    /// True for a site that was added to a cluster that existed.
    var isNewcomer = false
    /// What was ever on its disk of ops, even if it was lost since.
    var everStored = VersionVector()
    /// True after the disk was set back without the head file to tell: nobody edits here until all peers were met.
    var isWary = false

    /// True once its disk was taken away: it may not remember its votes.
    var hasLostMemory = false
    /// False after its disk was taken away, until it has its own ops back: it would give numbers twice.
    var givesNumbers = true

    /// True once its records came by a snapshot.
    var hasJoined = false
    /// The fault that kills it with its next batch under way.
    var doom: Int?
    /// The schema of the program that runs here, and the newest level of it that the program understands.
    var schema = RecordsSchema.documents
    var level = DocumentSchema.newestLevel

    var diskDelay: ClosedRange<Int64> = 1...6
    var diskIsFull = false

    init(_ id: SiteID, offset: Span) {
        self.id = id
        clock = VirtualClock(offset: offset)
    }

    var isUp: Bool { machine != nil }

    /// What its clocks show.
    func moment(_ instant: Instant) -> Moment {
        Moment(instant: instant, wall: clock.wall(at: instant))
    }

    /// When its machines want to be woken.
    var nextDeadline: Instant? {
        [machine?.nextDeadline, detector?.nextDeadline, pipeline.retryAt].compactMap { $0 }.min()
    }

    /// Opens the disk and starts the machines; true when the head file demanded a new epoch.
    mutating func start(
        _ sites: [SiteID],
        founders: [SiteID],
        settings: RecordsSettings,
        seed: UInt64,
        at instant: Instant
    ) throws -> Bool {
        let now = moment(instant)
        life += 1
        timerAt = nil
        met = []
        linked = []
        pipeline = RecordsPipeline()
        var ledger = try Ledger(
            site: id,
            schema: schema,
            firstEpoch: Ledger.firstEpoch(at: now.wall),
            storage: &storage
        )
        let isDemanded = head.demandsEpoch(ledger)
        if isDemanded { try ledger.beginEpoch(at: now.wall, in: &storage) }
        let incarnation = try Ledger.nextIncarnation(in: &storage)
        head.write(ledger)
        stored = ledger.stored
        let standing = try RecordsStanding(ledger, storage: storage, at: now.wall)
        var hello = Hello(
            cluster: "simulation",
            site: id,
            epoch: ledger.origin.epoch,
            incarnation: incarnation,
            vector: ledger.vector,
            floor: standing.floor,
            schema: level
        )
        hello.stored = standing.stored
        machine = RecordsMachine(
            RecordsBoot(
                hello: hello,
                founders: founders.sorted(),
                peerVectors: standing.peerVectors,
                wasSetBack: isDemanded,
                membership: standing.membership,
                releaseAt: standing.releaseAt,
                isJoining: standing.isJoining,
                isNewcomer: isNewcomer,
                settings: settings,
                random: SeededRandom(seed: seed)
            ),
            at: now
        )
        detector = FailureDetector(
            site: id,
            incarnation: incarnation,
            peers: sites,
            bounds: DetectorBounds(),
            now: instant
        )
        self.ledger = ledger
        return isDemanded
    }

    /// The process ends: what was not on disk is gone.
    mutating func stop() {
        machine = nil
        detector = nil
        ledger = nil
        pipeline = RecordsPipeline()
        timerAt = nil
        linked = []
        asleep = nil
        life += 1
    }
}
