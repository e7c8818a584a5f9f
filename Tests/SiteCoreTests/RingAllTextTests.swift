import ContactCenter
import Kernel
import Routing
import SiteCore
import Testing

@Suite("A text contact on all desks")
struct RingAllTextTests {
    private let anna = TwoSites.anna
    private let sue = TwoSites.sue

    /// Anna at one site and Sue at the other have the offer of a chat that arrived with Anna's site.
    private func offered() throws -> (sites: TwoSites, chat: ContactID) {
        var sites = try TwoSites()
        try sites.put(
            TwoSites.support.documentID,
            [.set(QueueField.strategy, .string(RoutingStrategy.ringAll.rawValue), seen: nil)]
        )
        try sites.begin(0, anna)
        try sites.begin(1, sue)
        try sites.run(.seconds(1))
        let chat = try sites.open(0)
        try sites.run(.seconds(1))
        #expect(sites.onDesk(0, anna).map(\.state) == [.offered])
        #expect(sites.onDesk(1, sue).map(\.state) == [.offered])
        return (sites, chat)
    }

    @Test("the first to take it has it; it leaves the other desk with a calm word, and she is ready")
    func firstTake() throws {
        var (sites, chat) = try offered()
        #expect(sites.desk(1, sue, .accept(chat)) == nil)
        try sites.settle()
        #expect(sites.onDesk(1, sue).map(\.state) == [.talking])
        #expect(sites.onDesk(0, anna).isEmpty)
        #expect(sites.agentState(0, anna) == .ready)
        #expect(sites.row(chat, at: 0)?.agent == sue)
        let said = sites.notices.filter { $0.0 == anna }.map(\.1)
        #expect(said == [SiteNotice(.info, "The contact was answered by another agent.")])
        #expect(sites.desk(1, sue, .finish(chat)) == nil)
        try sites.run(.seconds(40))
        #expect(sites.record(chat, at: 1)?.agent == sue)
        #expect(sites.nodes.allSatisfy { $0.machine.unfinished.isEmpty })
        #expect(sites.alarms.isEmpty)
    }

    @Test("both take it before either word has arrived: one has it, the other hears that it is gone")
    func bothTake() throws {
        var (sites, chat) = try offered()
        #expect(sites.desk(1, sue, .accept(chat)) == nil)
        #expect(sites.desk(0, anna, .accept(chat)) == nil)
        try sites.settle()
        #expect(sites.onDesk(0, anna).map(\.state) == [.talking])
        #expect(sites.onDesk(1, sue).isEmpty)
        #expect(sites.agentState(1, sue) == .ready)
        #expect(sites.notices.filter { $0.0 == sue }.map(\.1.level) == [.info])
    }

    @Test("one who declines leaves the others their offer; the last one to fail puts it back at its place")
    func declines() throws {
        var (sites, chat) = try offered()
        #expect(sites.desk(0, anna, .decline(chat)) == nil)
        try sites.settle()
        #expect(sites.agentState(0, anna) == .notResponding)
        #expect(sites.onDesk(1, sue).map(\.state) == [.offered])
        #expect(sites.row(chat, at: 0)?.state == .offered)
        try sites.run(.seconds(20))
        #expect(sites.agentState(1, sue) == .notResponding)
        #expect(sites.row(chat, at: 0)?.state == .waiting)
        #expect(sites.desk(1, sue, .ready) == nil)
        try sites.run(.seconds(2))
        #expect(sites.onDesk(1, sue).map(\.id) == [chat])
    }

    @Test("a lost link takes the offer beyond it back, blames nobody, and leaves the other")
    func linkLost() throws {
        var (sites, chat) = try offered()
        sites.cut()
        #expect(sites.onDesk(1, sue).isEmpty)
        #expect(sites.agentState(1, sue) == .ready)
        #expect(sites.onDesk(0, anna).map(\.state) == [.offered])
        #expect(sites.desk(0, anna, .accept(chat)) == nil)
        #expect(sites.onDesk(0, anna).map(\.state) == [.talking])
    }

    @Test("a customer who leaves clears all desks")
    func customerLeaves() throws {
        var (sites, chat) = try offered()
        sites.ask(0, .closeContact(chat, by: .customer, reason: "left"))
        try sites.settle()
        #expect(sites.onDesk(0, anna).isEmpty && sites.onDesk(1, sue).isEmpty)
        #expect(sites.agentState(0, anna) == .ready && sites.agentState(1, sue) == .ready)
        #expect(sites.record(chat, at: 0)?.outcome == .abandoned)
    }

    @Test("two agents of one site and one of another have it on their desks; one take clears the other two")
    func threeDesks() throws {
        var (sites, chat) = try offered()
        sites.ask(0, .closeContact(chat, by: .customer, reason: "left"))
        try sites.begin(0, TwoSites.moe)
        let next = try sites.open(0)
        try sites.run(.seconds(1))
        #expect(sites.onDesk(0, anna).map(\.id) == [next])
        #expect(sites.onDesk(0, TwoSites.moe).map(\.id) == [next])
        #expect(sites.onDesk(1, sue).map(\.id) == [next])
        #expect(sites.desk(0, TwoSites.moe, .accept(next)) == nil)
        #expect(sites.desk(0, anna, .accept(next)) != nil || sites.onDesk(0, anna).isEmpty)
        try sites.settle()
        #expect(sites.onDesk(0, TwoSites.moe).map(\.state) == [.talking])
        #expect(sites.onDesk(0, anna).isEmpty && sites.onDesk(1, sue).isEmpty)
        #expect(sites.agentState(0, anna) == .ready && sites.agentState(1, sue) == .ready)
    }

    @Test("a callback rings all desks too, and only the first to take it dials")
    func callback() throws {
        var (sites, chat) = try offered()
        sites.ask(0, .closeContact(chat, by: .customer, reason: "left"))
        try sites.settle()
        let task = try sites.open(0, .callback)
        try sites.run(.seconds(1))
        #expect(sites.onDesk(0, anna).map(\.id) == [task] && sites.onDesk(1, sue).map(\.id) == [task])
        #expect(sites.desk(1, sue, .accept(task)) == nil)
        #expect(sites.desk(0, anna, .accept(task)) == nil)
        try sites.run(.seconds(2))
        let talking = [sites.onDesk(0, anna), sites.onDesk(1, sue)].map { $0.map(\.state) }
        #expect(talking.count { $0 == [.talking] } == 1)
        #expect(talking.count { $0.isEmpty } == 1)
    }
}
