import Calls
import ContactCenter
import Kernel
import Replication
import Routing
import SIP
import SiteCore
import Testing

/// One site with its disk in the test's hand, and a phone on the other end of the wire.
struct LoneSite {
    var machine: SiteMachine
    var storage: InMemoryLedgerStorage
    var ledger: Ledger
    var phone: SIPEndpoint
    var now: Moment
    /// Batches that the disk has not answered yet.
    var batches: [CommitBatch] = []
    /// Queries that the store has not answered yet.
    var queries: [(QueryToken, SiteQuery)] = []
    /// Jobs with blobs that the disk has not answered yet.
    var jobs: [BlobJob] = []
    /// Jobs with recordings that the disk has not answered yet.
    var recordingJobs: [RecordingJob] = []
    /// What the media relay and the mixer have been asked and have not answered.
    var mediaJobs: [MediaJob] = []
    /// What the store knows of whoever calls.
    var file: CallerFile?
    var replies: [CommandToken: CommandReply] = [:]
    var lines: [TraceLine] = []
    var alarms: [TraceLine] = []
    var notices: [(AgentID, SiteNotice)] = []
    var heard: [SIPEvent] = []
    private var tokens: UInt64 = 0

    static let siteAddress = SIPAddress(host: "10.0.0.1", port: 5060)
    static let phoneAddress = SIPAddress(host: "10.0.0.9", port: 5060)
    let leg = SIPLegID(2)

    /// Starts a site whose disk holds what `storage` says.
    init(storage initial: InMemoryLedgerStorage = InMemoryLedgerStorage(), peers: [SiteID] = []) throws {
        var storage = initial
        let site = try #require(SiteID("north"))
        let ledger = try Ledger(site: site, schema: Schema.documents, storage: &storage)
        let incarnation = try Ledger.nextIncarnation(in: &storage)
        let boot = SiteBoot(
            cluster: "test",
            site: site,
            peers: peers,
            incarnation: incarnation,
            epoch: ledger.origin.epoch,
            vector: ledger.vector,
            documents: storage.documents.values.filter { SiteBoot.projected.contains($0.id.type) },
            contacts: storage.documents.values.filter { $0.id.type == Schema.contact },
            settings: SiteSettings(),
            sip: SIPConfiguration(advertised: [.udp: Self.siteAddress], secret: Array("0123456789abcdef".utf8)),
            seed: 1
        )
        now = Moment(instant: Instant(milliseconds: 1_000), wall: WallTime(milliseconds: 1_795_262_400_000))
        machine = SiteMachine(boot, at: now)
        self.storage = storage
        self.ledger = ledger
        let configuration = SIPConfiguration(
            advertised: [.udp: Self.phoneAddress],
            secret: Array("fedcba9876543210".utf8),
            isRegistrar: false
        )
        phone = SIPEndpoint(configuration, random: SeededRandom(seed: 2))
        take(machine.start(at: now))
        try flush()
    }

    mutating func take(_ directives: [SiteDirective]) {
        var packets: [SIPPacket] = []
        for directive in directives {
            switch directive {
            case .commit(let batch): batches.append(batch)
            case .query(let token, let query): queries.append((token, query))
            case .reply(let token, let reply): replies[token] = reply
            case .log(let line): lines.append(line)
            case .alarm(let line): alarms.append(line)
            case .notice(let agent, let notice): notices.append((agent, notice))
            case .sendSIP(let packet): packets.append(packet)
            case .blob(let job): jobs.append(job)
            case .recording(let job): recordingJobs.append(job)
            case .media(let job): mediaJobs.append(job)
            case .sendFrame, .viewChanged, .closeLink, .closeSIPFlow: break
            }
        }
        for packet in packets {
            var arriving = packet
            arriving.remote = Self.siteAddress
            hear(phone.receive(arriving, now: now))
        }
    }

    mutating func hear(_ outputs: [SIPOutput]) {
        for output in outputs {
            switch output {
            case .event(let event): heard.append(event)
            case .closeFlow: break
            case .send(let packet):
                var arriving = packet
                arriving.remote = Self.phoneAddress
                take(machine.handle(.sipReceived(arriving), at: now))
            }
        }
    }

    /// Lets the disk and the store answer all that is out.
    mutating func flush() throws {
        while !batches.isEmpty || !queries.isEmpty {
            while !queries.isEmpty {
                let (token, _) = queries.removeFirst()
                take(machine.handle(.queryAnswered(token, .caller(file)), at: now))
            }
            while !batches.isEmpty { try write() }
        }
    }

    mutating func write() throws {
        let batch = batches.removeFirst()
        let applied = try batch.applications.map { try ledger.apply($0.batch, at: batch.wall, in: &storage) }
        let tasks = try batch.tasks.map { try ledger.perform($0, at: batch.wall, in: &storage) }
        let edits = batch.edits.isEmpty ? nil : try ledger.commit(batch.edits, at: batch.wall, in: &storage)
        let result = BatchResult(token: batch.token, applied: applied, edits: edits, tasks: tasks)
        take(machine.handle(.committed(result), at: now))
    }

    mutating func pass(_ span: Span) {
        now.instant = now.instant + span
        now.wall = now.wall + span
        take(machine.handle(.timer, at: now))
        hear(phone.advance(now: now))
    }

    mutating func ask(_ command: SiteCommand) -> CommandToken {
        tokens += 1
        let token = CommandToken(tokens)
        take(machine.handle(.command(token, command), at: now))
        return token
    }

    mutating func put(_ id: DocumentID, _ changes: [FieldChange]) throws {
        let edit = EditRequest(actor: .system, edits: [DocumentEdit(.id(id, mustExist: false), changes)])
        _ = ask(.edit([edit]))
        try flush()
    }

    /// Makes a queue at number 100 and an agent `anna`.
    mutating func found() throws {
        try put(QueueID("support").documentID, [.insert(QueueField.numbers, .string("100"))])
        try put(AgentID("anna").documentID, [.set(AgentField.name, .string("Anna"), seen: nil)])
    }

    mutating func dial(_ number: String) {
        let invitation = SIPInvitation(
            target: .address(user: number, Self.siteAddress, .udp),
            from: "12345",
            sdp: Array("v=0\r\n".utf8)
        )
        hear(phone.perform(.invite(leg, invitation), now: now))
    }

    var statuses: [Int] {
        heard.compactMap {
            switch $0 {
            case .ringing(_, let status, _), .failed(_, let status, _): status
            default: nil
            }
        }
    }
}
