import ContactCenter
import Kernel
import Testing

@Suite("What queues say of announcements and recordings")
struct LinePolicyTests {
    private let id = QueueID("sales")

    @Test("All fields come back as they were written, and go back to their defaults")
    func roundTrip() throws {
        var site = MemorySite()
        var change = QueueChange()
        change.announcements = .answered
        change.language = .traditionalChinese
        change.musicOnHold = true
        change.announceEverySeconds = 60
        change.recording = .share(20)
        change.recordingNotice = false
        site.commit([try change.put(id)])
        let document = try #require(site.only(Schema.queue))
        let queue = try #require(Queue(document))
        #expect(queue.announcements == .answered && queue.language == .traditionalChinese)
        #expect(queue.musicOnHold == true && queue.announceEverySeconds == 60)
        #expect(queue.recording == .share(20) && queue.recordingNotice == false)
        #expect(try change.put(id, over: document).changes.isEmpty)
        var clear = QueueChange()
        clear.cleared = [QueueField.announcements, QueueField.recording, QueueField.announceEverySeconds]
        site.commit([try clear.put(id, over: document)])
        let cleared = try #require(site.only(Schema.queue).flatMap(Queue.init))
        #expect(cleared.announcements == nil && cleared.recording == nil && cleared.announceEverySeconds == nil)
        #expect(cleared.recordingNotice == false)
    }

    @Test("Where an agent answers is the phone unless her profile says otherwise")
    func answersOn() throws {
        var site = MemorySite()
        var change = StaffEdit.AgentProfileChange()
        change.name = "Anna"
        site.commit([try StaffEdit.put(AgentID("anna"), change)])
        #expect(site.only(Schema.agent).flatMap(Agent.init)?.answersOn == .phone)
        change.answersOn = .page
        site.commit([try StaffEdit.put(AgentID("anna"), change)])
        #expect(site.only(Schema.agent).flatMap(Agent.init)?.answersOn == .page)
    }

    @Test("Intervals and shares out of bounds are refused")
    func bounds() {
        for seconds in [14, 601, Int64.min, .max] {
            var change = QueueChange()
            change.announceEverySeconds = seconds
            #expect(#expect(throws: EditRejection.self) { try change.put(id) }?.field == "announceEverySeconds")
        }
        for percent in [0, 100, -1, Int.max] {
            var change = QueueChange()
            change.recording = .share(percent)
            #expect(#expect(throws: EditRejection.self) { try change.put(id) }?.field == "recording")
        }
    }

    @Test("Absurd values of another site are brought into range or left out")
    func hostile() throws {
        for value in [Value.int(.max), .int(.min), .string("share:999"), .bool(true), .list([])] {
            var site = MemorySite()
            let fields = (UInt16(22)...27).map { FieldID($0) }
            site.commit([
                DocumentEdit(.id(id.documentID, mustExist: false), fields.map { .set($0, value, seen: nil) })
            ])
            let queue = try #require(site.only(Schema.queue).flatMap(Queue.init))
            #expect(queue.recording == nil && queue.announcements == nil && queue.language == nil)
            #expect(queue.announceEverySeconds.map { (15...600).contains($0) } ?? true)
        }
    }

    @Test("A recording's share is stored and drawn as stated")
    func share() {
        for policy in [RecordingPolicy.off, .always, .share(1), .share(99)] {
            #expect(RecordingPolicy(policy.description) == policy)
        }
        for text in ["", "share", "share:", "share:0", "share:100", "share:1:2", "Always", "off:1"] {
            #expect(RecordingPolicy(text) == nil)
        }
        #expect((UInt64(0)..<100).count { RecordingPolicy.share(20).includes(draw: $0) } == 20)
        #expect((UInt64(0)..<100).allSatisfy { RecordingPolicy.always.includes(draw: $0) })
        #expect(!RecordingPolicy.off.includes(draw: 0))
    }

    @Test(
        "A language tag finds the language that is spoken",
        arguments: [
            ("en-GB", SpokenLanguage?.some(.english)), ("zh-Hant-HK", .traditionalChinese),
            ("zh_TW", .traditionalChinese),
            ("zh", .simplifiedChinese), ("zh-CN", .simplifiedChinese), ("yue-HK", .traditionalChinese), ("de", nil),
            ("", nil),
        ]
    )
    func tags(tag: String, language: SpokenLanguage?) { #expect(SpokenLanguage(tag: tag) == language) }

    @Test("Combinations that make no sense are told of, and refuse nothing")
    func findings() {
        func codes(_ set: (inout Queue) -> Void) -> [RoutingFinding.Code] {
            var queue = Queue(id: id)
            set(&queue)
            let rules = RoutingRules(queues: [queue], calendars: [], agents: [], sites: [])
            #expect(rules.errors(of: id.documentID).isEmpty)
            #expect(rules.warnings(of: id.documentID).allSatisfy { !$0.code.isError })
            return rules.check().map(\.code).filter { $0 != .noAgents }
        }
        #expect(codes { _ in } == [])
        #expect(codes { $0.announceEverySeconds = 60 } == [.announcesNothing])
        #expect(codes { $0.recording = .always } == [.recordingUntold])
        #expect(
            codes {
                $0.recording = .always
                $0.announcements = .early
            } == []
        )
        #expect(
            codes {
                $0.recording = .share(5)
                $0.announcements = .early
                $0.recordingNotice = false
            } == [.recordingUntold]
        )
        #expect(codes { $0.recordingNotice = true } == [.noticeWithoutRecording])
    }
}
