import ContactCenter
import Kernel
import Routing
import SiteCore
import TestKit
import Testing

@Suite("Text contacts: promises and capacity as seen from outside")
struct TextAgreementTests {
    @Test("a break asked for beside chats lets no more in and begins when they are done")
    func breakAhead() throws {
        var sites = try TwoSites()
        try sites.begin(1, TwoSites.sue)
        let first = try sites.open(0)
        try sites.run(.seconds(1))
        #expect(sites.desk(1, TwoSites.sue, .accept(first)) == nil)
        try sites.settle()
        #expect(sites.desk(1, TwoSites.sue, .notReady(reason: "lunch")) == nil)
        let second = try sites.open(0)
        try sites.run(.seconds(3))
        let desk = try #require(sites.nodes[1].machine.desk(TwoSites.sue, at: sites.now))
        #expect(desk.breakAhead == "lunch")
        #expect(!desk.isOpen)
        #expect(desk.contacts.map(\.id) == [first])
        #expect(sites.row(second, at: 0)?.state == .waiting)
        #expect(sites.desk(1, TwoSites.sue, .ready) == nil)
        try sites.run(.seconds(3))
        #expect(sites.onDesk(1, TwoSites.sue).map(\.id) == [first, second])
        #expect(sites.desk(1, TwoSites.sue, .notReady(reason: "lunch")) == nil)
        sites.ask(0, .closeContact(second, by: .customer, reason: "left"))
        #expect(sites.desk(1, TwoSites.sue, .finish(first)) == nil)
        try sites.run(.seconds(40))
        #expect(sites.agentState(1, TwoSites.sue) == .notReady(reason: "lunch"))
    }

    @Test("a callback offered as a task fills an agent, and two never fit")
    func callback() throws {
        var sites = try TwoSites()
        try sites.begin(0, TwoSites.anna)
        let first = try sites.open(0, .callback)
        let second = try sites.open(0, .callback)
        try sites.run(.seconds(3))
        #expect(sites.onDesk(0, TwoSites.anna).map(\.id) == [first])
        #expect(sites.row(second, at: 0)?.state == .waiting)
    }

    @Test("mails that wait are no reason not to stop, and wait on after the start")
    func survivesStop() throws {
        var sites = try TwoSites()
        let mail = try sites.open(0, .email, title: "Invoice")
        sites.tell(0, .drain)
        #expect(sites.nodes[0].machine.isDrained)
        try sites.crash(0)
        try sites.run(.seconds(1))
        #expect(sites.nodes[0].machine.liveContacts == [mail])
        try sites.begin(1, TwoSites.sue)
        try sites.run(.seconds(3))
        #expect(sites.onDesk(1, TwoSites.sue).map(\.id) == [mail])
        #expect(sites.onDesk(1, TwoSites.sue).first?.channel == .email)
    }
}
