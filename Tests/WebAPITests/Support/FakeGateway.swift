import ContactCenter
import Kernel
import Synchronization
import Testing
import WebAPI

private var noSite: SiteID { preconditionFailure("a fixed name") }

/// A site in memory.
///
/// It holds real documents and refuses calls that no route may make.
final class FakeGateway: SiteGateway {
    struct State {
        var documents: [DocumentID: Document] = [:]
        var sequence: UInt64 = 0
        var wallReads = 0
        var deskReads = 0
        var commits: [EditRequest] = []
        var orders: [DeskOrder] = []
        var wishesToOpen: [ContactWish] = []
        var closed: [String] = []
        var cuts: [String: Bool] = [:]
        var imports: [Bool] = []
        var failure: GatewayError?
        var isReady = true
        var tokenKeys: [String: String] = [:]
        /// The best level that any wish gets.
        var reachable = Acknowledgement.majority
        var wishes: [AcknowledgementWish] = []
        var decisions: [MembershipWish] = []
        var verifications = 0
        var backups: [String] = []
        /// Contents of files by name, and those of them that are still at another site.
        var contents: [String: [UInt8]] = [:]
        var elsewhere: Set<String> = []
        /// Agents and queues on the wall.
        var wallAgents: [WallAgent] = []
        var wallQueues: [WallQueue] = []
        /// Recordings by contact and name, and who asked for which.
        var recordings: [String: [String: [UInt8]]] = [:]
        var recordingsAsked: [String] = []
        var hearingsRefused: [String] = []
        /// Who has spoken with the customer of the contact.
        var tookPart = ["anna"]
        /// Uploads that have neither finished nor been cancelled.
        var uploads = 0
    }

    let state = Mutex(State())
    let origin = Origin(site: SiteID("north") ?? noSite, epoch: 1)
    private let clock: TestClock

    init(clock: TestClock) {
        self.clock = clock
    }

    /// Makes the next call fail.
    func fail(_ error: GatewayError?) {
        state.withLock { $0.failure = error }
    }

    func checkFailure() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    func document(_ id: DocumentID) async throws -> Document? {
        state.withLock { $0.documents[id] }
    }

    /// All documents of a type, by key.
    func all(_ type: DocumentType) -> [Document] {
        state.withLock { $0.documents.values.filter { $0.id.type == type && !$0.isDeleted }.sorted { $0.id < $1.id } }
    }

    func commit(_ request: EditRequest, acknowledgement: AcknowledgementWish) async throws -> CommitReceipt {
        try checkFailure()
        try #require(!request.edits.isEmpty && request.edits.allSatisfy { !$0.changes.isEmpty }, "an empty op")
        try #require(!request.actor.name.isEmpty, "nobody asks")
        return try state.withLock { state in
            var receipt = try state.apply(request, origin: origin, wall: clock.wall)
            (receipt.acknowledged, receipt.missed) = state.reach(acknowledgement)
            return receipt
        }
    }

    func importCustomers(
        csv: [UInt8],
        dryRun: Bool,
        by actor: Actor,
        acknowledgement: AcknowledgementWish
    ) async throws -> (report: ImportReport, receipt: CommitReceipt?) {
        try #require(!csv.isEmpty, "an empty import")
        state.withLock { $0.imports.append(dryRun) }
        let lines = String(decoding: csv, as: UTF8.self).split(separator: "\n")
        let problems = lines.enumerated().filter { $0.element.contains("broken") }.map {
            ImportProblem(line: $0.offset + 1, column: "phone", message: "is not a phone number")
        }
        let report = ImportReport(
            rows: lines.count - 1,
            created: lines.count - 1,
            updated: 0,
            duplicates: 0,
            errors: problems
        )
        guard !dryRun, problems.isEmpty else { return (report, nil) }
        let (level, missed) = state.withLock { $0.reach(acknowledgement) }
        let dot = Dot(origin: origin, sequence: 1)
        return (report, CommitReceipt(dot: dot, created: [], acknowledged: level, missed: missed, conflicts: 0))
    }

    func account(_ id: AccountID) async throws -> AccountRecord? {
        try await document(id.documentID).flatMap(Account.init).map(AccountRecord.init)
    }

    func tokenKey(site: String) async throws -> String? {
        state.withLock { $0.tokenKeys[site] }
    }

    func wall() async throws -> WallResource {
        try checkFailure()
        return state.withLock { state in
            state.wallReads += 1
            var wall = Samples.wall(at: clock.wall)
            wall.agents = state.wallAgents
            wall.queues = state.wallQueues
            return wall
        }
    }

    func desk(_ agent: AgentID) async throws -> DeskResource? {
        try checkFailure()
        state.withLock { $0.deskReads += 1 }
        guard try await document(agent.documentID) != nil else { return nil }
        return Samples.desk(agent, at: clock.wall)
    }

    func perform(_ order: DeskOrder, for agent: AgentID, by actor: Actor) async throws -> DeskResource {
        try checkFailure()
        try #require(!actor.name.isEmpty && actor != .system, "nobody asks")
        switch order {
        case .hangUp(let contact), .linkCustomer(let contact, _), .accept(let contact), .decline(let contact),
            .finish(let contact), .finishWrapUpOf(let contact), .extendWrapUpOf(let contact), .hold(let contact),
            .resume(let contact), .swap(let contact), .completeTransfer(let contact), .endConsult(let contact),
            .conference(let contact), .pauseRecording(let contact, _), .supervise(let contact, _):
            try #require(!contact.key.isEmpty)
        case .transfer(let contact, let target), .consult(let contact, let target):
            try #require(!contact.key.isEmpty && target != .number(""))
        case .sendDigits(let contact, let digits): try #require(!contact.key.isEmpty && !digits.isEmpty)
        case .dial(let number, _, _): try #require(!number.isEmpty)
        case .notReady(let reason): try #require(!reason.isEmpty)
        default: break
        }
        guard try await document(agent.documentID) != nil else { throw GatewayError(.notFound, "no such agent") }
        state.withLock { $0.orders.append(order) }
        return Samples.desk(agent, at: clock.wall)
    }

    func sites() async throws -> [SiteResource] { Samples.sites }

    func status() async throws -> SiteStatusResource { Samples.status(at: clock.wall) }

    func readiness() async -> ReadinessResource {
        let ready = state.withLock { $0.isReady }
        return ReadinessResource(ready: ready, reasons: ready ? [] : ["the store is opening"])
    }

    func metrics() async -> [MetricFamily] {
        [
            MetricFamily(
                "tandem_contacts_live",
                help: "Live contacts \\ \"quoted\".",
                kind: .gauge,
                samples: [.init(2, labels: ["queue": "bil\"ling"])]
            )
        ]
    }

    func setLink(to peer: String, cut: Bool) async throws {
        try #require(Samples.sites.contains { $0.id == peer } && peer != "north", "no such link")
        state.withLock { $0.cuts[peer] = cut }
    }
}
