import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Agent book: logins")
struct AgentBookLoginTests {
    @Test("A higher login elsewhere ends the login here, and its fence no longer reserves")
    func evicted() throws {
        var one = try OneAgentBook()
        let old = one.fence
        let elsewhere = LoginFence(epoch: old.epoch + 1, site: Fixture.south)
        let events = one.book.seenElsewhere(OneAgentBook.agent, fence: elsewhere, at: Fixture.at(10))
        #expect(events.map(\.cause) == [.evicted])
        #expect(one.book.view(of: OneAgentBook.agent) == nil)
        #expect(throws: AgentRefusal.notLoggedIn) { _ = try one.reserve(1, at: 20) }
        _ = try one.book.signIn(Fixture.profile("ann"), phoneRegistered: true, at: Fixture.at(30))
        let fresh = try #require(one.book.view(of: OneAgentBook.agent)).fence
        #expect(fresh > elsewhere)
        #expect(throws: AgentRefusal.staleLogin(present: fresh)) { _ = try one.reserve(1, at: 40) }
    }

    @Test("A lower login elsewhere changes nothing")
    func lowerElsewhere() throws {
        var one = try OneAgentBook()
        let lower = LoginFence(epoch: one.fence.epoch - 1, site: Fixture.south)
        #expect(one.book.seenElsewhere(OneAgentBook.agent, fence: lower, at: Fixture.at(10)).isEmpty)
        #expect(one.state == .ready)
    }

    @Test("Signing in again at the same site keeps state and contact")
    func signInAgain() throws {
        var one = try OneAgentBook()
        let reservation = try one.reserve(1, at: 0)
        #expect(try one.book.signIn(Fixture.profile("ann"), phoneRegistered: true, at: Fixture.at(10)).isEmpty)
        #expect(one.book.reservation(of: OneAgentBook.agent) == reservation)
        #expect(one.book.view(of: OneAgentBook.agent)?.fence == one.fence)
    }

    @Test("Signing out sends a ringing contact back and is refused in a conversation")
    func signOut() throws {
        var one = try OneAgentBook()
        let first = try one.reserve(1, at: 0)
        _ = try one.book.follow(.answered, of: first, at: Fixture.at(10))
        #expect(throws: AgentRefusal.wrongState(.talking)) {
            try one.book.signOut(OneAgentBook.agent, at: Fixture.at(20))
        }
        var other = try OneAgentBook()
        let second = try other.reserve(2, at: 0)
        let events = try other.book.signOut(OneAgentBook.agent, at: Fixture.at(20))
        #expect(events.first?.returned == second.contact)
        #expect(other.book.count == 0)
        #expect(other.book.takeChanged() == [OneAgentBook.agent])
    }

    @Test("Without a phone nobody is ready, and losing it ends being ready")
    func phone() throws {
        var book = AgentBook(site: Fixture.north)
        _ = try book.signIn(Fixture.profile("ann"), phoneRegistered: false, at: Fixture.at(0))
        #expect(throws: AgentRefusal.phoneUnregistered) {
            try book.setReady(OneAgentBook.agent, at: Fixture.at(1))
        }
        #expect(book.phone(of: OneAgentBook.agent, isRegistered: true, at: Fixture.at(2)).isEmpty)
        _ = try book.setReady(OneAgentBook.agent, at: Fixture.at(3))
        let events = book.phone(of: OneAgentBook.agent, isRegistered: false, at: Fixture.at(4))
        #expect(events.map(\.to) == [.notResponding])
    }

    @Test("What an agent did elsewhere today is carried along")
    func carried() throws {
        var book = AgentBook(site: Fixture.north)
        let load = DayLoad(handling: .minutes(12), contacts: 4)
        _ = try book.signIn(Fixture.profile("ann"), carried: load, phoneRegistered: true, at: Fixture.at(0))
        #expect(book.view(of: OneAgentBook.agent)?.handlingToday == .minutes(12))
        #expect(book.view(of: OneAgentBook.agent)?.contactsToday == 4)
    }

    @Test("A login after a restart stands above the one before it")
    func restart() throws {
        let before = try OneAgentBook(at: 0)
        let after = try OneAgentBook(at: 5_000)
        #expect(after.fence > before.fence)
    }
}
