import ContactCenter
import Kernel
import Replication
import SIP
import SiteCore

/// One site: what is on its disk, and the machine while it runs.
struct SimulatedSite: Sendable {
    let id: SiteID
    let address: SIPAddress
    /// How far its wall clock is off.
    var skew: Span
    var storage = InMemoryLedgerStorage()
    var blobs = InMemoryBlobs()
    var recordings = SimulatedRecordings()
    var ledger: Ledger?
    var machine: SiteMachine?
    /// Counts the starts; events of an earlier life are void.
    var life = 0
    /// For when the timer is planned.
    var timerAt: Instant?
    /// The batch on its way to the disk.
    var writing: CommitBatch?
    var diskDelay: ClosedRange<Int64> = 1...6
    var diskIsFull = false
    var lookUpDelay: ClosedRange<Int64> = 1...20

    init(id: SiteID, address: SIPAddress, skew: Span) {
        self.id = id
        self.address = address
        self.skew = skew
    }

    /// What its clocks show.
    func moment(_ instant: Instant) -> Moment {
        Moment(instant: instant, wall: SimulatedSite.noon + Span(milliseconds: instant.milliseconds) + skew)
    }

    /// The wall clock at the start of a run: a noon, so that no run passes midnight.
    static let noon = WallTime(milliseconds: 1_795_262_400_000)

    /// Starts the machine from the disk; returns what it wants done first.
    mutating func start(
        peers: [SiteID],
        settings: SiteSettings,
        seed: UInt64,
        at instant: Instant
    ) throws -> [SiteDirective] {
        life += 1
        timerAt = nil
        writing = nil
        let ledger = try Ledger(site: id, schema: Schema.documents, storage: &storage)
        self.ledger = ledger
        let incarnation = try Ledger.nextIncarnation(in: &storage)
        let documents = storage.documents.values.sorted { $0.id < $1.id }
        let contacts = documents.filter { document in
            guard let record = ContactRecord(document) else { return false }
            return record.originSite == id || record.agentSite == id
        }
        let secret = Array("simulated secret \(id.name) \(life)".utf8)
        var sip = SIPConfiguration(advertised: [.udp: address], secret: secret)
        let outside = ["10.2.0.0/16", "10.3.0.0/16"].compactMap { SIPAddressRange($0) }
        sip.trunks = [SIPTrunk(name: VirtualTrunk.name, sources: outside)]
        let boot = SiteBoot(
            cluster: "simulation",
            site: id,
            peers: peers,
            incarnation: incarnation,
            epoch: ledger.origin.epoch,
            vector: ledger.vector,
            documents: documents.filter { SiteBoot.projected.contains($0.id.type) },
            contacts: contacts,
            settings: settings,
            sip: sip,
            seed: seed,
            records: try RecordsStanding(ledger, storage: storage, at: moment(instant).wall)
        )
        var machine = SiteMachine(boot, at: moment(instant))
        defer { self.machine = machine }
        return machine.start(at: moment(instant))
    }

    /// The process dies: what was not on disk is gone.
    mutating func crash() {
        machine = nil
        ledger = nil
        writing = nil
        timerAt = nil
        life += 1
    }

    /// Carries out a batch; nil when it could not be written.
    mutating func write(_ batch: CommitBatch) -> BatchResult? {
        writing = nil
        guard !diskIsFull, var ledger else { return nil }
        // Moved out so that the documents are changed in place, not copied.
        var storage = self.storage
        self.storage = InMemoryLedgerStorage()
        defer { self.storage = storage }
        guard
            let applied = try? batch.applications.map({ application in
                try ledger.apply(application.batch, at: batch.wall, in: &storage)
            })
        else { return nil }
        var result = BatchResult(token: batch.token, applied: applied, edits: nil)
        guard
            let tasks = try? batch.tasks.map({ task in
                try ledger.perform(task, at: batch.wall, in: &storage)
            })
        else { return nil }
        result.tasks = tasks
        if !batch.edits.isEmpty {
            guard let edits = try? ledger.commit(batch.edits, at: batch.wall, in: &storage) else { return nil }
            result.edits = edits
        }
        self.ledger = ledger
        return result
    }

    /// Answers a query from the disk.
    func answer(_ query: SiteQuery) -> QueryAnswer {
        switch query {
        case .readZone(let name): return .zone(name == "UTC" ? .utc : nil)
        case .readOps(let request):
            if let read = try? Ledger.readSound(request, from: storage) {
                return .ops(read.batch, damaged: read.damaged)
            }
            return .failed(reason: "unreadable")
        case .lookUpCaller(let number):
            let owners = storage.documents.values.compactMap { Customer($0) }
                .filter { $0.phones.contains(number) }.sorted { $0.id < $1.id }
            guard owners.count == 1, let customer = owners.first else { return .caller(nil) }
            let ticket = customer.lastTicket.flatMap { storage.document($0.documentID) }.flatMap { Ticket($0) }
            return .caller(
                CallerFile(
                    customer: customer.id,
                    name: customer.name,
                    tier: Int(customer.tier.rawValue),
                    latestTicket: ticket?.id,
                    latestOwner: ticket?.owner,
                    score: customer.score
                )
            )
        }
    }
}
