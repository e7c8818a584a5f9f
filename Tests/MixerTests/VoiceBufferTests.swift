import Kernel
import Mixer
import TestKit
import Testing

@Suite("Jitter")
struct VoiceBufferTests {
    /// A stream in which each sample says where it belongs.
    private static func piece(_ index: Int) -> [Int16] { (0..<160).map { Int16(index * 160 + $0 + 1) } }

    private static func put(_ index: Int, in buffer: inout VoiceBuffer, from start: UInt32, source: UInt32 = 7) {
        buffer.put(piece(index), timestamp: start &+ UInt32(index * 160), source: source)
    }

    @Test(
        "Loss, order and duplicates move nothing: each sample is heard at its place, or silence",
        arguments: Seeds.first(40)
    )
    func network(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        // Near the end of the numbers, so that they wrap.
        let start = UInt32.max - 3_000
        var buffer = VoiceBuffer()
        var pending: [(index: Int, due: Int)] = []
        var arrived: Set<Int> = [0]
        Self.put(0, in: &buffer, from: start)
        for index in 1..<100 {
            guard Int.random(in: 0..<10, using: &random) != 0 else { continue }
            // At most one tick late: within the delay of two.
            let copies = Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1
            for _ in 0..<copies { pending.append((index, index + Int.random(in: 0...1, using: &random))) }
        }
        for tick in 0..<110 {
            for packet in pending.filter({ $0.due == tick }).shuffled(using: &random) {
                Self.put(packet.index, in: &buffer, from: start)
                arrived.insert(packet.index)
            }
            let heard = buffer.take(160)
            let index = tick - 2
            let expected = index >= 0 && arrived.contains(index) ? Self.piece(index) : .init(repeating: 0, count: 160)
            #expect(heard == expected, "tick \(tick)")
        }
        #expect(buffer.samplesLate == 0)
    }

    @Test("What comes after its turn is not heard")
    func late() {
        var buffer = VoiceBuffer()
        Self.put(0, in: &buffer, from: 0)
        for _ in 0..<4 { _ = buffer.take(160) }
        Self.put(1, in: &buffer, from: 0)
        #expect(buffer.samplesLate == 160)
        let heard = buffer.take(160)
        #expect(heard.allSatisfy { $0 == 0 })
    }

    @Test(
        "A stream whose clock jumps is heard again soon, back or ahead",
        arguments: [UInt32(1) << 31, 50_000, 0 &- 90_000]
    )
    func jump(by step: UInt32) {
        var buffer = VoiceBuffer()
        for index in 0..<5 {
            Self.put(index, in: &buffer, from: 0)
            _ = buffer.take(160)
        }
        var ticks = 0, isHeard = false
        while !isHeard, ticks < 20 {
            Self.put(ticks, in: &buffer, from: step)
            ticks += 1
            isHeard = buffer.take(160).contains { $0 > 160 * 3 } && ticks > 3
        }
        #expect(isHeard && ticks <= Limits.mixerLateTicksMax + 4)
    }

    @Test("A new stream is heard at once, and nothing of the old one behind it")
    func newStream() {
        var buffer = VoiceBuffer()
        for index in 0..<5 { Self.put(index, in: &buffer, from: 0) }
        buffer.put([Int16](repeating: -5, count: 160), timestamp: 77, source: 8)
        let heard = [buffer.take(320), buffer.take(160), buffer.take(320)]
        #expect(zip(heard, [0, -5, 0]).allSatisfy { piece, level in piece.allSatisfy { $0 == level } })
    }

    @Test("No packet breaks it", arguments: Seeds.first(40))
    func anything(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var buffer = VoiceBuffer()
        for _ in 0..<300 {
            let count = Int.random(in: 0...Limits.mixerPacketSamplesMax, using: &random)
            let voice = [Int16](repeating: 1, count: count)
            let source = UInt32.random(in: 0...1, using: &random)
            buffer.put(voice, timestamp: UInt32.random(in: .min ... .max, using: &random), source: source)
            let heard = buffer.take(160)
            #expect(heard.count == 160)
        }
    }
}
