/// A random number generator whose whole sequence follows from its seed.
///
/// The core draws chance only from one of these, handed in by the shell or the simulator, so that a run can be
/// replayed. SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014); not for
/// secrets: nonces and keys come from the shell's secure generator.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence of `seed`.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// An independent generator for a part of the system, so that one part's draws do not shift another's.
    package mutating func split() -> SeededRandom {
        SeededRandom(seed: next())
    }
}
