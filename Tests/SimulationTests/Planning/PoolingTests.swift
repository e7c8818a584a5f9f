import Kernel
import Simulation
import TestKit
import Testing

@Suite("Pooling")
struct PoolingTests {
    /// Enough that the interval of confidence of the controlled mean is far below the five percent.
    private func check() -> PoolingCheck {
        var check = PoolingCheck()
        check.calls = 8_000
        check.warmUp = 1_000
        return check
    }

    @Test("Three linked sites of 20 agents wait like one pool of 60: Erlang C within five percent")
    func linked() throws {
        let outcome = try #require(check().run())
        #expect(outcome.waitError + outcome.wait.halfWidth / outcome.formulaWait < 0.05, "\(outcome.wait)")
        #expect(outcome.result.acrossSites > 500)
    }

    @Test("With patience of two minutes wait and abandonment are Erlang A's within five percent")
    func impatient() throws {
        var check = check()
        check.patience = .seconds(120)
        check.load = 1
        let outcome = try #require(check.run())
        #expect(outcome.waitError + outcome.wait.halfWidth / outcome.formulaWait < 0.05, "\(outcome.wait)")
        #expect(
            outcome.abandonmentError + outcome.abandonment.halfWidth / outcome.formulaAbandonment < 0.05,
            "\(outcome.abandonment)"
        )
    }

    @Test("The same callers at sites that are not linked wait several times as long")
    func isolated() throws {
        var apart = check()
        apart.isLinked = false
        apart.calls = 4_000
        let alone = try #require(apart.run())
        let linked = try #require(check().run())
        // 20 agents alone: Erlang C gives 49.6 s, five times the 9.7 s of the pool.
        #expect(alone.waitError + alone.wait.halfWidth / alone.formulaWait < 0.05)
        #expect(alone.formulaWait > 4 * linked.formulaWait)
        #expect(alone.result.acrossSites == 0)
        #expect(alone.wait.mean > 4 * linked.wait.mean)
    }
}
