import ContactCenter
import Kernel
import Replication
import Routing
import SiteCore
import TestKit
import Testing

/// Two sites, three agents and many chats; everything that can happen happens in any order.
struct TextWalk {
    var sites: TwoSites
    var random: SeededRandom
    let agents = [TwoSites.anna, TwoSites.sue, TwoSites.moe]
    var opened: [ContactID] = []
    var openings: Set<CommandToken> = []

    init(seed: UInt64, strategy: RoutingStrategy = .leastHandlingTime) throws {
        random = SeededRandom(seed: seed)
        sites = try TwoSites()
        let rule = FieldChange.set(QueueField.strategy, .string(strategy.rawValue), seen: nil)
        if strategy != .leastHandlingTime { try sites.put(TwoSites.support.documentID, [rule]) }
    }

    private mutating func luck(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    mutating func step() throws {
        let place = luck(2)
        let agent = agents[luck(3)]
        switch luck(22) {
        case 0, 1, 2, 3:
            let channels: [Channel] = [.chat, .chat, .email, .portal, .callback]
            let opening = ContactOpening(channels[luck(5)], queue: TwoSites.support)
            openings.insert(sites.ask(place, .openContact(opening)))
        case 4, 5: sites.desk(place, agent, .signIn)
        case 6: if luck(3) == 0 { sites.desk(place, agent, .signOut) }
        case 7, 8: sites.desk(place, agent, .ready)
        case 9: sites.desk(place, agent, .notReady(reason: "tea"))
        case 10, 11, 12, 13, 14: atDesk(place, agent)
        case 15: if luck(2) == 0 { sites.cut() }
        case 16: sites.mend()
        case 17: if luck(8) == 0 { try sites.crash(place) }
        case 18:
            let live = sites.nodes[place].machine.liveContacts
            guard !live.isEmpty else { return }
            sites.ask(place, .closeContact(live[luck(live.count)], by: .customer, reason: "left"))
        case 19: sites.pass(.milliseconds(Int64(luck(4_000))))
        case 20: sites.pass(.milliseconds(Int64(luck(luck(4) == 0 ? 130_000 : 20_000))))
        default: try sites.flush(place)
        }
        for _ in 0..<luck(12) { _ = sites.carry(from: luck(2)) }
        if luck(3) == 0 { try sites.flush(luck(2)) }
    }

    mutating func atDesk(_ place: Int, _ agent: AgentID) {
        let contacts = sites.onDesk(place, agent)
        guard !contacts.isEmpty else { return }
        let contact = contacts[luck(contacts.count)].id
        switch luck(10) {
        case 0: sites.desk(place, agent, .decline(contact))
        case 1, 2: sites.desk(place, agent, .finish(contact))
        case 3: sites.desk(place, agent, .finishWrapUpOf(contact))
        case 4: sites.desk(place, agent, .extendWrapUpOf(contact))
        default: sites.desk(place, agent, .accept(contact))
        }
    }

    /// Who works on each contact, over all desks.
    var talks: [ContactID: [AgentID]] {
        var talks: [ContactID: [AgentID]] = [:]
        for node in sites.nodes {
            for promise in node.machine.promises where promise.state == .talking {
                talks[promise.contact, default: []].append(promise.agent)
            }
        }
        return talks
    }

    /// All is well again, everybody works, until nothing is left; false when something never ends.
    mutating func finish() throws -> Bool {
        sites.mend()
        for _ in 0..<400 {
            try sites.run(.seconds(1))
            if sites.nodes.allSatisfy({ $0.machine.unfinished.isEmpty }) { return true }
            for (number, agent) in agents.enumerated() {
                let place = number % 2
                if sites.agentState(place, agent) == nil { sites.desk(place, agent, .signIn) }
                sites.desk(place, agent, .ready)
                for contact in sites.onDesk(place, agent) {
                    switch contact.state {
                    case .offered: sites.desk(place, agent, .accept(contact.id))
                    case .talking: sites.desk(place, agent, .finish(contact.id))
                    default: sites.desk(place, agent, .finishWrapUpOf(contact.id))
                    }
                }
            }
        }
        return false
    }
}

@Suite("Text contacts: laws")
struct TextContactLawTests {
    @Test("Capacity holds, an agreed contact has one agent, and every contact ends once", arguments: Seeds.first(25))
    func everythingEnds(seed: UInt64) throws {
        try check(TextWalk(seed: seed))
    }

    @Test("The same holds for a queue that rings all desks", arguments: Seeds.first(25))
    func everythingEndsOnAllDesks(seed: UInt64) throws {
        try check(TextWalk(seed: seed, strategy: .ringAll))
    }

    private func check(_ begun: TextWalk) throws {
        var walk = begun
        for round in 0..<250 {
            try walk.step()
            for node in walk.sites.nodes {
                var taken: [AgentID: Int] = [:]
                for promise in node.machine.promises { taken[promise.agent, default: 0] += promise.cost }
                #expect(taken.values.allSatisfy { $0 <= Channel.fullCapacity })
            }
            guard round % 10 == 0, walk.sites.isLinked else { continue }
            // Seen at rest with the link up: both sides agree on who has what.
            try walk.sites.settle()
            for (contact, agents) in walk.talks {
                #expect(agents.count == 1, "\(contact) is with \(agents)")
                let home = contact.site?.name == TwoSites.names[0] ? 0 : 1
                let row = walk.sites.row(contact, at: home)
                #expect(row?.agent == agents.first, "\(contact) is with \(agents), its site says \(row as Any)")
            }
        }
        #expect(try walk.finish(), "\(walk.sites.nodes.map(\.machine.unfinished))")
        let records = walk.sites.nodes[0].storage.documents.values.compactMap { ContactRecord($0) }
        #expect(records.count > 10)
        for record in records {
            #expect(record.endedAt != nil && record.outcome != nil, "\(record.id) never ended")
            #expect((record.outcome == .answered) == (record.answeredAt != nil))
        }
        #expect(walk.sites.alarms.isEmpty)
    }
}
