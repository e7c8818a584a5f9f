import Kernel
package import Replication

/// Frames that wait for a link, the most urgent class first and in order within a class.
///
/// Each class has a bound in bytes; a single frame is always taken when its class is empty.
package struct SendQueue {
    private var lines: [Line]
    /// Bytes of all frames that wait.
    package private(set) var bytes = 0

    /// Starts empty.
    package init() {
        lines = TrafficClass.allCases.map { trafficClass in
            let most = SendQueue.bytesMax(of: trafficClass)
            return Line(bytesMax: most, resumeBytes: min(most, SendQueue.admitBytesMax(of: trafficClass)) / 2)
        }
    }

    /// The bound of a class in bytes.
    package static func bytesMax(of trafficClass: TrafficClass) -> Int {
        switch trafficClass {
        case .control: Limits.meshControlQueueBytesMax
        case .presence: Limits.meshPresenceQueueBytesMax
        case .live: Limits.meshDurableQueueBytesMax
        case .catchUp, .snapshot: Limits.meshBulkQueueBytesMax
        }
    }

    /// Up to how many waiting bytes of a class more of it may be read from disk.
    package static func admitBytesMax(of trafficClass: TrafficClass) -> Int {
        switch trafficClass {
        case .control, .presence, .live: bytesMax(of: trafficClass)
        case .catchUp, .snapshot: Limits.meshBulkAdmitBytesMax
        }
    }

    /// True when more of a class may be read from disk; when not, `takeRecovered` tells once it may again.
    package mutating func admits(_ trafficClass: TrafficClass) -> Bool {
        lines[Int(trafficClass.rawValue)].admits(SendQueue.admitBytesMax(of: trafficClass))
    }

    /// Adds an encoded envelope; false when its class has no room.
    package mutating func add(_ envelope: [UInt8], _ trafficClass: TrafficClass) -> Bool {
        guard lines[Int(trafficClass.rawValue)].add(envelope) else { return false }
        bytes += envelope.count
        return true
    }

    /// The size of what `take` would return; nil when no frame waits.
    package func nextBytes(upTo size: Int) -> Int? {
        var total = 0
        for line in lines {
            for envelope in line.waiting {
                guard total == 0 || total + envelope.count <= size else { return total }
                total += envelope.count
                if total >= size { return total }
            }
        }
        return total == 0 ? nil : total
    }

    /// Takes the next frames, joined up to `size` bytes, or one larger frame; nil when none waits.
    package mutating func take(upTo size: Int) -> [UInt8]? {
        guard let total = nextBytes(upTo: size) else { return nil }
        var batch: [UInt8] = []
        for index in lines.indices {
            while batch.count < total, let envelope = lines[index].takeFirst() {
                if batch.isEmpty { batch = envelope } else { batch += envelope }
            }
        }
        bytes -= batch.count
        return batch
    }

    /// Classes that refused a frame or more reading and are now at most half full, each told once.
    package mutating func takeRecovered() -> [TrafficClass] {
        TrafficClass.allCases.filter { lines[Int($0.rawValue)].takeRecovery() }
    }

    /// The frames of one class.
    private struct Line {
        let bytesMax: Int
        let resumeBytes: Int
        private var envelopes: [[UInt8]] = []
        private var next = 0
        private var bytes = 0
        private var hasRefused = false

        init(bytesMax: Int, resumeBytes: Int) {
            self.bytesMax = bytesMax
            self.resumeBytes = resumeBytes
        }

        mutating func admits(_ most: Int) -> Bool {
            if bytes > most { hasRefused = true }
            return bytes <= most
        }

        mutating func add(_ envelope: [UInt8]) -> Bool {
            guard bytes == 0 || bytes + envelope.count <= bytesMax else {
                hasRefused = true
                return false
            }
            bytes += envelope.count
            envelopes.append(envelope)
            return true
        }

        var waiting: ArraySlice<[UInt8]> { envelopes[next...] }

        mutating func takeFirst() -> [UInt8]? {
            guard next < envelopes.count else { return nil }
            let envelope = envelopes[next]
            envelopes[next] = []
            next += 1
            bytes -= envelope.count
            // Removing from the front in halves keeps the cost of each frame constant.
            if next == envelopes.count || next >= 1_024 && next * 2 >= envelopes.count {
                envelopes.removeFirst(next)
                next = 0
            }
            return envelope
        }

        mutating func takeRecovery() -> Bool {
            guard hasRefused, bytes <= resumeBytes else { return false }
            hasRefused = false
            return true
        }
    }
}
