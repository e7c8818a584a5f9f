import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Agent book: one call")
struct AgentBookTests {
    @Test("A call goes from reservation to wrap-up to ready, and its time counts")
    func wholeCall() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, at: 1_000)
        #expect(one.state == .reserved)
        _ = try one.book.follow(.ringing, of: reservation, at: Fixture.at(1_100))
        #expect(one.state == .ringing)
        _ = try one.book.follow(.answered, of: reservation, at: Fixture.at(4_000))
        _ = try one.book.follow(.held, of: reservation, at: Fixture.at(10_000))
        #expect(one.state == .held)
        _ = try one.book.follow(.resumed, of: reservation, at: Fixture.at(20_000))
        let ended = try one.book.follow(.ended, of: reservation, at: Fixture.at(64_000))
        #expect(ended.map(\.to) == [.wrapUp])
        #expect(ended.first?.returned == nil)
        let expired = one.book.expire(at: Fixture.at(94_000))
        #expect(expired.map(\.cause) == [.wrapUpExpired])
        let view = try #require(one.book.view(of: OneAgentBook.agent))
        #expect(view.state == .ready)
        #expect(view.handlingToday == .seconds(90))
        #expect(view.contactsToday == 1)
        #expect(view.contact == nil)
    }

    @Test("Without time for paperwork the agent is ready at once")
    func noWrapUp() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, wrapUp: .zero, at: 0)
        _ = try one.book.follow(.answered, of: reservation, at: Fixture.at(100))
        let events = try one.book.follow(.ended, of: reservation, at: Fixture.at(5_100))
        #expect(events.map(\.to) == [.ready])
        #expect(one.book.view(of: OneAgentBook.agent)?.handlingToday == .seconds(5))
    }

    @Test("A second contact is refused while the first holds the agent; asking again for the first is not")
    func secondContact() throws {
        var one = try OneAgentBook()
        let first = try one.reserve(1, at: 0)
        #expect(throws: AgentRefusal.reservedFor(first.contact)) { _ = try one.reserve(2, at: 10) }
        #expect(try one.reserve(1, at: 20) == first)
        _ = try one.book.follow(.ringing, of: first, at: Fixture.at(30))
        #expect(throws: AgentRefusal.reservedFor(first.contact)) { _ = try one.reserve(1, at: 40) }
    }

    @Test("An unanswered ring sets the agent aside and sends the contact back")
    func ringNoAnswer() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, at: 0)
        _ = try one.book.follow(.ringing, of: reservation, at: Fixture.at(100))
        #expect(one.book.expire(at: Fixture.at(17_099)).isEmpty)
        let events = one.book.expire(at: Fixture.at(17_100))
        #expect(events.map(\.to) == [.notResponding])
        #expect(events.first?.returned == reservation.contact)
        #expect(one.book.agent(of: reservation.contact) == nil)
        let later = one.book.expire(at: Fixture.at(17_100 + 300_000))
        #expect(later.map(\.to) == [.notReady(reason: AgentBook.noAnswerReason)])
        _ = try one.book.setReady(OneAgentBook.agent, at: Fixture.at(400_000))
        #expect(one.state == .ready)
    }

    @Test("A late answer to a lapsed reservation is refused")
    func lateAnswer() throws {
        var one = try OneAgentBook()
        let old = try one.reserve(1, at: 0)
        #expect(one.book.expire(at: Fixture.at(5_000)).first?.returned == old.contact)
        #expect(one.state == .ready)
        let fresh = try one.reserve(1, at: 6_000)
        #expect(fresh != old)
        #expect(throws: AgentRefusal.staleReservation) {
            try one.book.follow(.answered, of: old, at: Fixture.at(6_100))
        }
        #expect(one.state == .reserved)
    }

    @Test("A caller who gives up sets the agent free without blame")
    func withdrawn() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, at: 0)
        _ = try one.book.follow(.ringing, of: reservation, at: Fixture.at(100))
        let events = try one.book.follow(.withdrawn, of: reservation, at: Fixture.at(200))
        #expect(events.map(\.to) == [.ready])
        #expect(events.first?.returned == nil)
    }

    @Test("A break asked for during a call begins after it")
    func breakAfterCall() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, wrapUp: .zero, at: 0)
        _ = try one.book.follow(.answered, of: reservation, at: Fixture.at(10))
        #expect(try one.book.setNotReady(OneAgentBook.agent, reason: "lunch", at: Fixture.at(20)).isEmpty)
        #expect(one.state == .talking)
        _ = try one.book.follow(.ended, of: reservation, at: Fixture.at(30))
        #expect(one.state == .notReady(reason: "lunch"))
    }

    @Test("Wrap-up can be extended a few times and finished early")
    func wrapUp() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, at: 0)
        _ = try one.book.follow(.answered, of: reservation, at: Fixture.at(0))
        _ = try one.book.follow(.ended, of: reservation, at: Fixture.at(1_000))
        for _ in 0..<3 { _ = try one.book.extendWrapUp(OneAgentBook.agent, at: Fixture.at(2_000)) }
        #expect(one.book.stateExpiry(of: OneAgentBook.agent) == Instant(milliseconds: 121_000))
        #expect(throws: AgentRefusal.wrongState(.wrapUp)) {
            try one.book.extendWrapUp(OneAgentBook.agent, at: Fixture.at(3_000))
        }
        #expect(one.book.view(of: OneAgentBook.agent)?.since == Fixture.at(1_000).wall)
        let finished = try one.book.finishWrapUp(OneAgentBook.agent, at: Fixture.at(4_000))
        #expect(finished.map(\.spent) == [.seconds(3)])
        #expect(one.state == .ready)
        #expect(one.book.view(of: OneAgentBook.agent)?.handlingToday == .seconds(4))
    }

    @Test("One contact is not promised to two agents of the site")
    func contactOnce() throws {
        var one = try OneAgentBook()
        _ = try one.book.signIn(Fixture.profile("bob"), phoneRegistered: true, at: Fixture.at(0))
        _ = try one.book.setReady(AgentID("bob"), at: Fixture.at(0))
        let fence = try #require(one.book.view(of: AgentID("bob"))).fence
        _ = try one.reserve(1, at: 0)
        #expect(throws: AgentRefusal.contactPlaced(OneAgentBook.agent)) {
            try one.book.reserve(AgentID("bob"), fence: fence, for: Fixture.offer(1), at: Fixture.at(1))
        }
    }

    @Test("A draining site grants nothing new and lets calls end")
    func draining() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, at: 0)
        one.book.isDraining = true
        _ = try one.book.follow(.answered, of: reservation, at: Fixture.at(1))
        _ = try one.book.follow(.ended, of: reservation, at: Fixture.at(2))
        _ = try one.book.finishWrapUp(OneAgentBook.agent, at: Fixture.at(3))
        #expect(throws: AgentRefusal.draining) { _ = try one.reserve(2, at: 4) }
    }

    @Test("The counts of the day start anew at the site's midnight, and all views say so")
    func midnight() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, wrapUp: .zero, at: 0)
        _ = try one.book.follow(.answered, of: reservation, at: Fixture.at(0))
        _ = try one.book.follow(.ended, of: reservation, at: Fixture.at(9_000))
        _ = one.book.takeChanged()
        let midnight = try #require(one.book.nextDeadline)
        #expect(Fixture.at(midnight.milliseconds).wall.milliseconds % 86_400_000 == 0)
        #expect(one.book.expire(at: Fixture.at(midnight.milliseconds)).isEmpty)
        #expect(one.book.takeChanged() == [OneAgentBook.agent])
        #expect(one.book.view(of: OneAgentBook.agent)?.handlingToday == .zero)
    }
}
