import ContactCenter
import Kernel
import Replication
import Routing
import SIP
import SiteCore
import Testing

/// Two sites with a link between them that the test cuts and mends; agents need no phone here.
struct TwoSites {
    /// One site, its disk, and what it asked for.
    struct Node {
        var machine: SiteMachine
        var storage: InMemoryLedgerStorage
        var ledger: Ledger
        var batches: [CommitBatch] = []
        var queries: [(token: QueryToken, query: SiteQuery)] = []
        /// What the disk is to do with recordings; the test does it.
        var recordings: [RecordingJob] = []
        var closed: [SiteID] = []
    }

    var nodes: [Node] = []
    /// Frames on their way from each site to the other.
    var wires: [[Frame]] = [[], []]
    var isLinked = false
    var now = Moment(instant: Instant(milliseconds: 1_000), wall: WallTime(milliseconds: 1_795_262_400_000))
    var replies: [CommandToken: CommandReply] = [:]
    var notices: [(AgentID, SiteNotice)] = []
    var alarms: [TraceLine] = []
    private var tokens: UInt64 = 0

    static let names = ["north", "south"]
    static let support = QueueID("support")
    /// Anna works in the north, Sue in the south, Max where he likes.
    static let anna = AgentID("anna")
    static let sue = AgentID("sue")
    static let moe = AgentID("moe")

    init() throws {
        for index in 0..<2 { nodes.append(try Self.boot(index, InMemoryLedgerStorage(), at: now)) }
        for index in 0..<2 { take(nodes[index].machine.start(at: now), from: index) }
        mend()
        try put(Self.support.documentID, [.insert(QueueField.numbers, .string("100"))])
        for agent in [Self.anna, Self.sue, Self.moe] {
            try put(agent.documentID, [.set(AgentField.name, .string(agent.key), seen: nil)])
        }
        try run(.seconds(3))
    }

    private static func boot(_ index: Int, _ kept: InMemoryLedgerStorage, at now: Moment) throws -> Node {
        var storage = kept
        let site = try #require(SiteID(names[index]))
        let peer = try #require(SiteID(names[1 - index]))
        let ledger = try Ledger(site: site, schema: Schema.documents, storage: &storage)
        let incarnation = try Ledger.nextIncarnation(in: &storage)
        var settings = SiteSettings()
        settings.agents.requiresPhone = false
        let address = SIPAddress(host: "10.0.0.\(index + 1)", port: 5060)
        let boot = SiteBoot(
            cluster: "test",
            site: site,
            peers: [peer],
            incarnation: incarnation,
            epoch: ledger.origin.epoch,
            vector: ledger.vector,
            documents: storage.documents.values.filter { SiteBoot.projected.contains($0.id.type) },
            contacts: storage.documents.values.filter { $0.id.type == Schema.contact },
            settings: settings,
            sip: SIPConfiguration(advertised: [.udp: address], secret: Array("0123456789abcdef".utf8)),
            seed: UInt64(index) + incarnation * 2,
            records: try RecordsStanding(ledger, storage: storage, at: now.wall)
        )
        return Node(machine: SiteMachine(boot, at: now), storage: storage, ledger: ledger)
    }

    mutating func take(_ directives: [SiteDirective], from index: Int) {
        for directive in directives {
            switch directive {
            case .commit(let batch): nodes[index].batches.append(batch)
            case .query(let token, let query): nodes[index].queries.append((token, query))
            case .reply(let token, let reply): replies[token] = reply
            case .alarm(let line): alarms.append(line)
            case .notice(let agent, let notice): notices.append((agent, notice))
            case .recording(let job): nodes[index].recordings.append(job)
            case .closeLink(let peer, _): nodes[index].closed.append(peer)
            case .sendFrame(let frame, _): if isLinked { wires[index].append(frame) }
            default: break
            }
        }
    }

    mutating func tell(_ index: Int, _ event: SiteEvent) {
        take(nodes[index].machine.handle(event, at: now), from: index)
    }

    // MARK: Link, disk, time

    /// Cuts the link: what is on its way is lost.
    mutating func cut() {
        guard isLinked else { return }
        isLinked = false
        wires = [[], []]
        for index in 0..<2 { tell(index, .linkDown(nodes[1 - index].machine.site)) }
    }

    mutating func mend() {
        guard !isLinked else { return }
        isLinked = true
        for index in 0..<2 { tell(index, .linkUp(nodes[1 - index].machine.site)) }
    }

    /// Kills a site's process and starts it again from its disk; the link comes back with it if it was there.
    mutating func crash(_ index: Int) throws {
        let wasLinked = isLinked
        cut()
        nodes[index] = try Self.boot(index, nodes[index].storage, at: now)
        take(nodes[index].machine.start(at: now), from: index)
        if wasLinked { mend() }
    }

    /// Carries one frame over; false when there is none.
    mutating func carry(from index: Int) -> Bool {
        guard !wires[index].isEmpty else { return false }
        let frame = wires[index].removeFirst()
        tell(1 - index, .frame(frame, from: nodes[index].machine.site))
        return true
    }

    /// Lets disk and store of a site answer all that is out.
    mutating func flush(_ index: Int) throws {
        while !nodes[index].batches.isEmpty || !nodes[index].queries.isEmpty {
            while !nodes[index].queries.isEmpty {
                let (token, query) = nodes[index].queries.removeFirst()
                tell(index, .queryAnswered(token, answer(query, index)))
            }
            guard !nodes[index].batches.isEmpty else { continue }
            let batch = nodes[index].batches.removeFirst()
            var node = nodes[index]
            let applied = try batch.applications.map {
                try node.ledger.apply($0.batch, at: batch.wall, in: &node.storage)
            }
            let tasks = try batch.tasks.map { try node.ledger.perform($0, at: batch.wall, in: &node.storage) }
            let edits =
                batch.edits.isEmpty ? nil : try node.ledger.commit(batch.edits, at: batch.wall, in: &node.storage)
            nodes[index] = node
            tell(index, .committed(BatchResult(token: batch.token, applied: applied, edits: edits, tasks: tasks)))
        }
    }

    private func answer(_ query: SiteQuery, _ index: Int) -> QueryAnswer {
        guard case .readOps(let request) = query,
            let read = try? Ledger.readSound(request, from: nodes[index].storage)
        else { return .failed(reason: "no store here") }
        return .ops(read.batch, damaged: read.damaged)
    }

    /// Everything that is on its way arrives.
    mutating func settle() throws {
        for _ in 0..<100_000 {
            try flush(0)
            try flush(1)
            let first = carry(from: 0)
            let second = carry(from: 1)
            if !first, !second, nodes.allSatisfy({ $0.batches.isEmpty && $0.queries.isEmpty }) { return }
        }
        Issue.record("the sites talk in circles")
    }

    mutating func run(_ span: Span) throws {
        let end = now.instant + span
        try settle()
        while let next = nodes.compactMap(\.machine.nextDeadline).min(), next <= end {
            pass(max(next - now.instant, .milliseconds(1)))
            try settle()
        }
        if now.instant < end { pass(end - now.instant) }
        try settle()
    }

    mutating func pass(_ span: Span) {
        now.instant = now.instant + span
        now.wall = now.wall + span
        for index in 0..<2 { tell(index, .timer) }
    }

    // MARK: People

    @discardableResult
    mutating func ask(_ index: Int, _ command: SiteCommand) -> CommandToken {
        tokens += 1
        let token = CommandToken(tokens)
        tell(index, .command(token, command))
        return token
    }

    /// What an agent does at a desk; nil when it was done, else why not.
    @discardableResult
    mutating func desk(_ index: Int, _ agent: AgentID, _ command: DeskCommand) -> SiteCore.Refusal? {
        let token = ask(index, .desk(agent, command, actor: Actor(agent.key)))
        if case .refused(let refusal)? = replies[token] { return refusal }
        return nil
    }

    mutating func put(_ id: DocumentID, _ changes: [FieldChange]) throws {
        let edit = EditRequest(actor: .system, edits: [DocumentEdit(.id(id, mustExist: false), changes)])
        ask(0, .edit([edit]))
        try settle()
    }

    /// An agent signs in somewhere and is ready.
    mutating func begin(_ index: Int, _ agent: AgentID) throws {
        #expect(desk(index, agent, .signIn) == nil)
        #expect(desk(index, agent, .ready) == nil)
        try run(.milliseconds(500))
    }

    /// Opens a contact and returns it once it is on disk.
    mutating func open(
        _ index: Int,
        _ channel: Channel = .chat,
        title: String = "",
        ticket: TicketID? = nil
    ) throws -> ContactID {
        let opening = ContactOpening(
            channel,
            queue: Self.support,
            from: "ada@example.org",
            title: title,
            ticket: ticket
        )
        let token = ask(index, .openContact(opening))
        #expect(replies[token] == nil, "answered before it is on disk")
        try settle()
        guard case .opened(let contact, let ticket)? = replies[token] else {
            throw SiteCore.Refusal(.invalid, "not opened: \(String(describing: replies[token]))")
        }
        #expect(ticket != nil)
        return contact
    }

    // MARK: What can be seen

    func onDesk(_ index: Int, _ agent: AgentID) -> [DeskContact] {
        nodes[index].machine.desk(agent, at: now)?.contacts ?? []
    }

    func agentState(_ index: Int, _ agent: AgentID) -> AgentState? {
        nodes[index].machine.desk(agent, at: now)?.state
    }

    func row(_ contact: ContactID, at index: Int) -> SiteView.ContactRow? {
        nodes[index].machine.view(at: now).contacts.first { $0.id == contact }
    }

    func record(_ contact: ContactID, at index: Int) -> ContactRecord? {
        nodes[index].storage.document(contact.documentID).flatMap { ContactRecord($0) }
    }
}
