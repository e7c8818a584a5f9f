import Glibc
import Kernel

/// How much is tried: a number of rounds and not a time, so that a run repeats.
///
/// Each shard is a seed of its own; a failure names shard and round, and the same numbers give the same bytes again.
enum FuzzRounds {
    /// The shards; they run side by side.
    static let shards: [UInt64] = Array(0..<8)

    /// Rounds of each shard: what the environment variable `TANDEM_FUZZ_ROUNDS` says, otherwise a few seconds' worth.
    static func perShard(default count: Int) -> Int {
        getenv("TANDEM_FUZZ_ROUNDS").flatMap { Int(String(cString: $0)) } ?? count
    }

    /// The random numbers of one round.
    static func random(shard: UInt64, round: Int) -> SeededRandom {
        SeededRandom(seed: shard &* 1_000_003 &+ UInt64(round))
    }
}
