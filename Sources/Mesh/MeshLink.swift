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
    var judge: ((TLSIdentity) -> MeshReason?)?
    /// The other end said welcome.
    var onUp: (() -> Void)?
    /// A frame arrived.
    var onFrame: ((TrafficClass, [UInt8]) -> Void)?
    /// There is room again in a class that was full.
    var onWritable: ((TrafficClass) -> Void)?
    /// It is gone.
    var onClose: ((MeshReason) -> Void)?

    private let idleTimeout: Span
    private var decoder = FrameDecoder()
    var queue = SendQueue()
    var isSendingPlanned = false
    private var closeReason: MeshReason?
    private var timer: LoopTimer?
    private var lastHeard = SystemClock.instant
    var lastSent = SystemClock.instant

    init(_ connection: TLSConnection, dialled: SiteID?, idleTimeout: Span) throws(TransportError) {
        self.connection = connection
        self.dialled = dialled
        self.idleTimeout = idleTimeout
        connection.tcp.pendingBytesMax = Limits.meshWriteAheadBytes
        connection.tcp.limitUnsentInKernel(to: Limits.meshKernelUnsentBytesMax)
        connection.lastWords = { FrameEnvelope(.refuse(MeshReason($0).refusal)).encoded() }
        timer = try LoopTimer.make(on: connection.tcp.loop) { [unowned self] in watch() }
        timer?.arm(after: watchInterval)
        // The connection below holds this link until it has closed.
        connection.onReady = { self.greet($0) }
        connection.onReceive = { self.receive($0) }
        connection.onWritable = { self.pump() }
        connection.onClose = { self.closed($0) }
    }

    /// True once this end has decided to close.
    var isEnding: Bool { closeReason != nil }

    /// Closes at once.
    func close(_ reason: MeshReason) {
        if closeReason == nil { closeReason = reason }
        connection.close()
    }

    /// Closes after what is most urgent of the frames that wait.
    func end(_ reason: MeshReason) {
        guard closeReason == nil else { return }
        closeReason = reason
        pump()
        connection.finish()
    }

    /// Closes after telling the other end why.
    func refuse(_ reason: MeshReason) {
        guard closeReason == nil else { return }
        closeReason = reason
        connection.write(FrameEnvelope(.refuse(reason.refusal)).encoded())
        connection.finish()
    }

    private func greet(_ identity: TLSIdentity) {
        site = identity.site
        stage = .greeting
        if let reason = judge?(identity) { refuse(reason) } else { sendSignOfLife() }
    }

    private func receive(_ bytes: [UInt8]) {
        lastHeard = SystemClock.instant
        do throws(FrameError) {
            for envelope in try decoder.receive(bytes) where closeReason == nil && stage != .closed {
                handle(envelope)
            }
        } catch {
            close(MeshReason(error))
        }
    }

    private func handle(_ envelope: FrameEnvelope) {
        switch (stage, envelope.body.isEmpty) {
        case (.greeting, true):
            stage = .up
            onUp?()
        case (.greeting, false):
            if case .refuse(let refusal) = try? FrameCodec.decode(envelope.body) {
                close(MeshReason(refusal, isToldByPeer: true))
            } else {
                close(MeshReason(.frameBeforeWelcome, "The other end sent a frame before its welcome."))
            }
        case (.up, false):
            onFrame?(envelope.trafficClass, envelope.body)
        default:
            break
        }
    }

    private var watchInterval: Span { .milliseconds(max(1, idleTimeout.milliseconds / 4)) }

    /// Looks whether the other end is silent, and lets it hear something.
    private func watch() {
        let now = SystemClock.instant
        if now - lastHeard >= idleTimeout {
            close(MeshReason(.silence, "Nothing was heard from the other end for \(idleTimeout.seconds) s."))
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
        told?(closeReason ?? ending(error))
    }

    /// Why the link is gone when this end did not close it.
    private func ending(_ error: TransportError?) -> MeshReason {
        let reason =
            error.map { MeshReason($0) } ?? MeshReason(.closed, "The other end closed the link.")
        guard decoder.pending > 0, reason.kind == .closed || reason.kind == .lost else { return reason }
        return MeshReason(
            .frameTruncated,
            "The link ended within a frame, of which \(decoder.pending) bytes had come. \(reason.text)"
        )
    }
}
