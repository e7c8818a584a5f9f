import Kernel
import Replication
import Transport

// Frames go out by urgency, as the other end takes them.

extension MeshLink {
    /// Bytes that wait to be sent.
    var queuedBytes: Int { queue.bytes + connection.pendingBytes }

    /// Queues a frame.
    func send(_ body: [UInt8], _ trafficClass: TrafficClass) -> MeshSendOutcome {
        guard stage == .up, !isEnding else { return .notLinked }
        guard body.count + FrameEnvelope.overhead <= Limits.frameBytesMax, !body.isEmpty else { return .dropped }
        if queue.add(FrameEnvelope(trafficClass: trafficClass, body: body).encoded(), trafficClass) {
            planSending()
            return .queued
        }
        switch trafficClass {
        case .control:
            let text = "More than \(Limits.meshControlQueueBytesMax) bytes of control frames waited."
            close(MeshReason(.controlBacklog, text))
            return .notLinked
        case .presence:
            return .dropped
        case .live, .catchUp, .snapshot:
            return .full
        }
    }

    /// True when more of a class may be read from disk.
    func hasRoom(for trafficClass: TrafficClass) -> Bool {
        stage != .up || isEnding || queue.admits(trafficClass)
    }

    func sendSignOfLife() {
        if queue.add(FrameEnvelope(trafficClass: .control, body: []).encoded(), .control) { planSending() }
    }

    /// Sends at the end of this turn of the loop, so that what one turn produced goes out together.
    private func planSending() {
        guard !isSendingPlanned else { return }
        isSendingPlanned = true
        connection.tcp.loop.schedule {
            self.isSendingPlanned = false
            self.pump()
        }
    }

    /// Hands over what the connection has room for; the rest stays where something more urgent can pass it.
    func pump() {
        while stage != .closed, let size = queue.nextBytes(upTo: Limits.meshBatchBytes), connection.hasRoom(for: size),
            let batch = queue.take(upTo: Limits.meshBatchBytes)
        {
            lastSent = SystemClock.instant
            guard connection.write(batch) == .accepted else { return }
        }
        for trafficClass in queue.takeRecovered() where stage == .up { onWritable?(trafficClass) }
    }
}
