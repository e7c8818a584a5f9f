import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Order of service")
struct ServiceOrderTests {
    static func random(_ number: UInt64, _ random: inout SeededRandom, spread: Int64 = 3_000_000) -> WaitingContact {
        var waiting = Fixture.waiting(
            number,
            since: Int64.random(in: 0...spread, using: &random),
            severity: Severity.allCases[Int.random(in: 0..<4, using: &random)],
            tier: CustomerTier.allCases[Int.random(in: 0..<4, using: &random)],
            score: Int.random(in: -5...120, using: &random)
        )
        waiting.queuePriority = Int.random(in: -2...14, using: &random)
        return waiting
    }

    @Test("It is total, and the same whatever the order of arrival", arguments: Seeds.first(30))
    func total(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let contacts = (0..<60).map { Self.random($0, &random, spread: 500_000) }
        let expected = contacts.map(ServiceRank.init).sorted().map(\.contact)
        for _ in 0..<3 {
            var room = WaitingRoom(site: Fixture.north)
            for contact in contacts.shuffled(using: &random) { try room.add(contact) }
            #expect(room.own.map(\.contact) == expected)
            for (index, id) in expected.enumerated() { #expect(room.position(of: id) == index + 1) }
        }
    }

    @Test("Nobody is overtaken by one who arrived later than the bound allows", arguments: Seeds.first(40))
    func bound(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let contacts = (0..<80).map { Self.random($0, &random) }
        for first in contacts {
            #expect((Span.zero...ServiceRank.headStartMax).contains(ServiceRank.headStart(of: first)))
            for second in contacts where second.since - first.since > ServiceRank.headStartMax {
                #expect(ServiceRank(first) < ServiceRank(second))
            }
        }
    }

    @Test("A flood of graver calls holds a mild one up no longer than the bound")
    func noStarvation() throws {
        var room = WaitingRoom(site: Fixture.north)
        let mild = Fixture.waiting(0, since: 0, severity: .low)
        try room.add(mild)
        var served: Int64?
        // One call is served every 10 s, two critical ones of key accounts arrive in that time.
        for round in 0..<500 where served == nil {
            let now = Int64(round) * 10_000
            for part in 0..<2 {
                let number = UInt64(round * 2 + part + 1)
                var urgent = Fixture.waiting(number, since: now, severity: .critical, tier: .platinum, score: 100)
                urgent.queuePriority = 10
                try room.add(urgent)
            }
            let head = try #require(room.heads(of: mild.queue, limit: 1).first)
            room.remove(head.contact)
            if head.contact == mild.contact { served = now }
        }
        // At the bound those who came before it are still ahead: twice as many as were served by then.
        let wait = try #require(served)
        #expect(wait <= ServiceRank.headStartMax.milliseconds * 2 + 20_000)
    }

    @Test("Severity stands before tier, tier before score, score before nothing but time")
    func classes() {
        let mild = ServiceRank(Fixture.waiting(1, severity: .low, tier: .platinum, score: 100))
        let grave = ServiceRank(Fixture.waiting(2, severity: .critical))
        #expect(grave < mild)
        let silver = ServiceRank(Fixture.waiting(3, tier: .silver))
        let scored = ServiceRank(Fixture.waiting(4, tier: .standard, score: 100))
        #expect(silver < scored)
        #expect(scored < ServiceRank(Fixture.waiting(5, tier: .standard)))
    }

    @Test("A contact that comes back stands where it stood")
    func putBack() throws {
        var room = WaitingRoom(site: Fixture.north)
        for number in 0..<5 { try room.add(Fixture.waiting(UInt64(number), since: Int64(number) * 1_000)) }
        let second = Fixture.waiting(1, since: 1_000).contact
        let offers = [room.offer(second), room.offer(second)]
        #expect(offers == [true, false])
        #expect(room.position(of: second) == nil)
        #expect(room.waiting(in: QueueID("sales")) == 4)
        room.putBack(second)
        #expect(room.position(of: second) == 2)
        #expect(room.contact(second)?.since == Fixture.at(1_000).wall)
    }

    @Test("The longest wait is that of the first to arrive, not of the first to be served")
    func longest() throws {
        var room = WaitingRoom(site: Fixture.north)
        try room.add(Fixture.waiting(1, since: 0, severity: .low))
        try room.add(Fixture.waiting(2, since: 5_000, severity: .critical))
        #expect(room.longestSince(in: QueueID("sales")) == Fixture.at(0).wall)
        #expect(room.heads(of: QueueID("sales"), limit: 1).first?.since == Fixture.at(5_000).wall)
    }

    @Test("A room that is full says so, and a site that is lost leaves no caller behind")
    func boundsAndForgetting() throws {
        var room = WaitingRoom(site: Fixture.north)
        for number in 0..<UInt64(Limits.waitingContactsMax) { try room.add(Fixture.waiting(number)) }
        #expect(throws: WaitingRoom.Refusal.full) { try room.add(Fixture.waiting(.max)) }
        try room.add(Fixture.waiting(1, site: Fixture.south))
        #expect(throws: WaitingRoom.Refusal.known) { try room.add(Fixture.waiting(1, site: Fixture.south)) }
        room.forget(Fixture.south)
        #expect(room.count == Limits.waitingContactsMax)
    }
}
