import ContactCenter
import Kernel
import Replication
import Routing
import SiteCore
import TestKit
import Testing

@Suite("Text contacts")
struct TextContactTests {
    private let anna = TwoSites.anna
    private let sue = TwoSites.sue

    @Test("a chat is served from arrival to the end of paperwork, here or at the other site", arguments: [0, 1])
    func served(place: Int) throws {
        var sites = try TwoSites()
        let agent = place == 0 ? anna : sue
        try sites.begin(place, agent)
        let chat = try sites.open(0, title: "My bill")
        try sites.run(.seconds(2))
        let offered = try #require(sites.onDesk(place, agent).first)
        #expect(offered.id == chat)
        #expect(offered.state == .offered)
        #expect(offered.channel == .chat)
        #expect(offered.title == "My bill")
        #expect(offered.callerNumber == "ada@example.org")
        #expect(sites.agentState(place, agent) == .ringing)
        #expect(sites.desk(place, agent, .accept(chat)) == nil)
        try sites.settle()
        #expect(sites.onDesk(place, agent).first?.state == .talking)
        #expect(sites.row(chat, at: 0)?.agent == agent)
        #expect(sites.row(chat, at: 0)?.state == .talking)
        try sites.run(.seconds(40))
        #expect(sites.desk(place, agent, .finish(chat)) == nil)
        try sites.settle()
        #expect(sites.onDesk(place, agent).first?.state == .wrapUp)
        #expect(sites.row(chat, at: 0) == nil)
        #expect(sites.desk(place, agent, .finishWrapUpOf(chat)) == nil)
        try sites.run(.seconds(1))
        #expect(sites.agentState(place, agent) == .ready)
        let record = try #require(sites.record(chat, at: 0))
        #expect(record.channel == .chat)
        #expect(record.outcome == .answered)
        #expect(record.endedBy == .agent)
        #expect(record.agent == agent)
        #expect(record.agentSite?.name == TwoSites.names[place])
        #expect(record.talkMs.map { $0 >= 39_000 && $0 <= 41_000 } == true)
        #expect(record.wrapUpMs != nil)
        let ticket = try #require(record.ticket)
        let file = sites.nodes[0].storage.document(ticket.documentID).flatMap { Ticket($0) }
        #expect(file?.subject == "My bill")
        #expect(file?.owner == agent)
        #expect(sites.nodes.allSatisfy { $0.machine.unfinished.isEmpty })
        #expect(sites.alarms.isEmpty)
    }

    @Test("five chats fit beside each other and the sixth waits until there is room")
    func capacity() throws {
        var sites = try TwoSites()
        try sites.begin(1, sue)
        let chats = try (0..<6).map { _ in try sites.open(0) }
        try sites.run(.seconds(3))
        #expect(sites.onDesk(1, sue).count == 5)
        #expect(sites.nodes[1].machine.desk(sue, at: sites.now)?.occupied == 100)
        let waiting = try #require(chats.first { sites.row($0, at: 0)?.state == .waiting })
        let one = try #require(sites.onDesk(1, sue).first).id
        #expect(sites.desk(1, sue, .accept(one)) == nil)
        try sites.settle()
        #expect(sites.desk(1, sue, .finish(one)) == nil)
        #expect(sites.desk(1, sue, .finishWrapUpOf(one)) == nil)
        try sites.run(.seconds(2))
        #expect(sites.onDesk(1, sue).contains { $0.id == waiting })
        #expect(sites.onDesk(1, sue).count == 5)
    }

    @Test("an offer not taken goes to the next agent, and who did not take it is set aside")
    func notTaken() throws {
        var sites = try TwoSites()
        try sites.begin(1, sue)
        let chat = try sites.open(0)
        try sites.run(.seconds(2))
        #expect(sites.onDesk(1, sue).map(\.id) == [chat])
        try sites.run(.seconds(16))
        #expect(sites.agentState(1, sue) == .notResponding)
        #expect(sites.row(chat, at: 0)?.state == .waiting)
        #expect(sites.notices.contains { $0.0 == sue })
        try sites.begin(0, anna)
        try sites.run(.seconds(2))
        #expect(sites.onDesk(0, anna).map(\.id) == [chat])
        #expect(sites.desk(0, anna, .decline(chat)) == nil)
        try sites.run(.seconds(1))
        #expect(sites.agentState(0, anna) == .notResponding)
        #expect(sites.row(chat, at: 0)?.state == .waiting)
    }

    @Test("the customer may leave at any time: abandoned before the answer, answered after it")
    func customerLeaves() throws {
        var sites = try TwoSites()
        let early = try sites.open(0)
        sites.ask(0, .closeContact(early, by: .customer, reason: "left"))
        try sites.settle()
        #expect(sites.record(early, at: 0)?.outcome == .abandoned)
        try sites.begin(1, sue)
        let ringing = try sites.open(0)
        try sites.run(.seconds(2))
        sites.ask(0, .closeContact(ringing, by: .customer, reason: "left"))
        try sites.run(.seconds(1))
        #expect(sites.onDesk(1, sue).isEmpty)
        #expect(sites.agentState(1, sue) == .ready)
        #expect(sites.record(ringing, at: 0)?.outcome == .abandoned)
        let talk = try sites.open(0)
        try sites.run(.seconds(2))
        sites.desk(1, sue, .accept(talk))
        try sites.settle()
        sites.ask(0, .closeContact(talk, by: .customer, reason: "left"))
        try sites.settle()
        #expect(sites.onDesk(1, sue).map(\.state) == [.wrapUp])
        #expect(sites.record(talk, at: 0)?.outcome == .answered)
        #expect(sites.record(talk, at: 0)?.endedBy == .customer)
    }

    @Test("a contact joins the ticket that it belongs to")
    func givenTicket() throws {
        var sites = try TwoSites()
        let first = try sites.open(0, title: "Broken")
        let ticket = try #require(sites.record(first, at: 0)?.ticket)
        let second = try sites.open(0, .email, title: "Re: Broken", ticket: ticket)
        #expect(sites.record(second, at: 0)?.ticket == ticket)
        let file = sites.nodes[0].storage.document(ticket.documentID).flatMap { Ticket($0) }
        #expect(file?.subject == "Broken")
        #expect(file?.contacts.contains { $0.contact == second } == true)
    }

    @Test("what makes no sense is refused and changes nothing")
    func refused() throws {
        var sites = try TwoSites()
        let before = sites.nodes[0].machine.view(at: sites.now)
        let wrong: [(ContactOpening, SiteCore.Refusal.Code)] = [
            (ContactOpening(.voice, queue: TwoSites.support), .invalid),
            (ContactOpening(.chat, queue: QueueID("nowhere")), .notFound),
            (ContactOpening(.chat, queue: TwoSites.support, ticket: TicketID("none")), .notFound),
        ]
        for (opening, code) in wrong {
            let token = sites.ask(0, .openContact(opening))
            try sites.settle()
            guard case .refused(let refusal)? = sites.replies[token] else {
                Issue.record("not refused: \(opening)")
                continue
            }
            #expect(refusal.code == code)
        }
        let token = sites.ask(1, .closeContact(ContactID("north-1-1"), by: .customer, reason: ""))
        guard case .refused? = sites.replies[token] else {
            Issue.record("a contact of another site was closed")
            return
        }
        #expect(sites.nodes[0].machine.liveContacts.isEmpty)
        #expect(sites.nodes[0].machine.view(at: sites.now).contacts == before.contacts)
        try sites.begin(0, anna)
        for command in [DeskCommand.accept(ContactID("x")), .decline(ContactID("x")), .finish(ContactID("x"))] {
            #expect(sites.desk(0, anna, command)?.code == .notFound)
        }
        let chat = try sites.open(0)
        try sites.run(.seconds(2))
        #expect(sites.desk(0, anna, .finish(chat))?.code == .conflict)
        #expect(sites.desk(0, anna, .accept(chat)) == nil)
        #expect(sites.desk(0, anna, .accept(chat)) == nil)
        #expect(sites.desk(0, anna, .decline(chat))?.code == .conflict)
    }
}

@Suite("Text contacts when links and sites fail")
struct TextContactFaultTests {
    private let anna = TwoSites.anna
    private let sue = TwoSites.sue
    private let moe = TwoSites.moe

    /// Sue in the south works on a chat that arrived in the north.
    private func talking() throws -> (sites: TwoSites, chat: ContactID) {
        var sites = try TwoSites()
        try sites.begin(1, sue)
        let chat = try sites.open(0)
        try sites.run(.seconds(2))
        #expect(sites.desk(1, sue, .accept(chat)) == nil)
        try sites.settle()
        #expect(sites.onDesk(1, sue).map(\.state) == [.talking])
        return (sites, chat)
    }

    @Test("an offer is void when the link goes, on both sides, and is made again when it is back")
    func cutWhileRinging() throws {
        var sites = try TwoSites()
        try sites.begin(1, sue)
        let chat = try sites.open(0)
        try sites.run(.seconds(2))
        #expect(sites.agentState(1, sue) == .ringing)
        sites.cut()
        #expect(sites.agentState(1, sue) == .ready)
        #expect(sites.row(chat, at: 0)?.state == .waiting)
        #expect(sites.desk(1, sue, .accept(chat))?.code == .notFound)
        try sites.run(.seconds(5))
        sites.mend()
        try sites.run(.seconds(5))
        #expect(sites.onDesk(1, sue).map(\.id) == [chat])
    }

    @Test("an agent's yes that the cut swallows binds nobody")
    func cutWhileTaking() throws {
        var sites = try TwoSites()
        try sites.begin(1, sue)
        let chat = try sites.open(0)
        try sites.run(.seconds(2))
        #expect(sites.desk(1, sue, .accept(chat)) == nil)
        #expect(sites.onDesk(1, sue).first?.isTaken == true)
        sites.cut()
        #expect(sites.row(chat, at: 0)?.state == .waiting)
        #expect(sites.onDesk(1, sue).isEmpty)
        #expect(sites.agentState(1, sue) == .ready)
    }

    @Test("the contact's yes that the cut swallows sends the contact back to its queue")
    func cutWhileAgreeing() throws {
        var sites = try TwoSites()
        try sites.begin(1, sue)
        let chat = try sites.open(0)
        try sites.run(.seconds(2))
        #expect(sites.desk(1, sue, .accept(chat)) == nil)
        while sites.carry(from: 1) {}
        #expect(sites.row(chat, at: 0)?.state == .talking)
        sites.cut()
        #expect(sites.onDesk(1, sue).isEmpty)
        sites.mend()
        try sites.run(.seconds(3))
        #expect(sites.onDesk(1, sue).map(\.id) == [chat])
        #expect(sites.onDesk(1, sue).map(\.state) == [.offered])
    }

    @Test("a short cut takes nothing away, and work goes on")
    func shortCut() throws {
        var (sites, chat) = try talking()
        sites.cut()
        try sites.run(.seconds(60))
        #expect(sites.onDesk(1, sue).map(\.state) == [.talking])
        sites.mend()
        try sites.run(.seconds(120))
        #expect(sites.onDesk(1, sue).map(\.state) == [.talking])
        #expect(sites.desk(1, sue, .finish(chat)) == nil)
        try sites.settle()
        #expect(sites.record(chat, at: 0)?.outcome == .answered)
    }

    @Test("what an agent finished during a cut is finished when the link is back, even after a second cut")
    func finishedDuringCut() throws {
        var (sites, chat) = try talking()
        sites.cut()
        #expect(sites.desk(1, sue, .finish(chat)) == nil)
        try sites.run(.seconds(40))
        sites.mend()
        sites.cut()
        #expect(sites.nodes[0].machine.liveContacts == [chat])
        try sites.run(.seconds(10))
        sites.mend()
        try sites.settle()
        #expect(sites.nodes[0].machine.liveContacts.isEmpty)
        #expect(sites.record(chat, at: 0)?.endedBy == .agent)
        try sites.run(.seconds(2))
        #expect(sites.nodes.allSatisfy { $0.machine.unfinished.isEmpty })
    }

    @Test("a long cut gives the contact to somebody else, and the first agent's desk is cleared")
    func longCut() throws {
        var (sites, chat) = try talking()
        sites.cut()
        try sites.begin(0, anna)
        try sites.run(.seconds(119))
        #expect(sites.onDesk(0, anna).isEmpty)
        try sites.run(.seconds(3))
        #expect(sites.onDesk(0, anna).map(\.id) == [chat])
        #expect(sites.onDesk(1, sue).allSatisfy { $0.state == .wrapUp })
        #expect(sites.notices.contains { $0.0 == sue })
        #expect(sites.desk(0, anna, .accept(chat)) == nil)
        sites.mend()
        try sites.run(.seconds(3))
        #expect(sites.row(chat, at: 0)?.agent == anna)
        #expect(sites.desk(0, anna, .finish(chat)) == nil)
        try sites.run(.seconds(40))
        let record = try #require(sites.record(chat, at: 0))
        #expect(record.agent == anna)
        #expect(record.outcome == .answered)
        #expect(sites.nodes[0].machine.view(at: sites.now).queues.first?.answeredToday == 1)
        #expect(sites.nodes.allSatisfy { $0.machine.unfinished.isEmpty })
    }

    @Test("signing in at the other site sends text contacts back to the heads of their queues")
    func movesSite() throws {
        var sites = try TwoSites()
        try sites.begin(1, moe)
        let chats = try (0..<2).map { _ in try sites.open(0) }
        try sites.run(.seconds(2))
        for chat in chats { #expect(sites.desk(1, moe, .accept(chat)) == nil) }
        try sites.settle()
        let later = try sites.open(0)
        try sites.begin(0, moe)
        try sites.run(.seconds(2))
        #expect(sites.onDesk(1, moe).isEmpty)
        #expect(Set(sites.onDesk(0, moe).map(\.id)) == Set(chats + [later]))
        #expect(sites.onDesk(0, moe).first?.id == chats.first)
        #expect(sites.onDesk(0, moe).allSatisfy { $0.state == .offered })
    }

    @Test("when the agent's site starts anew, the contact waits again at its place")
    func agentSiteRestarts() throws {
        var (sites, chat) = try talking()
        try sites.crash(1)
        try sites.run(.seconds(3))
        #expect(sites.row(chat, at: 0)?.state == .waiting)
        try sites.begin(1, sue)
        try sites.run(.seconds(2))
        #expect(sites.onDesk(1, sue).map(\.id) == [chat])
    }

    @Test("when the contact's own site starts anew, text waits on and the agent is set free")
    func contactSiteRestarts() throws {
        var (sites, chat) = try talking()
        let waiting = try sites.open(0, .email)
        try sites.crash(0)
        try sites.run(.seconds(1))
        #expect(sites.nodes[0].machine.liveContacts.sorted() == [chat, waiting].sorted())
        #expect(sites.onDesk(1, sue).filter { $0.state == .talking }.isEmpty)
        #expect(sites.record(chat, at: 0)?.endedAt == nil)
        try sites.run(.seconds(60))
        #expect(sites.alarms.isEmpty)
    }
}
