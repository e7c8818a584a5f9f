import Kernel

/// What came of one stream and is still to be heard, each sample at its own place.
///
/// A ring of samples in the stream's own time. What is lost stays silent, what comes twice lies where it lay, and what
/// comes in the wrong order lies right; it does not matter how long a packet is.
package struct VoiceBuffer: Sendable {
    private var samples = [Int16](repeating: 0, count: Limits.mixerBufferSamples)
    /// The stream's time of the next sample to be heard, and where that lies in the ring.
    private var timestamp: UInt32 = 0
    private var head = 0
    private var source: UInt32?
    /// Ticks in a row in which all came too late.
    ///
    /// Ticks, not packets: after a standstill of this machine many come at
    /// once, and most of them too late.
    private var lateTicks = 0
    private var isLate = false
    /// Samples that were never heard, because they came too late.
    package private(set) var samplesLate = 0

    /// Makes an empty one.
    package init() {}

    /// Puts a packet's samples where they belong.
    package mutating func put(_ voice: [Int16], timestamp time: UInt32, source: UInt32) {
        if source != self.source { restart(at: time, source) }
        var offset = Int(Int32(bitPattern: time &- timestamp))
        if offset + voice.count <= 0 {
            samplesLate += voice.count
            isLate = true
            guard lateTicks >= Limits.mixerLateTicksMax else { return }
            restart(at: time, source)
            offset = Limits.mixerDelaySamples
        } else if offset + voice.count > samples.count {
            restart(at: time, source)
            offset = Limits.mixerDelaySamples
        }
        (lateTicks, isLate) = (0, false)
        let skipped = max(0, -offset)
        samplesLate += skipped
        guard offset + voice.count <= samples.count else { return }
        for index in skipped..<voice.count { samples[(head + offset + index) % samples.count] = voice[index] }
    }

    /// Takes the next samples; silence where nothing came.
    ///
    /// Time runs on whether or not anything comes.
    package mutating func take(_ count: Int) -> [Int16] {
        var taken = [Int16](repeating: 0, count: count)
        guard source != nil else { return taken }
        if isLate { (lateTicks, isLate) = (lateTicks + 1, false) }
        for index in 0..<min(count, samples.count) {
            let place = (head + index) % samples.count
            taken[index] = samples[place]
            samples[place] = 0
        }
        head = (head + count) % samples.count
        timestamp &+= UInt32(truncatingIfNeeded: count)
        return taken
    }

    /// Leaves out what was to be heard in a time in which nobody listened.
    package mutating func skip(_ count: Int) {
        _ = take(min(count, samples.count))
        let rest = max(0, count - samples.count)
        head = (head + rest % samples.count) % samples.count
        timestamp &+= UInt32(truncatingIfNeeded: rest)
    }

    /// Begins anew with a packet that is to be heard after the usual delay.
    private mutating func restart(at time: UInt32, _ source: UInt32) {
        for index in samples.indices { samples[index] = 0 }
        self.source = source
        timestamp = time &- UInt32(Limits.mixerDelaySamples)
        (lateTicks, isLate) = (0, false)
    }
}
