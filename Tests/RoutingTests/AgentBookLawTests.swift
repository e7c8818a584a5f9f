import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

/// Drives a book with whatever comes, legal or not, and checks after each step what must always hold.
struct BookWalk {
    let agents = ["ann", "bob", "cleo", "dan"].map { AgentID($0) }
    var book = AgentBook(site: Fixture.north)
    var random: SeededRandom
    var now: Int64 = 0
    /// Every reservation ever granted.
    var granted: [Reservation] = []

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func step() {
        now += Int64.random(in: 0...20_000, using: &random)
        let moment = Fixture.at(now)
        let agent = agents[Int.random(in: 0..<agents.count, using: &random)]
        switch Int.random(in: 0..<24, using: &random) {
        case 0, 12, 13, 14: _ = try? book.signIn(Fixture.profile(agent.key), phoneRegistered: true, at: moment)
        case 1: _ = try? book.signOut(agent, at: moment)
        case 2: _ = try? book.setNotReady(agent, reason: "break", at: moment)
        case 3, 4, 15, 16, 17: _ = try? book.setReady(agent, at: moment)
        case 5: _ = book.phone(of: agent, isRegistered: Int.random(in: 0..<4, using: &random) > 0, at: moment)
        case 6: _ = try? book.finishWrapUp(agent, at: moment)
        case 7: _ = try? book.extendWrapUp(agent, at: moment)
        case 8: _ = book.expire(at: moment)
        case 9:
            // Rarely above the login here: the login was granted at the time that it names.
            guard Int.random(in: 0..<4, using: &random) == 0 else { return }
            let epoch = UInt64(clamping: moment.wall.milliseconds) + UInt64.random(in: 0...3, using: &random)
            _ = book.seenElsewhere(agent, fence: LoginFence(epoch: epoch, site: Fixture.south), at: moment)
        case 10, 11, 18, 19:
            let fence = book.view(of: agent)?.fence ?? LoginFence(epoch: 1, site: Fixture.north)
            let offer = Fixture.offer(UInt64.random(in: 0..<6, using: &random))
            if let grant = try? book.reserve(agent, fence: fence, for: offer, at: moment) {
                granted.append(grant.reservation)
            }
        default:
            guard !granted.isEmpty else { return }
            let back = Int.random(in: 0..<min(4, granted.count), using: &random)
            let order = AgentOrder.allCases[Int.random(in: 0..<AgentOrder.allCases.count, using: &random)]
            _ = try? book.follow(order, of: granted[granted.count - 1 - back], at: moment)
        }
    }
}

@Suite("Agent book: laws")
struct AgentBookLawTests {
    @Test("At most one live reservation for each agent and each contact, whatever comes", arguments: Seeds.first(60))
    func oneReservation(seed: UInt64) {
        var walk = BookWalk(seed: seed)
        for _ in 0..<600 {
            walk.step()
            var contacts: Set<ContactID> = []
            for view in walk.book.views {
                let live = walk.book.reservation(of: view.agent)
                #expect((live != nil) == view.state.kind.isBusy, "\(view.state) with \(String(describing: live))")
                #expect(live?.fence == nil || live?.fence == view.fence)
                guard let live, view.state != .wrapUp else { continue }
                #expect(contacts.insert(live.contact).inserted, "a contact with two agents")
                #expect(walk.book.agent(of: live.contact) == view.agent)
            }
        }
        #expect(walk.granted.count > 10)
    }

    @Test("Every busy state has an expiry, and the expiries alone end all of them", arguments: Seeds.first(60))
    func nothingIsStuck(seed: UInt64) throws {
        var walk = BookWalk(seed: seed)
        for _ in 0..<300 {
            walk.step()
            for view in walk.book.views {
                let needsExpiry = view.state.kind.isBusy || view.state == .notResponding
                #expect((walk.book.stateExpiry(of: view.agent) != nil) == needsExpiry)
            }
        }
        // Nobody says anything any more: time alone must free everyone.
        for _ in 0..<40 {
            guard walk.book.views.contains(where: { $0.state.kind.isBusy || $0.state == .notResponding }) else { break }
            let next = try #require(walk.book.nextDeadline)
            walk.now = max(walk.now, next.milliseconds)
            _ = walk.book.expire(at: Fixture.at(walk.now))
        }
        #expect(walk.book.views.allSatisfy { !$0.state.kind.isBusy && $0.state != .notResponding })
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
            .reserved: [.ringing, .answered, .ended, .noAnswer, .declined, .withdrawn],
            .ringing: [.answered, .ended, .noAnswer, .declined, .withdrawn],
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
