import ContactCenter
import Kernel
import Routing
import Testing

@Suite("Agent book: a contact that rings several agents")
struct SharedContactTests {
    private let ann = OneAgentBook.agent
    private let bob = AgentID("bob")

    private func offer(isShared: Bool) -> ContactOffer {
        let plain = Fixture.offer(1)
        return ContactOffer(
            contact: plain.contact,
            queue: plain.queue,
            ringTime: plain.ringTime,
            wrapUp: plain.wrapUp,
            isShared: isShared
        )
    }

    /// Two agents who are ready, and their logins.
    private func two() throws -> (book: AgentBook, ann: LoginFence, bob: LoginFence) {
        var one = try OneAgentBook()
        _ = try one.book.signIn(Fixture.profile("bob"), phoneRegistered: true, at: Fixture.at(0))
        _ = try one.book.setReady(bob, at: Fixture.at(0))
        return (one.book, one.fence, try #require(one.book.view(of: bob)).fence)
    }

    @Test("it is promised to both, answered by one, and the other's answer is refused")
    func oneAnswers() throws {
        var (book, first, second) = try two()
        let shared = offer(isShared: true)
        let mine = try book.reserve(ann, fence: first, for: shared, at: Fixture.at(1)).reservation
        let hers = try book.reserve(bob, fence: second, for: shared, at: Fixture.at(1)).reservation
        _ = try book.follow(.ringing, of: mine, at: Fixture.at(2))
        _ = try book.follow(.ringing, of: hers, at: Fixture.at(2))
        _ = try book.follow(.answered, of: hers, at: Fixture.at(3))
        #expect(book.agent(of: shared.contact) == bob)
        #expect(throws: AgentRefusal.contactPlaced(bob)) {
            try book.follow(.answered, of: mine, at: Fixture.at(3))
        }
        let events = try book.follow(.withdrawn, of: mine, at: Fixture.at(4))
        #expect(events.map(\.to) == [.ready])
        #expect(book.agent(of: shared.contact) == bob)
        #expect(throws: AgentRefusal.contactPlaced(bob)) {
            try book.reserve(ann, fence: first, for: shared, at: Fixture.at(5))
        }
    }

    @Test("one who has it alone is not joined by one who would share it")
    func alone() throws {
        var (book, first, second) = try two()
        _ = try book.reserve(ann, fence: first, for: offer(isShared: false), at: Fixture.at(1))
        #expect(throws: AgentRefusal.contactPlaced(ann)) {
            try book.reserve(bob, fence: second, for: offer(isShared: true), at: Fixture.at(1))
        }
    }
}
