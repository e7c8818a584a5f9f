import Kernel
import Replication
import Transport

/// One connection to another site: greets, cuts the stream into frames, sends by urgency, notices silence.
///
/// The first envelope from each end has an empty body: the welcome, which says that the certificate was accepted.
/// Only then is the link up, because in TLS 1.3 the dialling end finishes its handshake before the other has
/// judged it. Later empty envelopes are signs of life. Instead of a welcome may come a refusal with its reason.
///
/// Confined to the loop.
final class MeshLink {
    /// How far it has come.
    enum Stage {
        case handshake, greeting, up, closed
    }

    let connection: TLSConnection
    /// Whom this end dialled; nil when the other end dialled.
    let dialled: SiteID?
    private(set) var site: SiteID?
    private(set) var stage = Stage.handshake

    /// The handshake is done; the answer is why the other end is not welcome, nil when it is.
    var judge: ((TLSIdentity) -> String?)?
    /// The other end said welcome.
    var onUp: (() -> Void)?
    /// A frame arrived.
    var onFrame: ((TrafficClass, [UInt8]) -> Void)?
    /// There is room again in a class that was full.
    var onWritable: ((TrafficClass) -> Void)?
    /// It is gone.
    var onClose: ((String) -> Void)?

    private let idleTimeout: Span
    private var decoder = FrameDecoder()
    private var queue = SendQueue()
    /// A batch taken from the queue that the connection had no room for.
    private var held: [UInt8]?
    private var isSendingPlanned = false
    private var closeReason: String?
    private var timer: LoopTimer?
    private var lastHeard = SystemClock.instant
    private var lastSent = SystemClock.instant

    init(_ connection: TLSConnection, dialled: SiteID?, idleTimeout: Span) throws(TransportError) {
        self.connection = connection
        self.dialled = dialled
        self.idleTimeout = idleTimeout
        connection.tcp.pendingBytesMax = Limits.meshWriteAheadBytes * 2
        timer = try LoopTimer.make(on: connection.tcp.loop) { [unowned self] in watch() }
        timer?.arm(after: watchInterval)
        // The connection below holds this link until it has closed.
        connection.onReady = { self.greet($0) }
        connection.onReceive = { self.receive($0) }
        connection.onWritable = { self.pump() }
        connection.onClose = { self.closed($0) }
    }

    /// Bytes that wait to be sent.
    var queuedBytes: Int { queue.bytes + (held?.count ?? 0) + connection.pendingBytes }

    /// Queues a frame.
    func send(_ body: [UInt8], _ trafficClass: TrafficClass) -> MeshSendOutcome {
        guard stage == .up else { return .notLinked }
        guard body.count + FrameEnvelope.overhead <= Limits.frameBytesMax, !body.isEmpty else { return .dropped }
        if queue.add(FrameEnvelope(trafficClass: trafficClass, body: body).encoded(), trafficClass) {
            planSending()
            return .queued
        }
        switch trafficClass {
        case .control:
            close("More than \(Limits.meshControlQueueBytesMax) bytes of control frames waited.")
            return .notLinked
        case .presence:
            return .dropped
        case .live, .catchUp, .snapshot:
            return .full
        }
    }

    /// Closes at once.
    func close(_ reason: String) {
        if closeReason == nil { closeReason = reason }
        connection.close()
    }

    private func greet(_ identity: TLSIdentity) {
        site = identity.site
        stage = .greeting
        if let refusal = judge?(identity) {
            closeReason = refusal
            connection.write(FrameEnvelope(.refuse(.other(refusal))).encoded())
            connection.finish()
        } else {
            sendSignOfLife()
        }
    }

    private func receive(_ bytes: [UInt8]) {
        lastHeard = SystemClock.instant
        do {
            for envelope in try decoder.receive(bytes) where closeReason == nil && stage != .closed {
                handle(envelope)
            }
        } catch {
            close("The other end sent a broken frame: \(error).")
        }
    }

    private func handle(_ envelope: FrameEnvelope) {
        switch (stage, envelope.body.isEmpty) {
        case (.greeting, true):
            stage = .up
            onUp?()
        case (.greeting, false):
            if case .refuse(.other(let reason)) = try? FrameCodec.decode(envelope.body) {
                close("The other end refused: \(reason)")
            } else {
                close("The other end sent a frame before its welcome.")
            }
        case (.up, false):
            onFrame?(envelope.trafficClass, envelope.body)
        default:
            break
        }
    }

    private func sendSignOfLife() {
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

    private func pump() {
        while stage != .closed, connection.pendingBytes < Limits.meshWriteAheadBytes,
            let batch = held ?? queue.take(upTo: Limits.meshBatchBytes)
        {
            held = nil
            lastSent = SystemClock.instant
            switch connection.write(batch) {
            case .accepted: continue
            case .full: held = batch
            case .closed: return
            }
            break
        }
        for trafficClass in queue.takeRecovered() where stage == .up { onWritable?(trafficClass) }
    }

    private var watchInterval: Span { .milliseconds(max(1, idleTimeout.milliseconds / 4)) }

    /// Looks whether the other end is silent, and lets it hear something.
    private func watch() {
        let now = SystemClock.instant
        if now - lastHeard >= idleTimeout {
            close("Nothing was heard from the other end for \(idleTimeout.seconds) s.")
            return
        }
        if stage == .up, now - lastSent >= watchInterval { sendSignOfLife() }
        timer?.arm(after: watchInterval)
    }

    private func closed(_ error: TransportError?) {
        stage = .closed
        timer?.close()
        let told = onClose
        judge = nil
        onUp = nil
        onFrame = nil
        onWritable = nil
        onClose = nil
        told?(closeReason ?? error?.description ?? "The other end closed the link.")
    }
}
