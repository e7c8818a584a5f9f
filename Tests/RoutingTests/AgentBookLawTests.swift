import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

/// Drives a book with whatever comes, legal or not, and notes what it grants and tells.
struct BookWalk {
    let agents = ["ann", "bob", "cleo", "dan"].map { AgentID($0) }
    var book = AgentBook(site: Fixture.north)
    var random: SeededRandom
    var now: Int64 = 0
    /// Every reservation ever granted.
    var granted: [Reservation] = []
    /// Every event ever told.
    var events: [AgentEvent] = []

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func step() {
        now += Int64.random(in: 0...20_000, using: &random)
        let moment = Fixture.at(now)
        let agent = agents[Int.random(in: 0..<agents.count, using: &random)]
        switch Int.random(in: 0..<30, using: &random) {
        case 0, 12, 13, 14:
            note { book in try book.signIn(Fixture.profile(agent.key), phoneRegistered: true, at: moment) }
        case 1: note { book in try book.signOut(agent, at: moment) }
        case 2: note { book in try book.setNotReady(agent, reason: "break", at: moment) }
        case 3, 4, 15, 16, 17: note { book in try book.setReady(agent, at: moment) }
        case 5:
            let isRegistered = Int.random(in: 0..<4, using: &random) > 0
            note { book in book.phone(of: agent, isRegistered: isRegistered, at: moment) }
        case 6: note { book in try book.finishWrapUp(agent, at: moment) }
        case 7: note { book in try book.extendWrapUp(agent, at: moment) }
        case 8: note { book in book.expire(at: moment) }
        case 9:
            // Rarely above the login here: the login was granted at the time that it names.
            guard Int.random(in: 0..<4, using: &random) == 0 else { return }
            let epoch = UInt64(clamping: moment.wall.milliseconds) + UInt64.random(in: 0...3, using: &random)
            let fence = LoginFence(epoch: epoch, site: Fixture.south)
            note { book in book.seenElsewhere(agent, fence: fence, at: moment) }
        case 10, 11, 18, 19, 20, 21, 22: reserve(agent, moment)
        default:
            guard !granted.isEmpty else { return }
            let back = Int.random(in: 0..<min(8, granted.count), using: &random)
            let order = AgentOrder.allCases[Int.random(in: 0..<AgentOrder.allCases.count, using: &random)]
            let reservation = granted[granted.count - 1 - back]
            note { book in try book.follow(order, of: reservation, at: moment) }
        }
    }

    /// Any channel, mostly chats, at costs from nothing to too much.
    private mutating func reserve(_ agent: AgentID, _ moment: Moment) {
        let channels: [Channel] = [.chat, .chat, .chat, .email, .voice, .callback]
        let offer = ContactOffer(
            contact: ContactID(
                site: Fixture.north,
                incarnation: 1,
                counter: UInt64.random(in: 0..<12, using: &random)
            ),
            queue: QueueID("sales"),
            channel: channels[Int.random(in: 0..<channels.count, using: &random)],
            cost: [nil, nil, nil, 1, 35, 60, 1_000, -5][Int.random(in: 0..<8, using: &random)],
            ringTime: .seconds(15),
            wrapUp: .seconds([0, 30][Int.random(in: 0..<2, using: &random)])
        )
        let fence = book.view(of: agent)?.fence ?? LoginFence(epoch: 1, site: Fixture.north)
        guard let grant = try? book.reserve(agent, fence: fence, for: offer, at: moment) else { return }
        if !grant.events.isEmpty { granted.append(grant.reservation) }
        events += grant.events
    }

    private mutating func note(_ change: (inout AgentBook) throws -> [AgentEvent]) {
        if let told = try? change(&book) { events += told }
    }
}

@Suite("Agent book: laws")
struct AgentBookLawTests {
    @Test("Capacity, one spoken contact for each agent, one agent for each contact", arguments: Seeds.first(60))
    func capacity(seed: UInt64) {
        var walk = BookWalk(seed: seed)
        var most = 0
        for _ in 0..<600 {
            walk.step()
            var contacts: Set<ContactID> = []
            for view in walk.book.views {
                let hand = walk.book.engagements(of: view.agent)
                most = max(most, hand.count)
                #expect(hand.reduce(0) { $0 + $1.cost } == view.occupied)
                #expect(view.occupied <= Channel.fullCapacity)
                #expect(hand.count <= Limits.agentContactsMax)
                #expect(hand.allSatisfy { $0.cost >= 1 && $0.reservation.fence == view.fence })
                #expect(hand.count(where: \.channel.isSpoken) <= 1, "two spoken contacts")
                #expect(hand.isEmpty != view.state.kind.isBusy)
                #expect(view.contact == walk.book.reservation(of: view.agent)?.contact)
                #expect(!view.isOpen || view.occupied < Channel.fullCapacity)
                for engagement in hand where engagement.phase != .wrapUp {
                    #expect(contacts.insert(engagement.contact).inserted, "a contact with two agents")
                    #expect(walk.book.agent(of: engagement.contact) == view.agent)
                }
            }
        }
        #expect(walk.granted.count > 10)
        #expect(most > 1)
    }

    @Test("Every contact in hand has an expiry, and the expiries alone end all of them", arguments: Seeds.first(60))
    func nothingIsStuck(seed: UInt64) throws {
        var walk = BookWalk(seed: seed)
        for _ in 0..<300 {
            walk.step()
            for view in walk.book.views {
                let needsExpiry = view.state.kind.isBusy || view.state == .notResponding
                #expect((walk.book.stateExpiry(of: view.agent) != nil) == needsExpiry)
                let next = walk.book.nextDeadline
                for engagement in walk.book.engagements(of: view.agent) {
                    #expect(next.map { $0 <= engagement.deadline } == true, "a deadline that nobody waits for")
                }
            }
        }
        // Nobody says anything any more: time alone must free everyone.
        for _ in 0..<120 {
            guard walk.book.views.contains(where: { $0.state.kind.isBusy || $0.state == .notResponding }) else { break }
            let next = try #require(walk.book.nextDeadline)
            walk.now = max(walk.now, next.milliseconds)
            _ = walk.book.expire(at: Fixture.at(walk.now))
        }
        #expect(walk.book.views.allSatisfy { !$0.state.kind.isBusy && $0.state != .notResponding })
        #expect(walk.book.views.allSatisfy { walk.book.engagements(of: $0.agent).isEmpty && $0.occupied == 0 })
    }

    @Test("Events tell each contact's way without a gap, and each promise ends once", arguments: Seeds.first(40))
    func eventsAreComplete(seed: UInt64) {
        var walk = BookWalk(seed: seed)
        for _ in 0..<500 { walk.step() }
        // Once for the conversations, once for the paperwork after them.
        for _ in 0..<3 {
            walk.now += 30 * 3_600_000
            walk.events += walk.book.expire(at: Fixture.at(walk.now))
        }
        var phases: [Reservation: EngagementPhase] = [:]
        var ended: Set<Reservation> = []
        var states: [AgentID: AgentState] = [:]
        for event in walk.events {
            if event.from != .loggedOut { #expect(states[event.agent] == event.from) }
            states[event.agent] = event.to
            guard let reservation = event.reservation else { continue }
            #expect(!ended.contains(reservation), "something after the end")
            #expect(phases[reservation] == event.before)
            phases[reservation] = event.after
            if event.after == nil { ended.insert(reservation) }
        }
        #expect(Set(walk.granted) == ended)
        #expect(phases.isEmpty)
    }

    @Test("A view that changed has a higher version and is told of", arguments: Seeds.first(30))
    func versions(seed: UInt64) {
        var walk = BookWalk(seed: seed)
        var known: [AgentID: AgentView] = [:]
        for _ in 0..<400 {
            walk.step()
            let changed = Set(walk.book.takeChanged())
            for agent in walk.agents {
                let view = walk.book.view(of: agent)
                let before = known[agent]
                if view != before { #expect(changed.contains(agent)) }
                if let view, let before, view != before, view.fence == before.fence {
                    #expect(view.version > before.version)
                }
                known[agent] = view
            }
        }
    }

    @Test("Orders that do not fit the state are refused and change nothing")
    func illegalOrders() throws {
        let fitting: [AgentState: Set<AgentOrder>] = [
            .reserved: [.ringing, .taken, .answered, .ended, .noAnswer, .declined, .withdrawn],
            .ringing: [.taken, .answered, .ended, .noAnswer, .declined, .withdrawn],
            .talking: [.held, .ended],
            .held: [.resumed, .ended],
            .wrapUp: [],
        ]
        let way: [AgentState: [AgentOrder]] = [
            .reserved: [], .ringing: [.ringing], .talking: [.answered], .held: [.answered, .held],
            .wrapUp: [.answered, .ended],
        ]
        for (state, orders) in way {
            for order in AgentOrder.allCases {
                var one = try OneAgentBook()
                let reservation = try one.reserve(1, at: 0)
                for step in orders { _ = try one.book.follow(step, of: reservation, at: Fixture.at(10)) }
                #expect(one.state == state)
                if fitting[state]?.contains(order) == true {
                    #expect(try !one.book.follow(order, of: reservation, at: Fixture.at(20)).isEmpty)
                } else {
                    #expect(throws: AgentRefusal.wrongState(state.kind)) {
                        try one.book.follow(order, of: reservation, at: Fixture.at(20))
                    }
                    #expect(one.state == state)
                }
            }
        }
    }
}
