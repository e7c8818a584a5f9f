/// Seeds for tests that check a law on many random cases.
///
/// The seeds are fixed: a failure names its seed and repeats.
package enum Seeds {
    /// The first `count` seeds.
    package static func first(_ count: Int) -> [UInt64] {
        (0..<UInt64(count)).map { $0 }
    }
}
