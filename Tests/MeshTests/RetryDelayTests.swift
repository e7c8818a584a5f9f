import Kernel
import Mesh
import TestKit
import Testing

@Suite("Waits before a peer is dialled again")
struct RetryDelayTests {
    private static let least = Limits.meshRetryMin.milliseconds
    private static let most = Limits.meshRetryMax.milliseconds

    private func waits(_ count: Int, seed: UInt64) -> [Int64] {
        var random = SeededRandom(seed: seed)
        var delay = RetryDelay()
        return (0..<count).map { _ in delay.next(using: &random).milliseconds }
    }

    @Test("Each wait lies between the shortest and a doubling bound", arguments: Seeds.first(200))
    func bounds(seed: UInt64) {
        for (round, wait) in waits(40, seed: seed).enumerated() {
            let bound = min(Self.most, Self.least << (min(round, 10) + 1))
            #expect(wait >= Self.least && wait <= bound)
        }
    }

    @Test("A reset starts over with a short wait", arguments: Seeds.first(20))
    func reset(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var delay = RetryDelay()
        for _ in 0..<20 { _ = delay.next(using: &random) }
        delay.reset()
        #expect(delay.next(using: &random) <= Limits.meshRetryMin * 2)
    }

    @Test("From the sixth failure on, waits are spread evenly from the shortest to the longest")
    func spread() {
        let all = (0..<2_000 as Range<UInt64>).flatMap { waits(10, seed: $0)[6...] }
        let width = Double(Self.most - Self.least + 1) / 10
        var tenths = [Int](repeating: 0, count: 10)
        for wait in all { tenths[min(9, Int(Double(wait - Self.least) / width))] += 1 }
        // 8,000 draws: 800 in each tenth, with a standard deviation of 27.
        #expect(tenths.allSatisfy { (665...935).contains($0) }, "\(tenths)")
        #expect((all.min() ?? 0) < Self.least + 50 && (all.max() ?? 0) > Self.most - 50)
    }

    @Test("Sites that lost each other at one moment do not dial at one moment, not even the first time")
    func apart() {
        for round in [0, 6] {
            let moments = (0..<100 as Range<UInt64>).map { waits(round + 1, seed: $0)[round] }
            let crowd = Dictionary(grouping: moments) { $0 / 10 }.values.map(\.count).max() ?? 0
            #expect(crowd <= (round == 0 ? 25 : 5), "\(crowd) of 100 within 10 ms in round \(round)")
        }
    }
}
