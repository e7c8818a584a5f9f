import Kernel
import Replication
import TestKit
import Testing

@Suite("Frames")
struct FrameCodecTests {
    private static func site(_ name: String) throws -> SiteID { try #require(SiteID(name)) }

    private static func values(_ random: inout SeededRandom, depth: Int = 0) -> Value {
        switch Int.random(in: 0..<(depth < 3 ? 7 : 6), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .int(Int64(bitPattern: random.next()))
        case 3: .double(Double.random(in: -1e9...1e9, using: &random))
        case 4: .string(["", "Ada", "Zoë", "小林"][Int.random(in: 0..<4, using: &random)])
        case 5: .bytes((0..<Int.random(in: 0..<5, using: &random)).map { UInt8($0) })
        default: .list((0..<Int.random(in: 0..<4, using: &random)).map { _ in values(&random, depth: depth + 1) })
        }
    }

    private static func map(_ random: inout SeededRandom) -> FieldMap {
        var result: FieldMap = [:]
        for _ in 0..<Int.random(in: 0..<5, using: &random) {
            result[FieldID(UInt16.random(in: 0...UInt16.max, using: &random))] = values(&random)
        }
        return result
    }

    private static func wholes(_ random: inout SeededRandom) -> [PresenceDelta.Entry] {
        var fields = map(&random)
        return (0..<Int.random(in: 0..<6, using: &random)).map { number in
            // Some are like the one before but for a value or two.
            if Bool.random(using: &random) { fields = map(&random) }
            for id in fields.keys.sorted().prefix(2) { fields[id] = values(&random) }
            let key = PresenceKey(kind: UInt8.random(in: 1...2, using: &random), id: "agent-Zoë\(number)")
            return PresenceDelta.Entry(alias: random.next() >> 4, change: .whole(key, fields))
        }
    }

    private static func deltas(_ random: inout SeededRandom) -> [PresenceDelta.Entry] {
        var alias: UInt64 = 0
        return (0..<Int.random(in: 0..<8, using: &random)).map { _ in
            alias += UInt64.random(in: 1..<300, using: &random)
            if Int.random(in: 0..<5, using: &random) == 0 { return PresenceDelta.Entry(alias: alias, change: .gone) }
            let fields = (0..<UInt16.random(in: 0..<5, using: &random)).map { number in
                let change: PresenceDelta.FieldChange =
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: .gone
                    case 1: .raised(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
                    default: .value(values(&random))
                    }
                return PresenceDelta.Field(id: FieldID(number * 77), change: change)
            }
            return PresenceDelta.Entry(alias: alias, change: .fields(fields))
        }
    }

    /// One frame of each kind, with contents drawn from the seed.
    static func frames(_ random: inout SeededRandom) throws -> [Frame] {
        let (north, south) = (try site("north"), try site("south-2"))
        let vector = VersionVector([
            Dot(origin: Origin(site: north, epoch: 1), sequence: random.next() >> 1 | 1),
            Dot(origin: Origin(site: south, epoch: 7), sequence: 1),
        ])
        let entries = [
            PresenceEntry(key: PresenceKey(kind: 1, id: "ada"), counter: random.next(), fields: map(&random)),
            PresenceEntry(key: PresenceKey(kind: 255, id: ""), counter: 1, fields: nil),
        ]
        let bodies: [[UInt8]] = [[], [1, 2, 3], Array(repeating: 7, count: 300)]
        let previous = [UInt8](repeating: 9, count: OpChain.size)
        return [
            .hello(Hello(cluster: "demo", site: north, epoch: 3, incarnation: 12, vector: vector)),
            .beacon(Beacon(vector: vector, clock: HybridTimestamp(bits: random.next()))),
            .beacon(Beacon(vector: VersionVector(), clock: .zero)),
            .ops(
                OpsBatch(
                    origin: Origin(site: south, epoch: 1),
                    first: 9,
                    previous: previous,
                    bodies: bodies,
                    isCatchUp: true
                )
            ),
            .ops(OpsBatch(origin: Origin(site: south, epoch: 1), first: 1, previous: [], bodies: [], isCatchUp: false)),
            .want(OpsRequest(origin: Origin(site: north, epoch: 2), from: 44, maxBytes: 1_000)),
            .presence(
                PresenceUpdate(
                    site: south,
                    incarnation: 4,
                    base: 0,
                    counter: 9,
                    age: .milliseconds(12),
                    entries: entries
                )
            ),
            .presence(
                PresenceUpdate(
                    site: south,
                    incarnation: 4,
                    base: nil,
                    counter: 9,
                    age: .zero,
                    part: 1,
                    parts: 3,
                    entries: []
                )
            ),
            .presenceDelta(
                PresenceDelta(site: nil, incarnation: 4, base: 70, counter: 73, entries: Self.deltas(&random))
            ),
            .presenceDelta(
                PresenceDelta(
                    site: south,
                    incarnation: random.next(),
                    base: nil,
                    counter: random.next(),
                    age: .milliseconds(70),
                    part: 2,
                    parts: 3,
                    entries: Self.wholes(&random)
                )
            ),
            .probe(Probe(step: .ask, target: south, number: random.next())),
            .probe(Probe(step: .lost, target: north, number: 0, incarnation: 7)),
            .presenceWant(south),
            .digest(
                PresenceDigest(
                    lines: [.init(site: north, incarnation: 1, counter: 2, age: .seconds(3))],
                    linked: [north, south]
                )
            ),
            .heartbeat(
                Heartbeat(incarnation: 1, reachable: [south], sentAt: 123, echo: nil, echoHeld: .zero)
            ),
            .heartbeat(
                Heartbeat(incarnation: 1, reachable: [], sentAt: -1, echo: 0, echoHeld: .milliseconds(3))
            ),
            .message(SiteMessage(kind: 65_535, fields: map(&random))),
            .refuse(.otherCluster("demo")),
            .refuse(.otherSite("west")),
            .refuse(.noCommonProtocol(min: 2, max: 3)),
            .refuse(.other("no")),
            .unknown,
        ]
    }

    @Test("Every frame reads back as it was written", arguments: Seeds.first(30))
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for frame in try Self.frames(&random) {
            let bytes = FrameCodec.encode(frame)
            #expect(try FrameCodec.decode(bytes) == frame)
            #expect(FrameCodec.encode(frame) == bytes)
        }
    }

    @Test("A frame of a newer kind is not an error")
    func newerKind() throws {
        #expect(try FrameCodec.decode([0xA2, 0x06, 0x02, 0x08, 0x01]) == .unknown)
    }

    @Test(
        "Bodies changed at random never crash the reader, and mean something or are refused",
        arguments: Seeds.first(200)
    )
    func mutated(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for frame in try Self.frames(&random) {
            var bytes = FrameCodec.encode(frame)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.removeSubrange(place...)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
            }
            if let read = try? FrameCodec.decode(bytes) {
                #expect(try FrameCodec.decode(FrameCodec.encode(read)) == read || Self.hasNaN(read))
            }
            _ = try? DocumentDecoder.decode(bytes, id: DocumentID(type: DocumentType(1), key: "x"))
            _ = try? OpCodec.decode(bytes, dot: Dot(origin: Origin(site: Self.site("north"), epoch: 1), sequence: 1))
        }
    }

    /// A changed double can be not a number, which is not equal to itself.
    private static func hasNaN(_ frame: Frame) -> Bool { frame != frame }

    @Test("Bounds of counts are held by the reader")
    func bounds() throws {
        let origin = Origin(site: try Self.site("north"), epoch: 1)
        let bodies = [[UInt8]](repeating: [], count: Limits.opsBatchCountMax + 1)
        let batch = OpsBatch(origin: origin, first: 1, previous: [], bodies: bodies, isCatchUp: false)
        #expect(throws: FrameError.self) { try FrameCodec.decode(FrameCodec.encode(.ops(batch))) }
        let headless = OpsBatch(origin: origin, first: 2, previous: [], bodies: [[1]], isCatchUp: false)
        #expect(throws: FrameError.malformed("chain hash")) {
            try FrameCodec.decode(FrameCodec.encode(.ops(headless)))
        }
        var fields: FieldMap = [:]
        for number in 0...UInt16(Limits.fieldsPerMapMax) { fields[FieldID(number)] = .null }
        #expect(throws: FrameError.self) {
            try FrameCodec.decode(FrameCodec.encode(.message(SiteMessage(kind: 1, fields: fields))))
        }
        let deep = (0..<200).reduce(Value.null) { value, _ in .list([value]) }
        var writer = ByteWriter()
        writer.value(deep)
        var reader = ByteReader(writer.bytes)
        #expect(throws: ByteReader.Damaged.self) { try reader.value() }
    }
}
