import ContactCenter
import Kernel
import Replication
import SiteCore
import Testing

@Suite("Recordings of another site in the core")
struct RecordingTests {
    /// The north has a recording; somebody in the south listens.
    private struct Rig {
        var sites: TwoSites
        var sound = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
        var isKept = true
        /// What the north's audit trail says.
        var heard: [String] = []
        let north: SiteID
        let place = RecordingPlace(ContactID("north-1-1"), "1-00000000000000aa")

        init() throws {
            sites = try TwoSites()
            north = try #require(SiteID("north"))
        }

        /// Lets the frames arrive and the north's disk answer, until nothing is left to do.
        mutating func settle() throws {
            try sites.settle()
            while !sites.nodes[0].recordings.isEmpty {
                let job = sites.nodes[0].recordings.removeFirst()
                let result = perform(job.task)
                sites.tell(0, .recordingDone(job.number, result))
                try sites.settle()
            }
        }

        private mutating func perform(_ task: RecordingTask) -> RecordingResult {
            guard isKept else { return .refused(.notKept) }
            switch task {
            case .look(let wanted, let listener, let peer):
                if let listener { heard.append("\(listener) \(wanted.file) \(peer)") }
                return .found(RecordingFacts(size: sound.count, milliseconds: 9_375, peaks: [0, 255]))
            case .read(_, let offset, let length):
                return .bytes(Array(sound.dropFirst(offset).prefix(length)))
            }
        }

        mutating func want(_ wish: RecordingWish) -> CommandToken {
            sites.ask(1, .recording(wish, patience: Limits.recordingAnswerMax))
        }

        mutating func ask(_ wish: RecordingWish) throws -> RecordingReply? {
            let token = want(wish)
            try settle()
            return reply(token)
        }

        func reply(_ token: CommandToken) -> RecordingReply? {
            guard case .recording(let reply)? = sites.replies[token] else { return nil }
            return reply
        }

        mutating func open() throws -> UInt64 {
            guard case .found(_, let grant)? = try ask(.look(north, place, listener: "sue")) else { return 0 }
            return grant
        }

        mutating func read(_ grant: UInt64, _ offset: Int = 0) throws -> RecordingReply? {
            try ask(.read(north, grant: grant, offset: offset, length: Limits.recordingPartBytesMax))
        }
    }

    @Test("It is opened for somebody, which its site notes, and read to the last byte")
    func heard() throws {
        var rig = try Rig()
        let reply = try rig.ask(.look(rig.north, rig.place, listener: "sue"))
        guard case .found(let facts, let grant)? = reply else {
            Issue.record("not found: \(String(describing: reply))")
            return
        }
        #expect(facts == RecordingFacts(size: 300_000, milliseconds: 9_375, peaks: [0, 255]))
        #expect(rig.heard == ["sue 1-00000000000000aa south"])
        var got: [UInt8] = []
        while got.count < facts.size, case .part(let bytes)? = try rig.read(grant, got.count) { got += bytes }
        #expect(got == rig.sound)
        #expect(rig.heard.count == 1)
        #expect(try rig.read(grant, rig.sound.count) == .refused(.unreadable), "beyond the end")
    }

    @Test("What was only looked at is not read, and noted as heard by nobody")
    func looked() throws {
        var rig = try Rig()
        guard case .found(_, let grant)? = try rig.ask(.look(rig.north, rig.place, listener: nil)) else {
            Issue.record("not found")
            return
        }
        #expect(grant == 0 && rig.heard.isEmpty)
        for guess in [0, 1, UInt64.max] { #expect(try rig.read(guess) == .refused(.notOpen)) }
    }

    @Test("What its site has removed is heard nowhere any more, also by who has it open")
    func removed() throws {
        var rig = try Rig()
        let grant = try rig.open()
        rig.isKept = false
        #expect(try rig.read(grant) == .refused(.notKept))
        #expect(try rig.ask(.look(rig.north, rig.place, listener: "sue")) == .refused(.notKept))
    }

    @Test("A site that cannot be reached is said to be away since it was heard last, and a retry works with the link")
    func away() throws {
        var rig = try Rig()
        let grant = try rig.open()
        let waiting = rig.want(.read(rig.north, grant: grant, offset: 0, length: 1_000))
        rig.sites.cut()
        guard case .away(let since?)? = rig.reply(waiting) else {
            Issue.record("waits on: \(String(describing: rig.reply(waiting)))")
            return
        }
        #expect(rig.sites.now.wall - since <= .seconds(5) && rig.sites.now.wall >= since)
        try rig.sites.run(.minutes(1))
        #expect(try rig.read(grant) == .away(since: since))
        rig.sites.mend()
        try rig.sites.run(.seconds(1))
        #expect(try rig.read(grant) == .part(Array(rig.sound.prefix(Limits.recordingPartBytesMax))))
    }

    @Test("A site that is silent is not waited for longer than the bound, and its late answer is nobody's")
    func late() throws {
        var rig = try Rig()
        let token = rig.want(.look(rig.north, rig.place, listener: "sue"))
        try rig.sites.run(Limits.recordingAnswerMax)
        #expect(rig.reply(token) == .late)
        let next = rig.want(.look(rig.north, RecordingPlace(rig.place.contact, "other"), listener: nil))
        try rig.settle()
        #expect(rig.reply(token) == .late)
        guard case .found(_, 0)? = rig.reply(next) else {
            Issue.record("another question's answer: \(String(describing: rig.reply(next)))")
            return
        }
    }

    @Test("Neither site's new life takes a grant or an answer of an old one", arguments: [0, 1])
    func restarted(site: Int) throws {
        var rig = try Rig()
        let old = try rig.open()
        // The north still works on a question when the link goes.
        _ = rig.want(.read(rig.north, grant: old, offset: 0, length: 1_000))
        try rig.sites.settle()
        let job = try #require(rig.sites.nodes[0].recordings.first)
        try rig.sites.crash(site)
        try rig.sites.run(.seconds(2))
        let token = rig.want(.look(rig.north, rig.place, listener: "max"))
        try rig.sites.settle()
        let look = rig.sites.nodes[0].recordings.last
        if site == 1 { rig.sites.tell(0, .recordingDone(job.number, .bytes([1, 2, 3]))) }
        try rig.sites.settle()
        #expect(rig.reply(token) == nil)
        rig.sites.nodes[0].recordings = [try #require(look)]
        try rig.settle()
        guard case .found(_, let new)? = rig.reply(token) else {
            Issue.record("not opened again: \(String(describing: rig.reply(token)))")
            return
        }
        #expect(new != old)
        if site == 0 { #expect(try rig.read(old) == .refused(.notOpen)) }
        guard case .part? = try rig.read(new) else {
            Issue.record("not read")
            return
        }
    }

    @Test("So many wishes wait, so many are under way, and more are refused")
    func bounds() throws {
        var rig = try Rig()
        let wish = RecordingWish.look(rig.north, rig.place, listener: nil)
        let tokens = (0..<Limits.recordingQuestionsMax).map { _ in rig.want(wish) }
        let tooMany = rig.want(wish)
        #expect(rig.reply(tooMany) == .refused(.busy))
        let sent = rig.sites.wires[1].count {
            if case .recording = $0 { true } else { false }
        }
        #expect(sent == Limits.recordingFlightsPerPeerMax)
        try rig.settle()
        for token in tokens {
            guard case .found? = rig.reply(token) else {
                Issue.record("a wish was forgotten")
                return
            }
        }
    }

    @Test("A site that asks for too much at once is refused, and nobody's recording is open for ever")
    func serving() throws {
        var rig = try Rig()
        let grant = try rig.open()
        // Not by the exchange of the south, which asks for four at once only.
        for request in 0..<20 as Range<UInt64> {
            let message = RecordingMessage.read(request + 1_000, grant: grant, offset: 0, length: 10)
            rig.sites.tell(0, .frame(.recording(RecordingCodec.encode(message)), from: try #require(SiteID("south"))))
        }
        #expect(rig.sites.nodes[0].recordings.count == Limits.recordingServesPerPeerMax)
        try rig.settle()
        guard case .part? = try rig.read(grant) else {
            Issue.record("not open any more")
            return
        }
        try rig.sites.run(Limits.recordingOpenMax + .seconds(1))
        #expect(try rig.read(grant) == .refused(.notOpen))
    }

    @Test("Of too many that are open at once the one unused longest is shut")
    func shut() throws {
        var rig = try Rig()
        let first = try rig.open()
        try rig.sites.run(.seconds(1))
        for _ in 0..<Limits.recordingsOpenPerPeerMax { _ = try rig.open() }
        #expect(try rig.read(first) == .refused(.notOpen))
        #expect(rig.heard.count == 1 + Limits.recordingsOpenPerPeerMax)
    }

    @Test("A message that makes no sense ends the link and is told")
    func malformed() throws {
        var rig = try Rig()
        let south = try #require(SiteID("south"))
        rig.sites.tell(0, .frame(.recording([3, 1]), from: south))
        #expect(rig.sites.alarms.map(\.event) == ["recording.malformed"])
        #expect(rig.sites.nodes[0].closed == [south])
        rig.sites.tell(0, .frame(.recording([200, 1, 2]), from: south))
        #expect(rig.sites.alarms.count == 1, "a kind of a newer node is ignored")
    }
}
