import COpenSSL
import Glibc
package import Kernel

/// Certificate, key and authority as OpenSSL holds them, checked and ready for many sessions.
///
/// To bring new certificate files into use, make a new context and give it to the sessions that come.
///
/// Unchecked Sendable: OpenSSL counts its references atomically, and nothing in the context changes once `init`
/// has returned.
package final class TLSContext: @unchecked Sendable {
    /// What it was made from.
    package let configuration: TLSConfiguration
    /// Whom this site's own certificate speaks for, and until when.
    package let identity: TLSIdentity
    /// The last moment of the authority that signed it; nil when that is not among those trusted here.
    package let authorityExpiresAt: WallTime?

    let raw: OpaquePointer
    /// The protocol's name as OpenSSL wants it: one byte of length, then the name.
    ///
    /// Read by its C callback.
    private let protocolName: UnsafeMutableBufferPointer<UInt8>

    /// Loads and checks the files; errors say which file and what to do.
    package init(_ configuration: TLSConfiguration) throws(TransportError) {
        let name = Array(configuration.applicationProtocol.utf8)
        guard (1...255).contains(name.count) else {
            throw TransportError(.tlsFailed, "The application protocol's name needs 1 to 255 bytes, not \(name.count).")
        }
        guard let context = SSL_CTX_new(TLS_method()) else {
            throw TransportError(.tlsFailed, "OpenSSL cannot make a context.", cause: OpenSSLErrors.take())
        }
        do {
            try TLSContext.load(configuration, into: context)
            identity = try TLSContext.ownIdentity(configuration, context)
            authorityExpiresAt = SSL_CTX_get0_certificate(context).flatMap { tandem_issuer(context, $0) }
                .map { TLSCertificate(raw: $0).expiry }
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        self.configuration = configuration
        raw = context
        protocolName = .allocate(capacity: name.count + 1)
        _ = protocolName.initialize(from: [UInt8(name.count)] + name)
        TLSContext.restrict(context)
        SSL_CTX_set_alpn_protos(context, protocolName.baseAddress, UInt32(protocolName.count))
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, out, outLength, offered, offeredLength, argument in
                guard let argument else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                let own = argument.assumingMemoryBound(to: UInt8.self)
                let chosen = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(out))?
                    .assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self)
                let status = SSL_select_next_proto(
                    chosen,
                    outLength,
                    own,
                    UInt32(own.pointee) + 1,
                    offered,
                    offeredLength
                )
                return status == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL
            },
            protocolName.baseAddress
        )
    }

    deinit {
        SSL_CTX_free(raw)
        protocolName.deallocate()
    }

    /// TLS 1.3 only, a certificate from both ends, every handshake in full: nothing resumed skips a check.
    private static func restrict(_ context: OpaquePointer) {
        _ = tandem_ssl_ctx_tls13_only(context)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        SSL_CTX_set_verify_depth(context, Int32(Limits.certificateChainDepthMax))
        SSL_CTX_set_num_tickets(context, 0)
        tandem_ssl_ctx_no_sessions(context)
        tandem_ssl_ctx_release_buffers(context)
    }

    private static func load(_ files: TLSConfiguration, into context: OpaquePointer) throws(TransportError) {
        for file in [files.authorityFile, files.certificateFile, files.keyFile] where access(file, R_OK) != 0 {
            throw TransportError(.tlsFile, "Cannot read \(file).", cause: String(cString: strerror(errno)))
        }
        OpenSSLErrors.clear()
        guard SSL_CTX_load_verify_file(context, files.authorityFile) == 1 else {
            throw TransportError(
                .tlsFile,
                "\(files.authorityFile) holds no authority's certificate in PEM form.",
                cause: OpenSSLErrors.take()
            )
        }
        guard SSL_CTX_use_certificate_chain_file(context, files.certificateFile) == 1 else {
            throw TransportError(
                .tlsFile,
                "\(files.certificateFile) holds no certificate in PEM form.",
                cause: OpenSSLErrors.take()
            )
        }
        guard SSL_CTX_use_PrivateKey_file(context, files.keyFile, SSL_FILETYPE_PEM) == 1,
            SSL_CTX_check_private_key(context) == 1
        else {
            throw TransportError(
                .tlsFile,
                "\(files.keyFile) is not the private key of \(files.certificateFile).",
                cause: OpenSSLErrors.take()
            )
        }
    }

    private static func ownIdentity(
        _ files: TLSConfiguration,
        _ context: OpaquePointer
    ) throws(TransportError) -> TLSIdentity {
        guard let certificate = SSL_CTX_get0_certificate(context) else {
            throw TransportError(.tlsFile, "\(files.certificateFile) holds no certificate.")
        }
        let identity: TLSIdentity
        do {
            identity = try TLSCertificate(raw: certificate).identity()
        } catch {
            throw TransportError(error.code, "\(files.certificateFile): \(error.message)")
        }
        guard identity.cluster == files.cluster else {
            throw TransportError(
                .tlsClusterWrong,
                "\(files.certificateFile) is for cluster \(identity.cluster), this site belongs to \(files.cluster)."
            )
        }
        return identity
    }
}
