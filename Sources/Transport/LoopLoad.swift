import Synchronization

/// How busy a loop was over a stretch of time.
package struct LoopLoad: Hashable, Sendable {
    /// Times that the loop woke up.
    package let turns: Int
    /// The longest turn: what arrived at its start waited this long for the next look, in nanoseconds.
    package let longestTurnNanoseconds: UInt64
    /// All turns together, in nanoseconds.
    package let busyNanoseconds: UInt64
}

/// Sums kept by the loop's thread and read by any other.
struct LoopCounters: ~Copyable, Sendable {
    private let turns = Atomic<Int>(0)
    private let longest = Atomic<UInt64>(0)
    private let busy = Atomic<UInt64>(0)

    func add(_ nanoseconds: UInt64) {
        turns.wrappingAdd(1, ordering: .relaxed)
        longest.max(nanoseconds, ordering: .relaxed)
        busy.wrappingAdd(nanoseconds, ordering: .relaxed)
    }

    func take() -> LoopLoad {
        LoopLoad(
            turns: turns.exchange(0, ordering: .relaxed),
            longestTurnNanoseconds: longest.exchange(0, ordering: .relaxed),
            busyNanoseconds: busy.exchange(0, ordering: .relaxed)
        )
    }
}
