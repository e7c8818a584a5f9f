import Kernel

/// How loud each stretch of a recording is, for a drawing: the loudest sample of each channel.
///
/// The length is not known before the end, so stretches become twice as long whenever they have become too many.
struct RecordingPeaks: Hashable {
    private(set) var left: [UInt8] = []
    private(set) var right: [UInt8] = []
    /// Frames (a sample of each channel) in a stretch.
    private(set) var framesPerPeak = 80
    private var filled = 0

    init() {}

    /// Takes the next frames: both channels' samples in turn.
    mutating func take(_ samples: [Int16]) {
        for index in stride(from: 0, to: samples.count - 1, by: 2) {
            if filled == framesPerPeak || left.isEmpty {
                if left.count == Self.stretchesMax { halve() }
                if filled == framesPerPeak || left.isEmpty {
                    left.append(0)
                    right.append(0)
                    filled = 0
                }
            }
            filled += 1
            left[left.count - 1] = max(left[left.count - 1], Self.loudness(samples[index]))
            right[right.count - 1] = max(right[right.count - 1], Self.loudness(samples[index + 1]))
        }
    }

    /// The same in at most `count` stretches.
    func peaks(_ count: Int) -> (left: [UInt8], right: [UInt8]) {
        let wanted = min(max(1, count), left.count)
        func fold(_ peaks: [UInt8]) -> [UInt8] {
            (0..<wanted).map { index in
                let from = index * peaks.count / wanted, to = max(from + 1, (index + 1) * peaks.count / wanted)
                return peaks[from..<to].max() ?? 0
            }
        }
        return left.isEmpty ? ([], []) : (fold(left), fold(right))
    }

    /// A header's plain bytes: length of the sound in bytes, then the peaks.
    func header(soundBytes: Int) -> [UInt8] {
        let numbers = [UInt64(soundBytes), UInt64(framesPerPeak), UInt64(left.count), 0]
        let head = numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) } }
        let used = head + left + right
        return used + [UInt8](repeating: 0, count: RecordingForm.headerBytes - used.count)
    }

    /// Reads a header back; nil when it is none.
    static func read(_ header: [UInt8]) -> (peaks: RecordingPeaks, soundBytes: Int)? {
        guard header.count == RecordingForm.headerBytes else { return nil }
        let numbers = (0..<3).map { place in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(header[place * 8 + $1]) << UInt64(8 * $1) }
        }
        guard let bytes = Int(exactly: numbers[0]), let frames = Int(exactly: numbers[1]), frames > 0,
            let count = Int(exactly: numbers[2]), count <= stretchesMax
        else { return nil }
        var peaks = RecordingPeaks()
        peaks.left = Array(header[32..<(32 + count)])
        peaks.right = Array(header[(32 + count)..<(32 + 2 * count)])
        peaks.framesPerPeak = frames
        return (peaks, bytes)
    }

    private mutating func halve() {
        func half(_ peaks: [UInt8]) -> [UInt8] {
            stride(from: 0, to: peaks.count, by: 2).map { max(peaks[$0], peaks[min($0 + 1, peaks.count - 1)]) }
        }
        (left, right) = (half(left), half(right))
        // The number is even, so the last stretch is whole and the next one begins.
        framesPerPeak *= 2
        filled = framesPerPeak
    }

    private static let stretchesMax = 2 * Limits.recordingPeaks

    private static func loudness(_ sample: Int16) -> UInt8 {
        UInt8(truncatingIfNeeded: min(255, Int(sample.magnitude) >> 7))
    }
}
