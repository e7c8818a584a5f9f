import ContactCenter
import Kernel
import Simulation
import SiteCore
import Testing

@Suite("A caller whose site is lost keeps the place in the queue")
struct PlaceScenarios {
    private let ada = "+49301001"
    private let bob = "+49301002"

    @Test("who is presented again at another site is served before those who came later, on the same ticket")
    func anotherSite() {
        var scenario = Scenario()
        _ = scenario.dial(0, "100", from: ada, patience: .seconds(60))
        scenario.run(.seconds(20))
        let first = scenario.records(1).first
        let second = scenario.dial(1, "100", from: bob)
        scenario.run(.seconds(2))
        scenario.crash(0, for: .seconds(40))
        scenario.run(.seconds(8))
        let again = scenario.dial(1, "100", from: ada)
        scenario.run(.seconds(2))
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(1, at: 1))
        expect(scenario.run(until: { $0.talks(again) }))
        #expect(!scenario.talks(second))
        expect(scenario.run(until: { $0.talks(second) }))
        expectWell(scenario.verdict())
        let heir = scenario.records(1).first {
            $0.callerNumber == ada && $0.originSite?.name != first?.originSite?.name
        }
        #expect(heir?.queuedAt == first?.startedAt)
        #expect(heir?.ticket == first?.ticket)
        #expect((heir?.waitMs ?? 0) > 25_000)
    }

    @Test("a site that starts again knows who waited there")
    func sameSite() {
        var scenario = Scenario()
        _ = scenario.dial(0, "100", from: ada, patience: .seconds(60))
        scenario.run(.seconds(15))
        scenario.crash(0, for: .seconds(3))
        scenario.run(.seconds(8))
        let second = scenario.dial(0, "100", from: bob)
        scenario.run(.seconds(1))
        let again = scenario.dial(0, "100", from: ada)
        scenario.run(.seconds(1))
        scenario.teach(0, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(0, at: 0))
        expect(scenario.run(until: { $0.talks(again) }))
        #expect(!scenario.talks(second))
        expectWell(scenario.verdict())
    }

    @Test("another caller with another number gets no place")
    func anotherNumber() {
        var scenario = Scenario()
        _ = scenario.dial(0, "100", from: ada, patience: .seconds(60))
        scenario.run(.seconds(20))
        scenario.crash(0, for: .seconds(40))
        scenario.run(.seconds(8))
        _ = scenario.dial(1, "100", from: bob, patience: .seconds(5))
        scenario.run(.seconds(10))
        expectWell(scenario.verdict())
        let other = scenario.records(1).first { $0.callerNumber == bob }
        #expect(other?.queuedAt == other?.startedAt)
    }

    @Test("when the site was only cut off, the old contact leaves as soon as the sites see each other")
    func mistakenWhileWaiting() {
        var scenario = Scenario()
        let old = scenario.dial(0, "100", from: ada)
        scenario.run(.seconds(10))
        scenario.cut(0, 1)
        scenario.cut(0, 2)
        scenario.run(.seconds(10))
        let again = scenario.dial(1, "100", from: ada)
        scenario.run(.seconds(5))
        scenario.heal(0, 1)
        scenario.heal(0, 2)
        expect(scenario.run(until: { $0.lastStatus(old) == 410 }))
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(1, at: 1))
        expect(scenario.run(until: { $0.talks(again) }))
        expectWell(scenario.verdict())
        #expect(scenario.records(2).first { $0.id.site?.name == "north" }?.outcome == .moved)
    }

    @Test("who is in conversation at the site that was only cut off is not put through a second time")
    func mistakenWhileTalking() {
        var scenario = Scenario()
        let old = scenario.dial(0, "100", from: ada)
        scenario.run(.seconds(5))
        scenario.cut(0, 1)
        scenario.cut(0, 2)
        scenario.run(.seconds(10))
        scenario.teach(0, .answers(after: .milliseconds(300), talks: .minutes(2)))
        expect(scenario.seat(0, at: 0))
        expect(scenario.run(until: { $0.talks(old) }))
        let again = scenario.dial(1, "100", from: ada)
        scenario.run(.seconds(2))
        scenario.heal(0, 1)
        scenario.heal(0, 2)
        expect(scenario.run(until: { $0.lastStatus(again) == 410 }))
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(1, at: 1))
        #expect(scenario.talks(old))
        expectWell(scenario.verdict())
    }
}
