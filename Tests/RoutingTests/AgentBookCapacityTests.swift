import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

extension OneAgentBook {
    mutating func take(
        _ number: UInt64,
        _ channel: Channel = .chat,
        cost: Int? = nil,
        wrapUp: Span = .zero,
        at now: Int64 = 0
    ) throws -> Reservation {
        let offer = ContactOffer(
            contact: ContactID(site: Fixture.north, incarnation: 1, counter: number),
            queue: QueueID("sales"),
            channel: channel,
            cost: cost,
            ringTime: .seconds(60),
            wrapUp: wrapUp
        )
        return try book.reserve(Self.agent, fence: fence, for: offer, at: Fixture.at(now)).reservation
    }

    mutating func tell(_ order: AgentOrder, _ reservation: Reservation, at now: Int64) throws -> [AgentEvent] {
        try book.follow(order, of: reservation, at: Fixture.at(now))
    }

    var view: AgentView? { book.view(of: Self.agent) }
}

@Suite("Agent book: several contacts")
struct AgentBookCapacityTests {
    @Test("Five chats fit, a sixth and a call do not, and wrap-up still takes its place")
    func fiveChats() throws {
        var one = try OneAgentBook()
        let chats = try (1...5).map { try one.take($0, wrapUp: .seconds(30)) }
        #expect(one.view?.occupied == 100)
        #expect(one.view?.isOpen == false)
        #expect(throws: AgentRefusal.reservedFor(chats[0].contact)) { _ = try one.take(6) }
        _ = try one.tell(.answered, chats[2], at: 10)
        _ = try one.tell(.ended, chats[2], at: 20)
        #expect(one.view?.occupied == 100)
        #expect(throws: AgentRefusal.self) { _ = try one.take(6) }
        _ = try one.book.finishWrapUp(OneAgentBook.agent, contact: chats[2].contact, at: Fixture.at(30))
        #expect(one.view?.takes(cost: 20) == true)
        #expect(one.view?.takes(cost: 100) == false)
        #expect(throws: AgentRefusal.self) { _ = try one.take(7, .voice) }
        _ = try one.take(6, at: 40)
    }

    @Test("Two spoken contacts never fit, however cheap their queues make them")
    func oneVoice() throws {
        var one = try OneAgentBook()
        _ = try one.take(1, .chat)
        let call = try one.take(2, .voice, cost: 40)
        #expect(throws: AgentRefusal.self) { _ = try one.take(3, .voice, cost: 40) }
        #expect(throws: AgentRefusal.self) { _ = try one.take(4, .callback, cost: 10) }
        _ = try one.take(5, .email)
        #expect(one.view?.occupied == 80)
        #expect(one.book.reservations(of: OneAgentBook.agent).contains(call))
    }

    @Test("The agent shows the state of the most engaged contact")
    func shown() throws {
        var one = try OneAgentBook()
        let mail = try one.take(1, .email, wrapUp: .seconds(30))
        _ = try one.tell(.answered, mail, at: 0)
        let chat = try one.take(2, .chat, at: 10)
        _ = try one.tell(.ringing, chat, at: 20)
        #expect(one.state == .talking)
        #expect(one.view?.contact == mail.contact)
        _ = try one.tell(.ended, mail, at: 30)
        #expect(one.state == .ringing)
        let call = try one.take(3, .voice, cost: 50, at: 40)
        _ = try one.tell(.answered, chat, at: 50)
        #expect(one.view?.contact == chat.contact)
        _ = try one.tell(.ringing, call, at: 60)
        #expect(one.view?.contact == call.contact)
        #expect(one.state == .ringing)
        _ = try one.tell(.withdrawn, call, at: 70)
        _ = try one.tell(.ended, chat, at: 80)
        #expect(one.state == .wrapUp)
        #expect(one.view?.isOpen == true)
    }

    @Test("An offer not taken beside other work closes the agent to more, and sets her aside when all is done")
    func notTakenBesideOthers() throws {
        var one = try OneAgentBook()
        let first = try one.take(1)
        _ = try one.tell(.answered, first, at: 0)
        let second = try one.take(2, at: 10)
        _ = try one.tell(.ringing, second, at: 20)
        let events = one.book.expire(at: Fixture.at(60_020))
        #expect(events.map(\.returned) == [second.contact])
        #expect(one.state == .talking)
        #expect(one.view?.isOpen == false)
        #expect(throws: AgentRefusal.wrongState(.talking)) { _ = try one.take(3, at: 60_030) }
        _ = try one.tell(.ended, first, at: 60_040)
        #expect(one.state == .notReady(reason: AgentBook.noAnswerReason))
    }

    @Test("An offer not taken with nothing else in hand makes the agent not responding")
    func notTakenAlone() throws {
        var one = try OneAgentBook()
        let chat = try one.take(1)
        _ = try one.tell(.ringing, chat, at: 0)
        #expect(one.book.expire(at: Fixture.at(60_000)).first?.returned == chat.contact)
        #expect(one.state == .notResponding)
        _ = one.book.expire(at: Fixture.at(60_000 + 300_000))
        #expect(one.state == .notReady(reason: AgentBook.noAnswerReason))
    }

    @Test("An agent who took a contact is not blamed when its site never agrees")
    func takenInVain() throws {
        var one = try OneAgentBook()
        let chat = try one.take(1)
        _ = try one.tell(.ringing, chat, at: 0)
        _ = try one.tell(.taken, chat, at: 59_000)
        let events = one.book.expire(at: Fixture.at(64_000))
        #expect(events.map(\.cause) == [.reservationExpired])
        #expect(events.first?.returned == chat.contact)
        #expect(one.state == .ready)
    }

    @Test("A break asked for beside two chats closes the agent and begins after the last")
    func breakAhead() throws {
        var one = try OneAgentBook()
        let chats = [try one.take(1), try one.take(2)]
        for chat in chats { _ = try one.tell(.answered, chat, at: 0) }
        _ = one.book.takeChanged()
        _ = try one.book.setNotReady(OneAgentBook.agent, reason: "lunch", at: Fixture.at(10))
        #expect(one.book.takeChanged() == [OneAgentBook.agent])
        #expect(one.view?.isOpen == false)
        #expect(one.book.breakAhead(of: OneAgentBook.agent) == "lunch")
        _ = try one.tell(.ended, chats[0], at: 20)
        #expect(one.state == .talking)
        _ = try one.book.setReady(OneAgentBook.agent, at: Fixture.at(30))
        #expect(one.view?.isOpen == true)
        _ = try one.book.setNotReady(OneAgentBook.agent, reason: "tea", at: Fixture.at(40))
        _ = try one.tell(.ended, chats[1], at: 50)
        #expect(one.state == .notReady(reason: "tea"))
    }

    @Test("Time with two chats side by side counts once")
    func overlap() throws {
        var one = try OneAgentBook()
        let first = try one.take(1)
        let second = try one.take(2)
        _ = try one.tell(.answered, first, at: 0)
        _ = try one.tell(.answered, second, at: 10_000)
        _ = try one.tell(.ended, first, at: 30_000)
        #expect(one.view?.handlingToday == .seconds(30))
        _ = try one.tell(.ended, second, at: 45_000)
        #expect(one.view?.handlingToday == .seconds(45))
        #expect(one.view?.contactsToday == 2)
        let third = try one.take(3, at: 60_000)
        _ = try one.tell(.answered, third, at: 60_000)
        _ = try one.tell(.ended, third, at: 65_000)
        #expect(one.view?.handlingToday == .seconds(50))
    }

    @Test("A login elsewhere sends text contacts back to their queues and lets a talk go on")
    func evicted() throws {
        var one = try OneAgentBook()
        let chat = try one.take(1)
        let call = try one.take(2, .voice, cost: 60)
        let mail = try one.take(3, .email)
        for reservation in [chat, call] { _ = try one.tell(.answered, reservation, at: 0) }
        let elsewhere = LoginFence(epoch: one.fence.epoch + 1, site: Fixture.south)
        let events = one.book.seenElsewhere(OneAgentBook.agent, fence: elsewhere, at: Fixture.at(10))
        #expect(events.compactMap(\.returned) == [chat.contact, mail.contact])
        #expect(events.count == 3)
        #expect(events.count { $0.to == .loggedOut } == 1)
        #expect(events.last?.to == .loggedOut)
        #expect(one.view == nil)
        #expect(one.book.nextDeadline == nil)
    }

    @Test("Paperwork of one contact is extended and finished by name")
    func wrapUpByName() throws {
        var one = try OneAgentBook()
        let chats = try (1...2).map { try one.take($0, wrapUp: .seconds(30)) }
        for chat in chats {
            _ = try one.tell(.answered, chat, at: 0)
            _ = try one.tell(.ended, chat, at: 1_000)
        }
        _ = try one.book.extendWrapUp(OneAgentBook.agent, contact: chats[1].contact, at: Fixture.at(2_000))
        _ = one.book.expire(at: Fixture.at(31_000))
        #expect(one.book.reservations(of: OneAgentBook.agent) == [chats[1]])
        #expect(throws: AgentRefusal.wrongState(.wrapUp)) {
            try one.book.finishWrapUp(OneAgentBook.agent, contact: chats[0].contact, at: Fixture.at(32_000))
        }
        let events = try one.book.finishWrapUp(
            OneAgentBook.agent,
            contact: chats[1].contact,
            at: Fixture.at(33_000)
        )
        #expect(events.map(\.spent) == [.seconds(32)])
        #expect(one.state == .ready)
    }
}
