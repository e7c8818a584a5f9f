import COpenSSL
package import Kernel

/// Certificate, key and authority as OpenSSL holds them, checked and ready for many sessions.
///
/// To bring new certificate files into use, make a new context and give it to the sessions that come.
///
/// Unchecked Sendable: OpenSSL counts its references atomically, and nothing in the context changes once `init`
/// has returned.
package final class TLSContext: TLSParty, @unchecked Sendable {
    /// What it was made from.
    package let configuration: TLSConfiguration
    /// Whom this site's own certificate speaks for, and until when.
    package let identity: TLSIdentity
    /// The last moment of the authority that signed it; nil when that is not among those trusted here.
    package let authorityExpiresAt: WallTime?

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
        let context = try TLSParty.makeContext()
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
        protocolName = .allocate(capacity: name.count + 1)
        _ = protocolName.initialize(from: [UInt8(name.count)] + name)
        super.init(context)
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
        protocolName.deallocate()
    }

    override var words: TLSFailure.Words { .betweenSites }

    /// Which site the other end is.
    override func judge(_ ssl: OpaquePointer) throws(TransportError) -> TLSIdentity? {
        guard let certificate = SSL_get0_peer_certificate(ssl) else {
            throw TransportError(.tlsCertificateMissing, "The other end showed no certificate.")
        }
        try checkProtocol(ssl)
        let peer = try TLSCertificate(raw: certificate).identity()
        let cluster = configuration.cluster
        guard peer.cluster == cluster else {
            throw TransportError(
                .tlsClusterWrong,
                "The other end's certificate is \(peer), of cluster \(peer.cluster); this one is \(cluster)."
            )
        }
        return peer
    }

    private func checkProtocol(_ ssl: OpaquePointer) throws(TransportError) {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &length)
        let chosen = String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
        let wanted = configuration.applicationProtocol
        guard chosen == wanted else {
            throw TransportError(.tlsFailed, "The other end does not speak \(wanted).")
        }
    }

    /// TLS 1.3 only, and a certificate from both ends.
    private static func restrict(_ context: OpaquePointer) {
        _ = tandem_ssl_ctx_tls13_only(context)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }

    private static func load(_ files: TLSConfiguration, into context: OpaquePointer) throws(TransportError) {
        try TLSParty.checkReadable([files.authorityFile, files.certificateFile, files.keyFile])
        OpenSSLErrors.clear()
        try TLSParty.loadAuthority(files.authorityFile, into: context)
        try TLSParty.loadCertificate(files.certificateFile, key: files.keyFile, into: context)
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
