import Kernel
import Routing
import TestKit
import Testing

@Suite("Erlang")
struct ErlangTests {
    @Test("Erlang C gives the figures of the reference for 20 erlangs and 24 agents")
    func vectorC() throws {
        let queue = try #require(ErlangC(arrivalsPerSecond: 20.0 / 180, handlingSeconds: 180, agents: 24))
        #expect(abs(queue.waitProbability - 0.2981) < 0.0001)
        #expect(abs(queue.meanWait - 13.4) < 0.05)
        #expect(abs(queue.serviceLevel(within: 30) - 0.847) < 0.0005)
    }

    @Test("Erlang A gives the figures of the reference for 240 calls an hour and 21 agents")
    func vectorA() throws {
        let queue = try #require(
            ErlangA(arrivalsPerSecond: 240.0 / 3_600, handlingSeconds: 300, patienceSeconds: 120, agents: 21)
        )
        #expect(abs(queue.waitProbability - 0.355) < 0.0005)
        #expect(abs(queue.abandonment - 0.0848) < 0.00005)
        #expect(abs(queue.meanWait - 10.2) < 0.05)
    }

    @Test("With endless patience Erlang A is Erlang C")
    func limit() throws {
        for agents in [11, 12, 15, 40] {
            let patient = try #require(
                ErlangA(arrivalsPerSecond: 0.05, handlingSeconds: 200, patienceSeconds: 1e9, agents: agents)
            )
            let endless = try #require(ErlangC(arrivalsPerSecond: 0.05, handlingSeconds: 200, agents: agents))
            #expect(abs(patient.waitProbability - endless.waitProbability) < 1e-5)
            #expect(abs(patient.meanWait - endless.meanWait) < 1e-3 * endless.meanWait + 1e-6)
        }
    }

    @Test("Erlang A stands where Erlang C has no answer, and large loads do not overflow")
    func overload() throws {
        #expect(ErlangC(arrivalsPerSecond: 1, handlingSeconds: 100, agents: 100) == nil)
        let over = try #require(
            ErlangA(arrivalsPerSecond: 1, handlingSeconds: 100, patienceSeconds: 60, agents: 80)
        )
        // What cannot be served must leave: the share beyond capacity, at least.
        #expect(over.abandonment > 0.2 && over.abandonment < 0.25)
        let huge = try #require(
            ErlangA(arrivalsPerSecond: 40, handlingSeconds: 300, patienceSeconds: 120, agents: 10_000)
        )
        #expect(abs(huge.abandonment - (1 - 10_000.0 / 12_000)) < 0.001)
        let idle = try #require(
            ErlangA(arrivalsPerSecond: 0.001, handlingSeconds: 100, patienceSeconds: 60, agents: 50_000)
        )
        #expect(idle.waitProbability < 1e-12)
    }

    @Test("The fewest agents for a target reach it, and one fewer does not")
    func agentsNeeded() throws {
        for calls in [10.0, 100, 1_000, 20_000] {
            let rate = calls / 3_600
            let needed = try #require(
                ErlangC.agentsNeeded(arrivalsPerSecond: rate, handlingSeconds: 240, share: 0.8, within: 20)
            )
            func level(_ agents: Int) -> Double {
                ErlangC(arrivalsPerSecond: rate, handlingSeconds: 240, agents: agents)?.serviceLevel(within: 20) ?? 0
            }
            #expect(level(needed) >= 0.8)
            #expect(level(needed - 1) < 0.8)
        }
    }

    @Test("Numbers that make no sense are refused")
    func nonsense() {
        #expect(ErlangC(arrivalsPerSecond: .nan, handlingSeconds: 1, agents: 1) == nil)
        #expect(ErlangC(arrivalsPerSecond: 0.1, handlingSeconds: 1, agents: 0) == nil)
        #expect(ErlangA(arrivalsPerSecond: 0.1, handlingSeconds: -1, patienceSeconds: 1, agents: 1) == nil)
        #expect(
            ErlangC.agentsNeeded(arrivalsPerSecond: .infinity, handlingSeconds: 1, share: 0.8, within: 1) == nil
        )
    }
}

@Suite("Queue statistics")
struct QueueStatisticsTests {
    /// 70 answered in time, 10 abandoned in time, 20 late: the table of the reference.
    private var reference: QueueStatistics {
        var counts = QueueStatistics()
        for _ in 0..<100 { counts.enter() }
        for _ in 0..<70 { counts.answer(after: .seconds(10), threshold: .seconds(20)) }
        for _ in 0..<15 { counts.answer(after: .seconds(40), threshold: .seconds(20)) }
        for _ in 0..<10 { counts.abandon(after: .seconds(15), threshold: .seconds(20)) }
        for _ in 0..<5 { counts.abandon(after: .seconds(60), threshold: .seconds(20)) }
        return counts
    }

    @Test("The four service levels are those of the reference")
    func variants() throws {
        let counts = reference
        #expect(abs(try #require(counts.serviceLevel(.ignoreAbandons)) - 70.0 / 90) < 1e-12)
        #expect(abs(try #require(counts.serviceLevel(.negative)) - 0.7) < 1e-12)
        #expect(abs(try #require(counts.serviceLevel(.positive)) - 0.8) < 1e-12)
        #expect(abs(try #require(counts.serviceLevel(.handledOnly)) - 70.0 / 85) < 1e-12)
        #expect(abs(try #require(counts.serviceLevel(.negative, overdue: 40)) - 0.5) < 1e-12)
        #expect(QueueStatistics().serviceLevel(.negative) == nil)
    }

    @Test("A caller who hangs up at once is no abandoned one")
    func shortAbandon() {
        var counts = reference
        counts.enter()
        counts.abandon(after: .milliseconds(4_999), threshold: .seconds(20))
        #expect(counts.abandoned == 15)
        #expect(counts.shortAbandoned == 1)
        #expect(counts.abandonment == 0.15)
    }

    @Test("Sums of sites are the cluster's figures")
    func merge() {
        var other = QueueStatistics()
        other.enter()
        other.answer(after: .seconds(100), threshold: .seconds(20))
        other.handle(talk: .seconds(60), wrapUp: .seconds(26))
        let sum = reference + other
        #expect(sum.offered == 101)
        #expect(sum.answered == 86)
        #expect(sum.longestWait == .seconds(100))
        #expect(sum.handlingTime == .seconds(1))
        #expect(sum.speedOfAnswer == .milliseconds((70 * 10 + 15 * 40 + 100) * 1_000 / 86))
    }
}
