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
        lines = TrafficClass.allCases.map { Line(bytesMax: SendQueue.bytesMax(of: $0)) }
    }

    /// The bound of a class in bytes.
    package static func bytesMax(of trafficClass: TrafficClass) -> Int {
        switch trafficClass {
        case .control: Limits.meshControlQueueBytesMax
        case .presence: Limits.meshPresenceQueueBytesMax
        case .live, .catchUp, .snapshot: Limits.meshDurableQueueBytesMax
        }
    }

    /// Adds an encoded envelope; false when its class has no room.
    package mutating func add(_ envelope: [UInt8], _ trafficClass: TrafficClass) -> Bool {
        guard lines[Int(trafficClass.rawValue)].add(envelope) else { return false }
        bytes += envelope.count
        return true
    }

    /// Takes the next frames, joined until they reach `size` bytes; nil when none waits.
    package mutating func take(upTo size: Int) -> [UInt8]? {
        var batch: [UInt8] = []
        for index in lines.indices {
            while batch.count < size, let envelope = lines[index].takeFirst() {
                if batch.isEmpty { batch = envelope } else { batch += envelope }
            }
        }
        bytes -= batch.count
        return batch.isEmpty ? nil : batch
    }

    /// Classes that refused a frame and are now at most half full, each told once.
    package mutating func takeRecovered() -> [TrafficClass] {
        TrafficClass.allCases.filter { lines[Int($0.rawValue)].takeRecovery() }
    }

    /// The frames of one class.
    private struct Line {
        let bytesMax: Int
        private var envelopes: [[UInt8]] = []
        private var next = 0
        private var bytes = 0
        private var hasRefused = false

        init(bytesMax: Int) {
            self.bytesMax = bytesMax
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
            guard hasRefused, bytes <= bytesMax / 2 else { return false }
            hasRefused = false
            return true
        }
    }
}
