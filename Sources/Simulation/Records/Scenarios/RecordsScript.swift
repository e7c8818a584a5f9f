import Kernel
import Replication

/// Simulated records under a script: nothing happens by chance but delays.
struct RecordsScript: Sendable {
    var world: RecordsWorld
    private var checkers = RecordsCheckers()
    /// What was not as it should be; the first counts.
    private(set) var broken: String?

    /// Starts sites and lets them link up.
    init(sites: Int = 3, seed: UInt64 = 1, settings: RecordsSettings = RecordsSettings()) {
        var options = RecordsOptions()
        options.seed = seed
        options.sites = sites
        options.faults = []
        world = RecordsWorld(options)
        world.settings = settings
        world.startSites()
        run(.seconds(2))
    }

    /// Notes what must be so.
    mutating func expect(_ holds: Bool, _ otherwise: String) {
        if !holds, broken == nil { broken = "\(world.now.milliseconds) ms: \(otherwise)" }
    }

    /// Lets time pass.
    mutating func run(_ span: Span) {
        let end = world.now + span
        while broken == nil, let next = world.queue.nextAt, next <= end { step() }
        world.now = max(world.now, end)
    }

    /// Lets time pass until something is so; what is said otherwise breaks the scenario.
    mutating func run(
        until condition: (RecordsWorld) -> Bool,
        within bound: Span = .seconds(20),
        otherwise: String
    ) {
        let end = world.now + bound
        while broken == nil, !condition(world) {
            guard let next = world.queue.nextAt, next <= end else { break }
            step()
        }
        expect(condition(world), otherwise)
    }

    private mutating func step() {
        guard world.step() else { return }
        if let found = checkers.afterStep(world) { broken = "\(found.invariant): \(found.message)" }
        world.endSecond()
    }

    /// Everything is healed: within the bound all must be equal, quiet, and as the final checks say.
    mutating func finish() {
        guard broken == nil else { return }
        world.settle()
        let report = RecordsRun.finish(&world, &checkers)
        if let violation = report.violation { broken = "\(violation.invariant): \(violation.message)" }
    }

    // MARK: People

    /// Has a site write and waits until it answered; the op, or nil when it was refused.
    @discardableResult
    mutating func write(_ site: Int, _ edits: DocumentEdit..., by actor: String = "ada") -> Dot? {
        let before = world.book.promises.count
        world.ask(EditRequest(actor: Actor(actor), edits: edits), at: site)
        let ticket = world.lastTicket
        run(until: { $0.answeredTickets.contains(ticket) || !$0.sites[site].isUp }, otherwise: "no answer to an edit")
        return world.book.promises.dropFirst(before).first { $0.site == site }?.dot
    }

    /// Makes a document at a site.
    mutating func make(_ site: Int, title: String) -> DocumentID {
        let dot = write(
            site,
            DocumentEdit(.new(RecordsSchema.file), [.set(RecordsSchema.title, .string(title), seen: nil)])
        )
        expect(dot != nil, "a document could not be made")
        let none = Dot(origin: Origin(site: world.sites[site].id, epoch: 1), sequence: 1)
        return DocumentID(type: RecordsSchema.file, dot: dot ?? none, index: 0)
    }

    /// Changes a document that exists.
    @discardableResult
    mutating func change(_ site: Int, _ document: DocumentID, _ changes: FieldChange...) -> Dot? {
        write(site, DocumentEdit(.id(document, mustExist: true), changes))
    }

    /// Lets time pass until all sites that run have an op.
    mutating func spread(_ dot: Dot?, within bound: Span = .seconds(10)) {
        guard let dot else { return }
        run(
            until: { world in world.sites.allSatisfy { !$0.isUp || $0.ledger?.vector.contains(dot) == true } },
            within: bound,
            otherwise: "\(dot) is not everywhere"
        )
    }

    /// Has a site propose a change of the membership.
    mutating func decide(_ change: MembershipChange, _ site: Int, at asker: Int) {
        let command = RecordsCommand.decide(
            change,
            world.sites[site].id,
            by: Actor("operator"),
            forced: false
        )
        world.ask(.change(change, site: site), command, asker)
        let id = world.sites[site].id
        run(
            until: { $0.sites[asker].machine?.membership.state(of: id) == change.state },
            otherwise: "\(id) did not become \(change.state.rawValue)"
        )
    }

    // MARK: Faults

    private func place(_ one: Int, _ other: Int) -> Int { world.linkPlace(one, other) }

    mutating func cut(_ one: Int, _ other: Int) { world.cut(place(one, other)) }

    /// Cuts a link in the direction from the first site to the second.
    mutating func cutOneWay(from one: Int, to other: Int) {
        world.cutOneWay(place(one, other), world.links[place(one, other)].end(one))
    }

    mutating func heal(_ one: Int, _ other: Int) { world.heal(place(one, other), ways: [0, 1]) }

    mutating func isolate(_ site: Int) {
        for other in world.sites.indices where other != site { cut(site, other) }
    }

    mutating func rejoin(_ site: Int) {
        for other in world.sites.indices where other != site { heal(site, other) }
    }

    mutating func slow(_ one: Int, _ other: Int, bytesPerSecond: Int64?) {
        for way in [0, 1] { world.links[place(one, other)].ways[way].rate = bytesPerSecond }
    }

    mutating func backUp(_ site: Int) {
        let from = world.sites[site]
        world.sites[site].backup = RecordsSite.Backup(storage: from.storage, head: from.head, stored: from.stored)
    }

    /// What a document shows at a site.
    func document(_ id: DocumentID, at site: Int) -> Document? { world.sites[site].storage.document(id) }

    func title(_ id: DocumentID, at site: Int) -> String? {
        document(id, at: site)?.value(RecordsSchema.title)?.string
    }
}
