import ContactCenter
import Kernel
import Replication
import Routing

/// What presence costs without a network: bytes and time of updates, of the full state and of digests.
enum PresenceFigures {
    private static let agents = 10_000
    private static let start: Int64 = 1_795_300_000_000

    /// Ten thousand agents of one site as another one follows them.
    static func measure(quick: Bool) throws -> [Figure] {
        let count = quick ? 500 : agents
        let runs = quick ? 1 : 7
        let views = try (0..<count).map(agent)
        var pair = try PresencePair()
        for view in views { try pair.set(key(view), view.fields) }
        try pair.flush()
        let busy = views.map { view in
            var view = view
            view.state = .wrapUp
            view.since = WallTime(milliseconds: view.since.milliseconds + 91_000)
            view.version += 1
            return (key(view), view.fields)
        }
        return try burst(pair, busy, runs: runs) + single(pair, busy, runs: runs)
            + full(pair, count, runs: runs) + idle(pair, runs: runs)
    }

    private static func key(_ view: AgentView) -> PresenceKey {
        PresenceKey(kind: AgentView.presenceKind, id: view.agent.key)
    }

    private static func agent(_ number: Int) throws -> AgentView {
        let first = ["Clara", "Yusuf", "Ming", "Anna-Lena", "Ravi", "Zoë", "Joachim"]
        let last = ["Becker", "Okafor", "Nguyen", "Svensson", "Ito", "Papadopoulos", "Li", "Fernandez"]
        let moment = start + Int64(number * 7_919 % 28_800_000)
        guard let site = SiteID("east") else { throw FrameError.malformed("site") }
        return AgentView(
            agent: AgentID("agent\(number)"),
            name: "\(first[number % 7]) \(last[number / 7 % 8])",
            fence: LoginFence(epoch: UInt64(moment), site: site),
            state: .ready,
            since: WallTime(milliseconds: moment + 60_000),
            tier: .consultant,
            skills: SkillSet((0..<3).compactMap { Skill("skill\((number + $0 * 17) % 50):2") }),
            handlingToday: .milliseconds(Int64(number * 104_729 % 20_000_000)),
            contactsToday: number % 60,
            version: UInt64(number % 200 + 1)
        )
    }

    private static func burst(_ pair: PresencePair, _ busy: [(PresenceKey, FieldMap)], runs: Int) throws -> [Figure] {
        var bytes = 0
        let spent = try Measurement(runs: runs, pieces: busy.count) {
            var pair = pair
            pair.now = pair.now + .seconds(1)
            pair.bytes = 0
            for (key, fields) in busy { try pair.set(key, fields) }
            try pair.flush()
            bytes = pair.bytes
        }
        let plain = Measurement(runs: runs, pieces: busy.count) {
            var table = Dictionary(busy, uniquingKeysWith: { first, _ in first })
            for (key, fields) in busy { table[key] = fields }
            var writer = ByteWriter()
            for (key, fields) in busy {
                writer.text(key.id)
                for (id, value) in fields {
                    writer.number(Int(id.number))
                    writer.value(value)
                }
            }
            precondition(!writer.bytes.isEmpty && !table.isEmpty)
        }
        let each = Double(bytes) / Double(busy.count)
        return [
            Figure(
                name: "presence: burst of \(busy.count) updates, set to applied",
                value: "\(short(spent.median * Double(busy.count) / 1e6)) ms, \(short(spent.median / 1e3)) µs each",
                against: "put in a table and written plainly \(short(plain.median / 1e3)) µs",
                ratio: short(spent.median / plain.median)
            ),
            Figure(
                name: "presence: bytes an update in a burst",
                value: short(each),
                against: "30 wanted",
                ratio: short(each / 30)
            ),
        ]
    }

    private static func single(_ pair: PresencePair, _ busy: [(PresenceKey, FieldMap)], runs: Int) throws -> [Figure] {
        var bytes = 0
        let some = busy.suffix(200)
        var copy = pair
        let spent = try Measurement(runs: 1, pieces: some.count * 2) {
            // There and back, each on its own.
            for isBack in [false, true] {
                for (key, fields) in some {
                    copy.now = copy.now + .seconds(1)
                    copy.bytes = 0
                    let before = pair.owner.entry(key, of: pair.east, at: pair.now)?.fields
                    try copy.set(key, isBack ? before : fields)
                    bytes = max(bytes, copy.bytes)
                }
            }
        }
        return [
            Figure(
                name: "presence: idle update, set to applied",
                value: "\(short(spent.median / 1e3)) µs",
                against: "1 ms wanted, link and all",
                ratio: short(spent.median / 1e6)
            ),
            Figure(
                name: "presence: bytes an update alone, with its envelope of 12",
                value: "\(bytes)",
                against: "30 wanted",
                ratio: short(Double(bytes) / 30)
            ),
        ]
    }

    private static func full(_ pair: PresencePair, _ count: Int, runs: Int) throws -> [Figure] {
        var bytes = 0
        let spent = try Measurement(runs: runs, pieces: 1) {
            var pair = pair
            pair.reader = PresenceTable(site: pair.north, incarnation: 3)
            pair.bytes = 0
            try pair.link()
            precondition(pair.reader.entries(kind: AgentView.presenceKind, of: pair.east, at: pair.now).count == count)
            bytes = pair.bytes
        }
        return [
            Figure(
                name: "presence: full state of \(count) agents, asked to applied",
                value: "\(short(spent.median / 1e6)) ms",
                against: "100 ms wanted",
                ratio: short(spent.median / 1e8)
            ),
            Figure(
                name: "presence: bytes of that",
                value: "\(short(Double(bytes) / 1e3)) kB",
                against: "400 kB wanted",
                ratio: short(Double(bytes) / 4e5)
            ),
        ]
    }

    private static func idle(_ pair: PresencePair, runs: Int) throws -> [Figure] {
        var copy = pair
        copy.bytes = 0
        let spent = try Measurement(runs: 1, pieces: 1_000) {
            copy.bytes = 0
            for _ in 0..<1_000 {
                copy.now = copy.now + Limits.presenceDigestInterval
                try copy.flush()
            }
        }
        return [
            Figure(
                name: "presence: a second in which nothing changed",
                value: "\(short(spent.median / 1e3)) µs, \(copy.bytes / 1_000) bytes"
            )
        ]
    }
}

/// Two presence tables whose frames pass through the bytes of a link.
struct PresencePair {
    let east: SiteID
    let north: SiteID
    var owner: PresenceTable
    var reader: PresenceTable
    var now = Instant(milliseconds: 1_000)
    /// Bytes that went from the owner to the reader.
    var bytes = 0

    init() throws {
        guard let east = SiteID("east"), let north = SiteID("north") else { throw FrameError.malformed("site") }
        (self.east, self.north) = (east, north)
        owner = PresenceTable(site: east, incarnation: 2)
        reader = PresenceTable(site: north, incarnation: 2)
        try link()
    }

    mutating func link() throws {
        let first = owner.handle(.linkUp(north), at: now)
        try pass(reader.handle(.linkUp(east), at: now), toOwner: true)
        try pass(first, toOwner: false)
    }

    mutating func set(_ key: PresenceKey, _ fields: FieldMap?) throws {
        try pass(owner.set(key, fields, at: now), toOwner: false)
    }

    /// Lets the time of coalescing pass.
    mutating func flush() throws {
        now = now + Limits.presenceCoalescing
        try pass(owner.handle(.timer, at: now), toOwner: false)
    }

    private mutating func pass(_ directives: [PresenceDirective], toOwner: Bool) throws {
        for case .send(_, let frame) in directives {
            let sent = FrameEnvelope(frame).encoded()
            if !toOwner { bytes += sent.count }
            var decoder = FrameDecoder()
            for envelope in try decoder.receive(sent) {
                let read = try FrameCodec.decode(envelope.body)
                if toOwner {
                    try pass(owner.handle(.frame(north, read), at: now), toOwner: false)
                } else {
                    try pass(reader.handle(.frame(east, read), at: now), toOwner: true)
                }
            }
        }
    }
}
