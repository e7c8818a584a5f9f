import COpenSSL
import Kernel

/// One end of an encrypted connection, as a value-like machine: ciphertext in, events and ciphertext out.
///
/// It owns no socket: `TLSConnection` moves the bytes. Not Sendable; it belongs to whoever made it.
package final class TLSSession {
    /// Which end this is.
    package enum Role: Hashable, Sendable {
        /// The end that dialled.
        case client
        /// The end that accepted.
        case server
    }

    /// What ciphertext amounted to.
    package enum Event: Hashable, Sendable {
        /// The handshake is done and this is the other end.
        ///
        /// In TLS 1.3 a client gets here before the server has judged the client's certificate: a refusal comes
        /// as an error of a later `receive`.
        case ready(TLSIdentity)
        /// The handshake with somebody who is no site is done, and the certificate is what was asked for.
        case secured
        /// Bytes that the other end sent.
        case received([UInt8])
        /// The other end said its last word.
        case ended
    }

    /// Which site the other end is, once the handshake is done; nil for ever when it is none.
    package private(set) var peer: TLSIdentity?
    /// The handshake is done.
    package private(set) var isReady = false

    private let context: TLSParty
    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    private(set) var hasEnded = false
    private var failure: TransportError?

    /// Makes a session; the client has its first message ready in `takeOutput`.
    ///
    /// `host` is whom a client wants to reach, a name or a numeric address, where the context goes by that.
    package init(_ context: TLSParty, role: Role, host: String? = nil) throws(TransportError) {
        guard let ssl = SSL_new(context.raw), let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem())
        else {
            throw TransportError(.tlsFailed, "OpenSSL cannot make a session.", cause: OpenSSLErrors.take())
        }
        self.context = context
        self.ssl = ssl
        self.input = input
        self.output = output
        SSL_set_bio(ssl, input, output)
        // From here on `deinit` frees it all, also when this throws.
        try context.prepare(ssl, role, host: host)
        if role == .client {
            SSL_set_connect_state(ssl)
            SSL_do_handshake(ssl)
        } else {
            SSL_set_accept_state(ssl)
        }
    }

    deinit {
        SSL_free(ssl)
    }

    /// Takes ciphertext.
    ///
    /// After an error only `takeOutput` is of use: it may hold the alert for the other end.
    package func receive(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> [Event] {
        if let failure { throw failure }
        OpenSSLErrors.clear()
        if !bytes.isEmpty { BIO_write(input, bytes.baseAddress, Int32(clamping: bytes.count)) }
        var events: [Event] = []
        do {
            if !isReady {
                guard try handshake() else { return events }
                peer = try context.judge(ssl)
                isReady = true
                events.append(peer.map { .ready($0) } ?? .secured)
            }
            try read(into: &events)
        } catch {
            failure = error
            throw error
        }
        return events
    }

    /// Encrypts bytes into the output.
    ///
    /// Only after `ready`.
    package func send(_ bytes: [UInt8]) throws(TransportError) {
        if let failure { throw failure }
        guard !bytes.isEmpty else { return }
        OpenSSLErrors.clear()
        var written = 0
        let status = bytes.withUnsafeBytes { SSL_write_ex(ssl, $0.baseAddress, $0.count, &written) }
        guard status == 1 else {
            throw TransportError(.tlsFailed, "The bytes could not be encrypted.", cause: OpenSSLErrors.take())
        }
    }

    /// Encrypts bytes that tell why this end gives up, and says this end's last word; false when the handshake is not
    /// done here, so that only TLS itself can tell.
    func sendLast(_ bytes: [UInt8]) -> Bool {
        guard failure != nil, SSL_is_init_finished(ssl) == 1 else { return false }
        OpenSSLErrors.clear()
        var written = 0
        let status = bytes.withUnsafeBytes { SSL_write_ex(ssl, $0.baseAddress, $0.count, &written) }
        SSL_shutdown(ssl)
        OpenSSLErrors.clear()
        return status == 1
    }

    /// Says this end's last word; what stands in the output must still be sent.
    package func sendEnd() {
        guard failure == nil, isReady else { return }
        OpenSSLErrors.clear()
        SSL_shutdown(ssl)
    }

    /// Ciphertext for the other end, in order; empty when there is none.
    package func takeOutput() -> [UInt8] {
        let count = Int(BIO_ctrl_pending(output))
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, Int(BIO_read(output, buffer.baseAddress, Int32(clamping: count))))
        }
    }

    /// One step of the handshake; true when it is done.
    private func handshake() throws(TransportError) -> Bool {
        let status = SSL_do_handshake(ssl)
        if status == 1 { return true }
        if SSL_get_error(ssl, status) == SSL_ERROR_WANT_READ { return false }
        throw TLSFailure.explain(ssl, context.words)
    }

    private func read(into events: inout [Event]) throws(TransportError) {
        while !hasEnded {
            var count = 0
            var status: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Limits.tlsPlaintextPieceBytes) { buffer, filled in
                status = SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
                filled = status == 1 ? count : 0
            }
            if status == 1 {
                events.append(.received(bytes))
                continue
            }
            switch SSL_get_error(ssl, status) {
            case SSL_ERROR_WANT_READ:
                return
            case SSL_ERROR_ZERO_RETURN:
                hasEnded = true
                events.append(.ended)
            default:
                throw TLSFailure.explain(ssl, context.words)
            }
        }
    }
}
