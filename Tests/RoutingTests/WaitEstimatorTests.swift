import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Estimate of waiting")
struct WaitEstimatorTests {
    private static let queue = QueueID("sales")

    /// A queue with Poisson arrivals, `agents` and exponential handling times; all that the estimator said of it.
    private struct Run {
        var estimator = WaitEstimator()
        var told: [(estimate: WaitEstimate, wait: Span, answeredAt: Instant)] = []
        var end = Instant.zero
    }

    private static func exponential(_ mean: Double, _ random: inout SeededRandom) -> Int64 {
        // Inverse transform; the logarithm by its series from the nearest power of two.
        let unit = Double.random(in: 1e-9..<1, using: &random)
        return Int64(mean * -naturalLogarithm(unit))
    }

    private static func naturalLogarithm(_ value: Double) -> Double {
        let exponent = Double(value.exponent)
        let ratio = (value.significand - 1) / (value.significand + 1)
        var term = ratio
        var sum = 0.0
        for step in 0..<30 {
            sum += term / Double(2 * step + 1)
            term *= ratio * ratio
        }
        return exponent * 0.693_147_180_559_945_3 + 2 * sum
    }

    private func simulate(
        seed: UInt64,
        agents: Int,
        load: Double,
        handling: Double,
        contacts: Int,
        known: Span? = nil
    ) -> Run {
        var random = SeededRandom(seed: seed)
        var run = Run()
        var now: Int64 = 0
        var line: [(id: ContactID, at: Int64, estimate: WaitEstimate?)] = []
        var busy: [Int64] = []
        var next: Int64 = 0
        var number: UInt64 = 0
        func tell(_ waiting: Int, _ free: Int) -> WaitEstimator.Load {
            WaitEstimator.Load(waiting: waiting, servers: agents, free: free, handling: known)
        }
        while number < UInt64(contacts) || !line.isEmpty {
            let freed = busy.min() ?? .max
            let arrives = number < UInt64(contacts) ? next : .max
            now = min(freed, arrives)
            if freed <= arrives, let place = busy.firstIndex(of: freed) {
                busy.remove(at: place)
            } else {
                let id = ContactID(site: Fixture.north, incarnation: 1, counter: number)
                number += 1
                next = now + Self.exponential(handling / (load * Double(agents)), &random)
                let estimate = run.estimator.arrive(
                    id,
                    in: Self.queue,
                    position: line.count + 1,
                    load: tell(line.count + 1, agents - busy.count),
                    at: Instant(milliseconds: now)
                )
                line.append((id, now, estimate))
            }
            while busy.count < agents, !line.isEmpty {
                let first = line.removeFirst()
                busy.append(now + Self.exponential(handling, &random))
                let load = tell(line.count, agents - busy.count)
                run.estimator.answer(first.id, load: load, at: Instant(milliseconds: now))
                if let estimate = first.estimate {
                    run.told.append((estimate, .milliseconds(now - first.at), Instant(milliseconds: now)))
                }
            }
        }
        run.end = Instant(milliseconds: now)
        return run
    }

    @Test("In a busy queue the range holds the true wait as often as it says", arguments: [4, 12, 40])
    func calibration(agents: Int) {
        var inside = 0
        var waited = 0
        for seed in Seeds.first(25) {
            let run = simulate(seed: seed, agents: agents, load: 1.05, handling: 180_000, contacts: 400)
            for (estimate, wait, _) in run.told where estimate.high > .zero {
                waited += 1
                if estimate.contains(wait) { inside += 1 }
            }
        }
        let share = Double(inside) / Double(waited)
        #expect(waited > 2_000)
        #expect(abs(share - WaitEstimator.statedShare) < 0.06, "\(share) of \(waited)")
    }

    @Test("Its mean is nearly without bias, though it is told nothing of the handling time")
    func unbiased() {
        var signed = 0.0
        var total = 0.0
        for seed in Seeds.first(25) {
            let run = simulate(seed: seed, agents: 20, load: 1.1, handling: 240_000, contacts: 500)
            // The first few contacts meet an estimator that knows nothing.
            for (estimate, wait, _) in run.told.dropFirst(100) {
                signed += (estimate.likely - wait).seconds
                total += wait.seconds
            }
        }
        #expect(abs(signed / total) < 0.08, "\(signed / total)")
    }

    @Test("Somebody free means no wait; nobody logged in means that nobody knows")
    func ends() {
        let estimator = WaitEstimator()
        let free = WaitEstimator.Load(waiting: 1, servers: 3, free: 2)
        #expect(estimator.estimate(in: Self.queue, position: 2, load: free, at: .zero) == WaitEstimate.none)
        let nobody = WaitEstimator.Load(waiting: 1, servers: 0, free: 0)
        #expect(estimator.estimate(in: Self.queue, position: 1, load: nobody, at: .zero) == nil)
        // Unknown: one in three agents is freed in 30 s when a contact takes 90 s.
        let busy = WaitEstimator.Load(waiting: 4, servers: 3, free: 0)
        let fourth = estimator.estimate(in: Self.queue, position: 4, load: busy, at: .zero)
        #expect(fourth?.likely == .seconds(120))
        let told = WaitEstimator.Load(waiting: 4, servers: 3, free: 0, handling: .seconds(180))
        #expect(estimator.estimate(in: Self.queue, position: 4, load: told, at: .zero)?.likely == .seconds(240))
    }

    @Test("While nothing moves, the estimate of who already waits grows")
    func nothingMoves() throws {
        var estimator = WaitEstimator()
        let load = WaitEstimator.Load(waiting: 1, servers: 2, free: 0)
        let id = ContactID("north-1-1")
        let told = estimator.arrive(id, in: Self.queue, position: 1, load: load, at: .zero)
        let first = try #require(told)
        var before = first
        for minute in 1...10 {
            let now = Instant(milliseconds: Int64(minute) * 60_000)
            let again = estimator.estimate(in: Self.queue, position: 1, load: load, at: now)
            let later = try #require(again)
            #expect(later.likely > before.likely && later.low >= before.low && later.high > before.high)
            before = later
        }
        #expect(first.low < first.likely && first.likely < first.high)
    }

    @Test("The published error is what a look at all answers of the last hour gives", arguments: Seeds.first(20))
    func errors(seed: UInt64) {
        let run = simulate(seed: seed, agents: 5, load: 0.98, handling: 150_000, contacts: 300)
        var expected = EstimateErrors()
        let present = run.end.milliseconds / 60_000
        for (estimate, wait, at) in run.told where present - at.milliseconds / 60_000 < 60 {
            expected.count(estimate, true: wait)
        }
        let errors = run.estimator.errors(of: Self.queue, at: run.end)
        #expect(errors == expected)
        #expect(errors.count > 20 && errors.count < run.told.count)
        let inside = Double(errors.inside) / Double(errors.count)
        #expect(errors.shareInside == inside)
        #expect(run.estimator.errors(of: Self.queue, at: run.end + .minutes(61)) == EstimateErrors())
        #expect(run.estimator.count == 0)
    }

    @Test("Those who give up ahead shorten the wait of those behind")
    func givingUp() throws {
        var patient = WaitEstimator()
        var leaving = WaitEstimator()
        for number in 0..<40 {
            let load = WaitEstimator.Load(waiting: 20, servers: 4, free: 0)
            for part in 0..<2 {
                let id = ContactID("north-1-\(number * 2 + part)")
                let now = Instant(milliseconds: Int64(number) * 30_000)
                patient.arrive(id, in: Self.queue, position: 20, load: load, at: now)
                leaving.arrive(id, in: Self.queue, position: 20, load: load, at: now)
            }
            let first = ContactID("north-1-\(number * 2)")
            let second = ContactID("north-1-\(number * 2 + 1)")
            let now = Instant(milliseconds: Int64(number) * 30_000 + 29_000)
            patient.answer(first, load: load, at: now)
            leaving.answer(first, load: load, at: now)
            leaving.leave(second, load: load, at: now)
        }
        let load = WaitEstimator.Load(waiting: 20, servers: 4, free: 0)
        let end = Instant(milliseconds: 1_200_000)
        let slow = try #require(patient.estimate(in: Self.queue, position: 20, load: load, at: end))
        let fast = try #require(leaving.estimate(in: Self.queue, position: 20, load: load, at: end))
        #expect(fast.likely < .milliseconds(slow.likely.milliseconds * 2 / 3))
    }

    @Test("No number makes it trap, and it keeps no more than its bounds", arguments: Seeds.first(20))
    func garbage(seed: UInt64) {
        var chaos = Chaos(seed: seed)
        var estimator = WaitEstimator()
        for round in 0..<400 {
            let id = ContactID("north-1-\(round % 37)")
            let handling = chaos.chance(3) ? Span.milliseconds(chaos.number()) : nil
            let load = WaitEstimator.Load(
                waiting: Int(chaos.number()),
                servers: Int(chaos.number()),
                free: Int(chaos.number()),
                handling: handling
            )
            let now = Instant(milliseconds: chaos.number())
            let position = Int(chaos.number())
            switch round % 4 {
            case 0: estimator.leave(id, load: load, at: now)
            case 1: estimator.answer(id, load: load, at: now)
            default: estimator.arrive(id, in: Self.queue, position: position, load: load, at: now)
            }
            if let estimate = estimator.estimate(in: Self.queue, position: position, load: load, at: now) {
                #expect(Span.zero <= estimate.low && estimate.low <= estimate.high)
            }
            _ = estimator.errors(of: Self.queue, at: now)
        }
        #expect(estimator.count <= 37)
    }
}
