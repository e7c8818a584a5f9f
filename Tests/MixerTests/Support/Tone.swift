import Foundation
import Mixer

/// A sound of one pitch.
struct Tone {
    /// Its pitch in cycles a second.
    let pitch: Double

    /// Samples from a place on.
    func samples(from start: Int, count: Int) -> [Int16] {
        (start..<start + count).map { Int16(8_000 * sin(2 * .pi * pitch * Double($0) / 8_000)) }
    }

    /// How loud it is in a sound: 1 is as loud as it is made (Goertzel's algorithm).
    func loudness(in samples: [Int16]) -> Double {
        let factor = 2 * cos(2 * .pi * pitch / 8_000)
        var last = 0.0, before = 0.0
        for sample in samples { (last, before) = (Double(sample) + factor * last - before, last) }
        let power = last * last + before * before - factor * last * before
        return power.squareRoot() / (Double(samples.count) / 2) / 8_000
    }
}
