import Kernel
import TestKit
import Testing

@Suite("Hybrid clock")
struct HybridClockTests {
    @Test("Stamps rise even while the wall clock stands or goes back")
    func rises() {
        var clock = HybridClock()
        var last = HybridTimestamp.zero
        for wall: Int64 in [1_000, 1_000, 999, 5, 1_001, 1_001] {
            let stamp = clock.stamp(at: WallTime(milliseconds: wall))
            #expect(stamp > last)
            last = stamp
        }
        #expect(last.wall == WallTime(milliseconds: 1_001))
    }

    @Test("A received stamp lies below everything stamped after it, at equal milliseconds too")
    func receives() {
        var clock = HybridClock()
        let wall = WallTime(milliseconds: 10_000)
        _ = clock.stamp(at: wall)
        for ahead: Int64 in [-50, 0, 50] {
            let received = HybridTimestamp(wall: WallTime(milliseconds: 10_000 + ahead), counter: 7)
            #expect(clock.receive(received, at: wall) == .taken)
            #expect(clock.stamp(at: wall) > received)
        }
    }

    @Test("A stamp beyond the bound is reported and does not move the clock")
    func refusesFuture() {
        var clock = HybridClock()
        let wall = WallTime(milliseconds: 10_000)
        let before = clock.stamp(at: wall)
        let far = HybridTimestamp(wall: wall + .seconds(6), counter: 0)
        #expect(clock.receive(far, at: wall) == .tooFarAhead(by: .seconds(6)))
        #expect(clock.last == before)
        #expect(clock.receive(HybridTimestamp(bits: .max), at: wall) != .taken)
    }

    @Test("After a restart from the reserve no stamp repeats", arguments: Seeds.first(50))
    func reserve(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var clock = HybridClock()
        var onDisk = HybridTimestamp.zero
        var wall: Int64 = 1_000_000
        var highest = HybridTimestamp.zero
        for _ in 0..<200 {
            wall += Int64.random(in: -50...400, using: &random)
            if Int.random(in: 0..<20, using: &random) == 0 {
                clock = HybridClock(reserved: onDisk)
                wall -= 3_000
            }
            let stamp = clock.stamp(at: WallTime(milliseconds: wall))
            if let mark = clock.extendReserve() { onDisk = mark }
            #expect(stamp > highest)
            #expect(stamp < onDisk)
            highest = stamp
        }
    }

    @Test("Along every chain of messages stamps rise, whatever the clocks show", arguments: Seeds.first(50))
    func causality(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var clocks = [HybridClock(), HybridClock(), HybridClock()]
        var walls: [Int64] = (0..<3).map { _ in Int64.random(in: 100_000...104_000, using: &random) }
        var newest = [HybridTimestamp](repeating: .zero, count: 3)
        for _ in 0..<300 {
            let from = Int.random(in: 0..<3, using: &random)
            let to = Int.random(in: 0..<3, using: &random)
            walls[from] += Int64.random(in: 0...3, using: &random)
            let sent = clocks[from].stamp(at: WallTime(milliseconds: walls[from]))
            #expect(sent > newest[from])
            newest[from] = sent
            #expect(clocks[to].receive(sent, at: WallTime(milliseconds: walls[to])) == .taken)
            newest[to] = max(newest[to], sent)
        }
    }
}
