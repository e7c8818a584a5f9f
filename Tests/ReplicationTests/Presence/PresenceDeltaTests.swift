import Kernel
import Replication
import TestKit
import Testing

@Suite("Presence in few bytes")
struct PresenceDeltaTests {
    private static func key(_ number: Int) -> PresenceKey { PresenceKey(kind: 1, id: "agent-\(number)") }

    /// Fields as an agent has them.
    static func agent(_ random: inout SeededRandom) -> FieldMap {
        let first = ["Clara", "Yusuf", "Ming", "Anna-Lena", "Ravi", "Zoë"][Int.random(in: 0..<6, using: &random)]
        let last = ["Becker", "Okafor", "Nguyen", "Svensson", "Ito"][Int.random(in: 0..<5, using: &random)]
        let start: Int64 = 1_795_300_000_000
        let skills = (0..<3).map { Value.string("skill\(Int.random(in: 0..<50, using: &random)):\($0 + 1)") }
        return [
            FieldID(1): .string("\(first) \(last)"),
            FieldID(2): .int(start + Int64.random(in: 0..<28_800_000, using: &random)),
            FieldID(3): .int(Int64.random(in: 1...6, using: &random)),
            FieldID(5): .int(start + Int64.random(in: 0..<28_800_000, using: &random)),
            FieldID(6): .int(Int64.random(in: 1...3, using: &random)),
            FieldID(7): .list(skills),
            FieldID(8): .int(Int64.random(in: 0..<20_000_000, using: &random)),
            FieldID(9): .int(Int64.random(in: 0..<60, using: &random)),
            FieldID(12): .int(Int64.random(in: 1..<200, using: &random)),
            FieldID(100): .int(20_779),
        ]
    }

    /// Two tables whose frames pass through the codec; the second has the first's digest and the reverse.
    private struct Pair {
        let east: SiteID
        let north: SiteID
        var owner: PresenceTable
        var reader: PresenceTable
        var now = Instant(milliseconds: 1_000)
        var bytes: [Int] = []

        init() throws {
            east = try #require(SiteID("east"))
            north = try #require(SiteID("north"))
            owner = PresenceTable(site: east, incarnation: 7)
            reader = PresenceTable(site: north, incarnation: 9)
            let first = owner.handle(.linkUp(north), at: now)
            try pass(reader.handle(.linkUp(east), at: now), toOwner: true)
            try pass(first, toOwner: false)
            bytes = []
        }

        mutating func pass(_ directives: [PresenceDirective], toOwner: Bool) throws {
            for case .send(_, let frame) in directives {
                let body = FrameCodec.encode(frame)
                if !toOwner { bytes.append(body.count) }
                let read = try FrameCodec.decode(body)
                if toOwner {
                    try pass(owner.handle(.frame(north, read), at: now), toOwner: false)
                } else {
                    try pass(reader.handle(.frame(east, read), at: now), toOwner: true)
                }
            }
        }

        mutating func set(_ key: PresenceKey, _ fields: FieldMap?) throws {
            try pass(owner.set(key, fields, at: now), toOwner: false)
        }

        /// Lets the coalescing pass.
        mutating func flush() throws {
            now = now + Limits.presenceCoalescing
            try pass(owner.handle(.timer, at: now), toOwner: false)
        }

        var isSame: Bool {
            let there = owner.entries(kind: 1, of: east, at: now)
            return there.map(\.key) == reader.entries(kind: 1, of: east, at: now).map(\.key)
                && there.map(\.fields) == reader.entries(kind: 1, of: east, at: now).map(\.fields)
        }
    }

    @Test(
        "What is set at one end is there at the other, whatever changes, comes, goes and comes back",
        arguments: Seeds.first(20)
    )
    func follows(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var pair = try Pair()
        for _ in 0..<400 {
            let key = Self.key(Int.random(in: 0..<12, using: &random))
            let known = pair.owner.entry(key, of: pair.east, at: pair.now)?.fields
            switch Int.random(in: 0..<6, using: &random) {
            case 0: try pair.set(key, nil)
            case 1: try pair.set(key, Self.agent(&random))
            case 2: try pair.flush()
            default:
                var fields = known ?? Self.agent(&random)
                let id = FieldID(UInt16.random(in: 1...14, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0: fields[id] = nil
                case 1: fields[id] = .int(Int64(bitPattern: random.next()))
                case 2: fields[id] = .string("x\(random.next() % 5)")
                default:
                    fields[id] = [.null, .bool(true), .double(0.5), .list([.int(3), .null])][Int(random.next() % 4)]
                }
                try pair.set(key, fields)
            }
        }
        try pair.flush()
        #expect(pair.isSame)
        // Nothing but changes went over: no full state was needed after the first.
        #expect(pair.bytes.reduce(0, +) < 400 * 100)
    }

    @Test("A change of state takes at most 30 bytes on its own, and 14 among others")
    func bytesOfAnUpdate() throws {
        var random = SeededRandom(seed: 1)
        var pair = try Pair()
        for number in 0..<1_000 { try pair.set(Self.key(number), Self.agent(&random)) }
        try pair.flush()
        func next(_ number: Int) throws -> FieldMap {
            var fields = try #require(pair.owner.entry(Self.key(number), of: pair.east, at: pair.now)).fields
            fields[FieldID(3)] = .int(Int64(number % 5 + 7))
            fields[FieldID(5)] = .int(1_795_330_000_000 + Int64(number))
            fields[FieldID(12)] = .int(300)
            return fields
        }
        pair.now = pair.now + .seconds(1)
        pair.bytes = []
        try pair.set(Self.key(999), try next(999))
        #expect(pair.bytes.count == 1 && pair.bytes[0] <= 30, "\(pair.bytes)")
        pair.bytes = []
        for number in 0..<999 { try pair.set(Self.key(number), try next(number)) }
        try pair.flush()
        #expect(pair.bytes.reduce(0, +) <= 999 * 14, "\(pair.bytes)")
        #expect(pair.isSame)
    }

    @Test("The full state of ten thousand agents takes at most 400 kB")
    func bytesOfAll() throws {
        var random = SeededRandom(seed: 2)
        var pair = try Pair()
        var owner = PresenceTable(site: pair.east, incarnation: 8)
        for number in 0..<10_000 { _ = owner.set(Self.key(number), Self.agent(&random), at: pair.now) }
        pair.now = pair.now + .seconds(1)
        _ = owner.handle(.timer, at: pair.now)
        pair.owner = owner
        let first = pair.owner.handle(.linkUp(pair.north), at: pair.now)
        try pair.pass(pair.reader.handle(.linkUp(pair.east), at: pair.now), toOwner: true)
        try pair.pass(first, toOwner: false)
        #expect(pair.isSame)
        #expect(pair.reader.entries(kind: 1, of: pair.east, at: pair.now).count == 10_000)
        #expect(pair.bytes.reduce(0, +) <= 400_000, "\(pair.bytes)")
    }

    @Test("A change that does not fit what is there fetches the full state, and nothing half-known is shown as new")
    func mismatch() throws {
        var random = SeededRandom(seed: 3)
        var pair = try Pair()
        for number in 0..<20 { try pair.set(Self.key(number), Self.agent(&random)) }
        try pair.flush()
        let strange: [PresenceDelta.Change] = [
            .gone, .fields([PresenceDelta.Field(id: FieldID(1), change: .raised(4))]), .fields([]),
        ]
        for (place, change) in strange.enumerated() {
            pair.now = pair.now + .seconds(1)
            let count = pair.owner.entries(kind: 1, of: pair.east, at: pair.now).count
            let entry = PresenceDelta.Entry(alias: place == 1 ? 2 : 999, change: change)
            let forged = PresenceDelta(site: nil, incarnation: 7, base: 20, counter: 21, entries: [entry])
            let out = pair.reader.handle(.frame(pair.east, .presenceDelta(forged)), at: pair.now)
            #expect(out == [.send(pair.east, .presenceWant(pair.east))])
            try pair.pass(out, toOwner: true)
            #expect(pair.isSame && count == 20)
        }
    }

    @Test("A change of which only a part fits changes nothing")
    func partlyFitting() throws {
        var random = SeededRandom(seed: 4)
        var pair = try Pair()
        for number in 0..<3 { try pair.set(Self.key(number), Self.agent(&random)) }
        try pair.flush()
        let fields = [PresenceDelta.Field(id: FieldID(3), change: .value(.int(99)))]
        let delta = PresenceDelta(
            site: nil,
            incarnation: 7,
            base: 3,
            counter: 5,
            entries: [.init(alias: 1, change: .fields(fields)), .init(alias: 77, change: .gone)]
        )
        let out = pair.reader.handle(.frame(pair.east, .presenceDelta(delta)), at: pair.now)
        #expect(out == [.send(pair.east, .presenceWant(pair.east))])
        #expect(pair.isSame)
    }

    @Test("What a new life does not have any more is told as changed")
    func newLife() throws {
        var random = SeededRandom(seed: 5)
        var pair = try Pair()
        for number in 0..<3 { try pair.set(Self.key(number), Self.agent(&random)) }
        try pair.flush()
        let whole = PresenceDelta.Entry(alias: 1, change: .whole(Self.key(9), Self.agent(&random)))
        let delta = PresenceDelta(site: nil, incarnation: 8, base: 0, counter: 1, entries: [whole])
        let out = pair.reader.handle(.frame(pair.east, .presenceDelta(delta)), at: pair.now)
        #expect(out == [.changed(pair.east, [0, 1, 2, 9].map(Self.key))])
    }

    @Test("Nodes of both versions understand each other, also as relays", arguments: Seeds.first(6))
    func mixedVersions(seed: UInt64) throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: seed, linked: false)
        cluster.olderSites = [cluster.sites[Int(seed % 3)]]
        for (one, other) in [(0, 1), (1, 2), (0, 2)] { cluster.connect(cluster.sites[one], cluster.sites[other]) }
        cluster.lossPercent = 10
        try cluster.run(.seconds(1))
        cluster.cut(cluster.sites[0], cluster.sites[2])
        var expected: [String: String] = [:]
        for number in 0..<120 {
            if number == 80 { cluster.connect(cluster.sites[0], cluster.sites[2]) }
            let site = cluster.sites[Int.random(in: 0..<3, using: &cluster.random)]
            let id = "agent-\(number % 7)"
            let isGone = Int.random(in: 0..<5, using: &cluster.random) == 0
            let fields: FieldMap = [FieldID(1): .string("\(number)"), FieldID(2): .int(Int64(number))]
            cluster.setPresence(PresenceKey(kind: 1, id: id), isGone ? nil : fields, at: site)
            expected["\(site)/\(id)"] = isGone ? nil : "\(number)"
            try cluster.run(.milliseconds(Int64.random(in: 0...60, using: &cluster.random)))
        }
        try cluster.run(.seconds(8))
        let list = expected.map { "\($0.key)=\($0.value)" }.sorted()
        for site in cluster.sites { #expect(cluster.seen(1, at: site).sorted() == list) }
        #expect(cluster.misdirected == 0)
    }
}
