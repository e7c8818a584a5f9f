package import Kernel

/// A TCP connection with TLS on it: between sites, where both ends show who they are, or with phones and trunks.
///
/// Confined to the loop. `onReady` or `onSecured` comes once the handshake is done; `onClose` exactly once, last, also
/// when the handshake fails. Callbacks are dropped with it.
package final class TLSConnection {
    /// The connection below.
    package let tcp: TCPConnection
    /// The handshake is done: this is the other end.
    package var onReady: ((TLSIdentity) -> Void)?
    /// The handshake with somebody who is no site is done.
    package var onSecured: (() -> Void)?
    /// Receives what the other end sent.
    package var onReceive: (([UInt8]) -> Void)?
    /// At most half of what may wait to be sent waits again.
    package var onWritable: (() -> Void)?
    /// The other end is refused once the handshake is done: what to tell it.
    ///
    /// TLS has words for few reasons; this is how the other end hears the exact one.
    package var lastWords: ((TransportError) -> [UInt8])?
    /// It is closed; the error is nil when one end asked for it in good order.
    package var onClose: ((TransportError?) -> Void)?

    private let session: TLSSession
    private var handshakeTimer: LoopTimer?
    private var failure: TransportError?
    private var hasFinished = false

    /// Puts TLS on a connection that has just been made, and begins the handshake.
    package init(
        over tcp: TCPConnection,
        _ context: TLSParty,
        role: TLSSession.Role,
        host: String? = nil,
        handshakeTimeout: Span = Limits.tlsHandshakeTimeout
    ) throws(TransportError) {
        self.tcp = tcp
        session = try TLSSession(context, role: role, host: host)
        handshakeTimer = try LoopTimer.make(on: tcp.loop) { [unowned self] in
            fail(TransportError(.timedOut, "No TLS handshake within \(handshakeTimeout.seconds) s."))
        }
        handshakeTimer?.arm(after: handshakeTimeout)
        // The connection below holds this one until it has closed.
        tcp.onReceiveRaw = { self.receive($0) }
        tcp.onWritable = { self.onWritable?() }
        tcp.onEnd = { self.ended() }
        tcp.onClose = { self.closed($0) }
        tcp.startReading()
        flush()
    }

    /// Which site the other end is, once the handshake is done.
    package var peer: TLSIdentity? { session.peer }

    /// The handshake is done.
    package var isReady: Bool { session.isReady }

    /// Ciphertext that waits to be sent.
    package var pendingBytes: Int { tcp.pendingBytes }

    /// True when `write` would take so many bytes.
    package func hasRoom(for count: Int) -> Bool {
        tcp.pendingBytes == 0 || tcp.pendingBytes + count + count / 64 + 64 <= tcp.pendingBytesMax
    }

    /// Encrypts and sends bytes, or takes none of them.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> TCPConnection.WriteOutcome {
        guard session.isReady, failure == nil, !tcp.isClosing else { return .closed }
        // A session's records must not be lost once made: the room is checked before.
        guard hasRoom(for: bytes.count) else { return .full }
        do {
            try session.send(bytes)
        } catch {
            fail(error)
            return .closed
        }
        return flush() ? .accepted : .closed
    }

    /// Says this end's last word and closes when the other end has said its own, or after a short wait.
    package func finish() {
        hasFinished = true
        session.sendEnd()
        flush()
        tcp.finish()
        if !tcp.isClosing && !session.isReady { tcp.close() }
    }

    /// Closes at once.
    package func close() {
        tcp.close()
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        do {
            let events = try session.receive(bytes)
            flush()
            for event in events where !tcp.isClosing { handle(event) }
        } catch {
            fail(error)
        }
    }

    private func handle(_ event: TLSSession.Event) {
        switch event {
        case .ready(let identity):
            handshakeTimer?.close()
            onReady?(identity)
        case .secured:
            handshakeTimer?.close()
            onSecured?()
        case .received(let bytes):
            onReceive?(bytes)
        case .ended:
            session.sendEnd()
            flush()
            tcp.finish()
        }
    }

    /// Sends what the session has for the other end.
    @discardableResult
    private func flush() -> Bool {
        let output = session.takeOutput()
        return output.isEmpty || tcp.write(output, beyondBound: true) == .accepted
    }

    /// Ends the connection because of an error, after the alert that tells the other end.
    private func fail(_ error: TransportError) {
        guard failure == nil else { return }
        failure = error
        if let words = lastWords?(error) { _ = session.sendLast(words) }
        flush()
        tcp.finish()
    }

    /// The connection ended; without TLS's own end before it, somebody cut it or the other process died.
    private func ended() {
        if failure == nil, !hasFinished, session.isReady, !session.hasEnded {
            failure = TransportError(.connectionLost, "The connection ended without the other end's last word.")
        }
        tcp.finish()
    }

    private func closed(_ reason: TransportError?) {
        handshakeTimer?.close()
        handshakeTimer = nil
        let error = failure ?? reason ?? early()
        let told = onClose
        onReady = nil
        onSecured = nil
        onReceive = nil
        onWritable = nil
        lastWords = nil
        onClose = nil
        told?(error)
    }

    private func early() -> TransportError? {
        guard !session.isReady else { return nil }
        return TransportError(.connectionLost, "The other end hung up during the TLS handshake.")
    }
}
