import ContactCenter
import Kernel
import Testing

@Suite("Rules of queues")
struct QueueRulesTests {
    private let id = QueueID("sales")

    private func skills(_ texts: String...) -> SkillSet { SkillSet(texts.compactMap { Skill($0) }) }

    @Test("All fields of a queue come back as they were written, and go back to their defaults")
    func roundTrip() throws {
        var site = MemorySite()
        let north = try #require(SiteID("north"))
        var change = QueueChange()
        change.relaxation = [
            Relaxation(after: .seconds(60), skills: .none, tiers: .consultant ... .senior),
            Relaxation(after: .seconds(30), skills: skills("sales:1")),
        ]
        change.tiers = TierTable("*/gold=senior")
        change.serviceLevelPercent = 80
        change.shortAbandonSeconds = 5
        change.costs = [.chat: 25, .email: 10]
        change.maxWaiting = 40
        let steps = [
            "waited:60 queue:billing", "estimate:300 callback", "waiting:20 sites-first:north", "noAgents message",
            "closed hangUp:closed", "waited:90 sites-only:north",
        ].compactMap { OverflowStep($0) }
        change.overflow = steps
        change.calendar = CalendarID("office")
        change.siteCalendars = [SiteCalendar(site: north, calendar: CalendarID("north-office"))]
        change.closedAction = .message
        site.commit([try change.put(id)])
        let document = try #require(site.only(Schema.queue))
        let queue = try #require(Queue(document))
        #expect(queue.relaxation.map(\.seconds) == [30, 60])
        #expect(queue.relaxation.last?.tiers == .consultant ... .senior)
        #expect(queue.tiers == TierTable("*/gold=senior"))
        #expect(queue.serviceLevelPercent == 80)
        #expect(queue.shortAbandonSeconds == 5)
        #expect(queue.costs == [.chat: 25, .email: 10])
        #expect(queue.maxWaiting == 40)
        #expect(steps.count == 6)
        #expect(queue.overflow == steps)
        #expect(queue.calendar(at: north)?.key == "north-office")
        #expect(queue.calendar(at: SiteID("east"))?.key == "office")
        #expect(queue.closedAction == .message)
        #expect(try change.put(id, over: document).changes.isEmpty)
        var clear = QueueChange()
        clear.cleared = [QueueField.calendar, QueueField.maxWaiting, QueueField.closedAction, QueueField.tiers]
        clear.overflow = []
        site.commit([try clear.put(id, over: document)])
        let cleared = try #require(site.only(Schema.queue).flatMap(Queue.init))
        #expect(cleared.calendar == nil && cleared.maxWaiting == nil && cleared.closedAction == nil)
        #expect(cleared.tiers == .standard && cleared.overflow.isEmpty)
        #expect(cleared.serviceLevelPercent == 80)
    }

    @Test(
        "A stored step that is not understood is left out",
        arguments: [
            "", "waited:60", "waited:-1 callback", "waited:99999999999999999999 callback", "waited:60 teleport",
            "noAgents:3 callback", "waited:60 sites-first:", "closed hangUp:tune", "waited:60 queue:", "a b c",
            "waiting:0 callback", "estimate:0 callback",
        ]
    )
    func unknownSteps(text: String) { #expect(OverflowStep(text) == nil) }

    @Test(
        "Steps that cannot be are refused with their place",
        arguments: [
            (["waited:60 message", "waited:60 callback"], "overflow[1]"),
            (["waited:60 sites-first:north", "waited:60 sites-only:east,east"], "overflow[1].sites"),
            (Array(repeating: "waited:60 callback", count: 17), "overflow"),
        ]
    )
    func refusedSteps(texts: [String], field: String) {
        var change = QueueChange()
        change.overflow = texts.compactMap { OverflowStep($0) }
        #expect(change.overflow?.count == texts.count)
        #expect(#expect(throws: EditRejection.self) { try change.put(id) }?.field == field)
    }

    @Test("A step that leaves the contact in the queue may be followed by another under the same condition")
    func followingSteps() throws {
        var change = QueueChange()
        change.overflow = ["waited:60 callback", "waited:60 message"].compactMap { OverflowStep($0) }
        #expect(try change.put(id).changes.count == 1)
    }

    @Test(
        "No capacity, or more than there is, is refused",
        arguments: [(0, "chatCost"), (101, "chatCost"), (-1, "chatCost"), (Int64.max, "chatCost")]
    )
    func costs(value: Int64, field: String) {
        var change = QueueChange()
        change.costs = [.chat: value]
        #expect(#expect(throws: EditRejection.self) { try change.put(id) }?.field == field)
    }

    @Test("Relaxation at one time twice, or at none, is refused")
    func relaxation() {
        var change = QueueChange()
        change.relaxation = [
            Relaxation(after: .seconds(60), skills: .none), Relaxation(after: .seconds(60), skills: .none),
        ]
        #expect(#expect(throws: EditRejection.self) { try change.put(id) }?.field == "relaxation")
        change.relaxation = [Relaxation(after: .zero, skills: .none)]
        #expect(
            #expect(throws: EditRejection.self) { try change.put(id) }?.field == "relaxation[0].afterSeconds"
        )
    }
}
