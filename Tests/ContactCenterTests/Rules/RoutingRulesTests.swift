import ContactCenter
import Kernel
import Testing

@Suite("Checks of the rules of routing")
struct RoutingRulesTests {
    private let north = SiteID("north")

    private func queue(_ key: String, _ skills: [String] = [], overflow: [String] = []) -> Queue {
        var queue = Queue(id: QueueID(key))
        queue.requiredSkills = SkillSet(skills.compactMap { Skill($0) })
        queue.overflow = overflow.compactMap { OverflowStep($0) }
        return queue
    }

    private func agent(
        _ key: String,
        _ skills: [String],
        tier: AgentTier = .senior,
        isActive: Bool = true
    ) throws -> Agent {
        var site = MemorySite()
        var change = StaffEdit.AgentProfileChange()
        change.name = key.prefix(1).uppercased() + key.dropFirst()
        change.tier = tier
        change.isActive = isActive
        change.skills = SkillSet(skills.compactMap { Skill($0) })
        site.commit([try StaffEdit.put(AgentID(key), change)])
        return try #require(site.only(Schema.agent).flatMap(Agent.init))
    }

    private func check(_ queues: [Queue], _ agents: [Agent], calendars: [Calendar] = []) -> [RoutingFinding] {
        let sites = [north].compactMap { $0 }
        return RoutingRules(queues: queues, calendars: calendars, agents: agents, sites: sites).check()
    }

    @Test("A sound set of rules has no findings")
    func sound() throws {
        let office = Calendar(id: CalendarID("office"), week: [.monday: .always])
        var sales = queue("sales", ["sales:2"], overflow: ["waited:60 queue:billing", "waited:9 sites-first:north"])
        sales.calendar = office.id
        sales.closedAction = .message
        let found = check([sales, queue("billing")], [try agent("anna", ["sales:3"])], calendars: [office])
        #expect(found.isEmpty, "\(found.map(\.message))")
    }

    @Test("A skill that nobody has, and the agent who is nearest to what is asked")
    func unknownSkill() throws {
        let agents = [
            try agent("anna", ["sales:1"]), try agent("bert", ["sales:2", "german:1"]),
            try agent("carl", ["greek:9", "sales:9", "german:9"], isActive: false),
        ]
        let found = check([queue("sales", ["sales:2", "german:2", "greek:1"])], agents)
        #expect(found.map(\.code) == [.unknownSkill, .noFittingAgent])
        #expect(found.first?.names["skill"] == "greek")
        #expect(found.last?.names["agent"] == "Bert")
        #expect(found.last?.names["gaps"] == "german:2, greek:1")
        #expect(found.allSatisfy { !$0.code.isError })
    }

    @Test("Demands that only relaxing makes possible, and a step that asks for more")
    func relaxation() throws {
        var sales = queue("sales", ["sales:5"])
        sales.relaxation = [
            Relaxation(after: .seconds(30), skills: SkillSet([Skill("sales:3")].compactMap { $0 })),
            Relaxation(after: .seconds(60), skills: SkillSet([Skill("greek:1")].compactMap { $0 })),
        ]
        let found = check([sales], [try agent("anna", ["sales:3"])])
        #expect(found.map(\.code) == [.relaxationAsksMore, .fitsOnlyRelaxed])
        #expect(found.first?.field == "relaxation[1].requiredSkills")
        #expect(found.last?.names["seconds"] == "30")
    }

    @Test("No agent of a tier that some contacts need")
    func tiers() throws {
        let found = check([queue("sales")], [try agent("anna", [], tier: .intermediate)])
        #expect(found.map(\.code) == [.noAgentOfTier])
        #expect(found.first?.names["tiers"] == "senior")
        #expect(found.first?.names["severity"] == "critical")
        #expect(check([queue("sales")], []).map(\.code) == [.noAgents])
    }

    @Test("Rings of overflow are named once each, for whoever is part of them")
    func rings() throws {
        let queues = [
            queue("a", overflow: ["waited:1 queue:b"]), queue("b", overflow: ["waited:1 queue:c"]),
            queue("c", overflow: ["waited:1 queue:a"]), queue("d", overflow: ["waited:1 queue:a"]),
            queue("e", overflow: ["noAgents queue:e"]),
        ]
        let rings = check(queues, [try agent("anna", [])]).filter { $0.code == .overflowCycle }
        #expect(rings.map { $0.names["path"] } == ["a → b → c → a", "e → e"])
        let rules = RoutingRules(queues: queues, calendars: [], agents: [], sites: [])
        for key in ["a", "b", "c", "e"] {
            #expect(rules.errors(of: QueueID(key).documentID).map(\.code) == [.overflowCycle])
        }
        #expect(rules.errors(of: QueueID("d").documentID).isEmpty)
    }

    @Test("A second ring that shares a queue with the first is not overlooked")
    func sharedRing() {
        let queues = [
            queue("a", overflow: ["waited:1 queue:b", "waited:2 queue:x"]), queue("b", overflow: ["waited:1 queue:c"]),
            queue("c", overflow: ["waited:1 queue:a"]), queue("x", overflow: ["waited:1 queue:b"]),
        ]
        let rules = RoutingRules(queues: queues, calendars: [], agents: [], sites: [])
        #expect(rules.errors(of: QueueID("x").documentID).map { $0.names["path"] } == ["a → x → b → c → a"])
    }

    @Test("What is named and is not there")
    func references() {
        var sales = queue("sales", overflow: ["waited:9 queue:gone", "waited:9 sites-only:mars,north"])
        sales.closedAction = .queue(QueueID("lost"))
        sales.siteCalendars = ["venus:office", "north:office"].compactMap { SiteCalendar($0) }
        let found = check([sales], []).filter(\.code.isError)
        #expect(
            found.map { "\($0.code) \($0.field)" } == [
                "unknownQueue overflow[0].queue", "unknownSite overflow[1].sites", "unknownQueue closedAction.queue",
                "unknownCalendar siteCalendars[0].calendar", "unknownSite siteCalendars[0].site",
                "unknownCalendar siteCalendars[1].calendar",
            ]
        )
    }

    @Test("Rules for closing times of a queue that never closes, and a calendar that never opens")
    func closing() throws {
        var sales = queue("sales", overflow: ["closed message"])
        let agents = [try agent("anna", [])]
        #expect(check([sales], agents).map(\.code) == [.closingWithoutCalendar])
        let never = Calendar(id: CalendarID("never"))
        sales.calendar = never.id
        #expect(check([sales], agents, calendars: [never]).map(\.code) == [.neverOpen])
    }

    @Test("Hours that overlap are an error with both")
    func overlap() throws {
        let hours = OpeningHours([OpeningInterval("08:00-12:00"), OpeningInterval("11:00-13:00")].compactMap { $0 })
        let office = Calendar(id: CalendarID("office"), week: [.friday: hours])
        let found = check([], [], calendars: [office])
        #expect(found.map(\.code) == [.overlappingHours])
        #expect(found.first?.field == "hours.friday")
        #expect(found.first?.names["second"] == "11:00-13:00")
    }
}
