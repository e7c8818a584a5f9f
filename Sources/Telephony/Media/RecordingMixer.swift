import Kernel

/// Lays what two parties said side by side: left the outer, right the inner, silence where nobody spoke.
///
/// Packets are put where they belong in their stream, so that jitter is not heard; a stream's first packet, and the
/// first after a gap, where it came. Time runs on through pauses. Keeps some seconds in memory, whatever the length.
struct RecordingMixer {
    /// Samples a second.
    static let rate: Int64 = 8_000

    private struct Stream {
        /// Where its timestamp zero lies; wraps with it.
        var timestamp: UInt32
        var position: Int64
    }

    private var window: [Int16] = []
    private var windowStart: Int64 = 0
    private var firstTime: Int64?
    private var lastTime: Int64 = 0
    /// What was cut out of pauses that were too long, in microseconds.
    private var cut: Int64 = 0
    private var end: Int64 = 0
    private var streams: [UInt64: Stream] = [:]

    /// Samples of each channel so far.
    var length: Int64 { end }

    /// Takes a packet and gives finished sound to `sink`: both channels' samples in turn.
    mutating func take(
        _ packet: VoicePacket,
        channel: Int,
        time: Int64,
        sink: ([Int16]) throws -> Void
    ) rethrows {
        let first = firstTime ?? time
        if firstTime == nil { (firstTime, lastTime) = (time, time) }
        let gapMax = Limits.recordingGapMax.milliseconds * 1_000
        if time - lastTime > gapMax { cut += time - lastTime - gapMax }
        lastTime = max(lastTime, time)
        let arrival = max(0, (time - first - cut) * Self.rate / 1_000_000)
        let position = place(packet, channel: channel, arrival: arrival)
        guard position + Int64(packet.samples.count) <= Limits.recordingMax.milliseconds * Self.rate / 1_000 else {
            return
        }
        try flush(before: arrival - Limits.recordingWindow.milliseconds * Self.rate / 1_000, sink)
        write(packet.samples, at: position, channel: channel)
    }

    /// Gives the rest.
    mutating func finish(sink: ([Int16]) throws -> Void) rethrows { try flush(before: end, sink) }

    private mutating func place(_ packet: VoicePacket, channel: Int, arrival: Int64) -> Int64 {
        let key = UInt64(packet.source) << 1 | UInt64(channel)
        if let stream = streams[key] {
            let step = Int64(Int32(bitPattern: packet.timestamp &- stream.timestamp))
            let position = stream.position + step
            if abs(position - arrival) <= Self.jitterMax, position >= 0 {
                streams[key] = Stream(timestamp: packet.timestamp, position: position)
                return position
            }
        }
        // A phone with a new stream for every packet is broken or hostile; it is heard where its packets come.
        if streams.count >= Self.streamsMax { streams.removeAll(keepingCapacity: true) }
        streams[key] = Stream(timestamp: packet.timestamp, position: arrival)
        return arrival
    }

    private mutating func write(_ samples: [Int16], at position: Int64, channel: Int) {
        let skipped = max(0, Int(windowStart - position))
        guard skipped < samples.count else { return }
        let start = Int(position + Int64(skipped) - windowStart) * 2
        let needed = start + (samples.count - skipped) * 2
        if window.count < needed { window += [Int16](repeating: 0, count: needed - window.count) }
        for (index, sample) in samples[skipped...].enumerated() { window[start + index * 2 + channel] = sample }
        end = max(end, windowStart + Int64(window.count / 2))
    }

    /// Hands out what lies before `position`; a long silence in pieces.
    private mutating func flush(before position: Int64, _ sink: ([Int16]) throws -> Void) rethrows {
        while windowStart < position {
            let count = Int(min(position - windowStart, Self.pieceMax))
            var done = Array(window.prefix(count * 2))
            window.removeFirst(done.count)
            if done.count < count * 2 { done += [Int16](repeating: 0, count: count * 2 - done.count) }
            windowStart += Int64(count)
            end = max(end, windowStart)
            try sink(done)
        }
    }

    private static let pieceMax = rate * 4
    /// A quarter of a second: what jitter and a phone's drifting clock may move a packet by.
    private static let jitterMax = rate / 4
    private static let streamsMax = 256
}
