import COpenSSL
import Glibc
import Kernel

/// What TLS sessions are made from: certificate, key and authorities as OpenSSL holds them.
///
/// `TLSContext` is a site among sites, `TLSServiceContext` a server for phones and a client of carriers.
///
/// Unchecked Sendable: OpenSSL counts its references atomically, and nothing changes once `init` has returned.
package class TLSParty: @unchecked Sendable {
    let raw: OpaquePointer

    /// Takes the OpenSSL object over.
    init(_ raw: OpaquePointer) {
        self.raw = raw
        tandem_ssl_ctx_no_sessions(raw)
        tandem_ssl_ctx_release_buffers(raw)
        // Every handshake in full: nothing resumed skips a check.
        SSL_CTX_set_num_tickets(raw, 0)
        SSL_CTX_set_verify_depth(raw, Int32(Limits.certificateChainDepthMax))
    }

    deinit {
        SSL_CTX_free(raw)
    }

    /// How failures are put.
    var words: TLSFailure.Words { .withOthers }

    /// Sets what a session asks of the other end.
    func prepare(_ ssl: OpaquePointer, _ role: TLSSession.Role, host: String?) throws(TransportError) {}

    /// Judges the other end once the handshake is done; the answer is which site it is, nil when it is none.
    func judge(_ ssl: OpaquePointer) throws(TransportError) -> TLSIdentity? { nil }

    /// A new OpenSSL context for either role; the caller frees it unless it makes a party of it.
    static func makeContext() throws(TransportError) -> OpaquePointer {
        OpenSSLErrors.clear()
        guard let context = SSL_CTX_new(TLS_method()) else {
            throw TransportError(.tlsFailed, "OpenSSL cannot make a context.", cause: OpenSSLErrors.take())
        }
        return context
    }

    /// Throws for the first file that cannot be read.
    static func checkReadable(_ files: [String]) throws(TransportError) {
        for file in files where access(file, R_OK) != 0 {
            throw TransportError(.tlsFile, "Cannot read \(file).", cause: String(cString: strerror(errno)))
        }
    }

    /// Trusts the authorities of a PEM file.
    static func loadAuthority(_ file: String, into context: OpaquePointer) throws(TransportError) {
        guard SSL_CTX_load_verify_file(context, file) == 1 else {
            throw TransportError(
                .tlsFile,
                "\(file) holds no authority's certificate in PEM form.",
                cause: OpenSSLErrors.take()
            )
        }
    }

    /// Shows the certificates of a PEM file, the own one first.
    static func loadCertificate(_ file: String, key: String, into context: OpaquePointer) throws(TransportError) {
        guard SSL_CTX_use_certificate_chain_file(context, file) == 1 else {
            throw TransportError(
                .tlsFile,
                "\(file) holds no certificate in PEM form.",
                cause: OpenSSLErrors.take()
            )
        }
        guard SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1,
            SSL_CTX_check_private_key(context) == 1
        else {
            throw TransportError(.tlsFile, "\(key) is not the private key of \(file).", cause: OpenSSLErrors.take())
        }
    }
}
