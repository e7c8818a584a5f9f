import COpenSSL
package import Kernel

/// The files of a TLS service: one that anybody may call, or that calls servers by their names.
package struct TLSServiceConfiguration: Hashable, Sendable {
    /// PEM file with the own certificate, then those between it and its authority; nil shows none, as a client may.
    package var certificateFile: String?
    /// PEM file with the certificate's private key, without a passphrase.
    package var keyFile: String?
    /// PEM file with the authorities that the other end's certificate must come from; nil: those of the system.
    package var authorityFile: String?
    /// Whether a server asks its clients for a certificate and refuses those without one.
    package var requiresClientCertificate: Bool

    /// Makes a configuration.
    package init(
        certificateFile: String? = nil,
        keyFile: String? = nil,
        authorityFile: String? = nil,
        requiresClientCertificate: Bool = false
    ) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.authorityFile = authorityFile
        self.requiresClientCertificate = requiresClientCertificate
    }
}

/// TLS 1.2 and 1.3 with those who are no sites: phones that call in, carriers that are called.
///
/// As a client it sends nothing before the server's certificate has proved, by an authority that is trusted here, the
/// name or address that was asked for (RFC 5922 §7.3 without wildcards within a label).
///
/// Unchecked Sendable for the reason of `TLSParty`.
package final class TLSServiceContext: TLSParty, @unchecked Sendable {
    /// What it was made from.
    package let configuration: TLSServiceConfiguration
    /// The last moment of the own certificate; nil when there is none.
    package let expiresAt: WallTime?

    /// Loads and checks the files; errors say which file and what to do.
    package init(_ configuration: TLSServiceConfiguration) throws(TransportError) {
        self.configuration = configuration
        let context = try TLSParty.makeContext()
        do {
            try TLSServiceContext.load(configuration, into: context)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        expiresAt = SSL_CTX_get0_certificate(context).map { TLSCertificate(raw: $0).expiry }
        _ = tandem_ssl_ctx_tls12_up(context)
        super.init(context)
    }

    override func prepare(_ ssl: OpaquePointer, _ role: TLSSession.Role, host: String?) throws(TransportError) {
        guard role == .client else {
            if expiresAt == nil {
                throw TransportError(.tlsFile, "A TLS server needs a certificate; none is configured.")
            }
            let mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            SSL_set_verify(ssl, configuration.requiresClientCertificate ? mode : SSL_VERIFY_NONE, nil)
            return
        }
        guard let host, !host.isEmpty else {
            throw TransportError(.tlsIdentityWrong, "It is not known whose certificate the server must show.")
        }
        SSL_set_verify(ssl, SSL_VERIFY_PEER, nil)
        if SocketAddress(host: host, port: 0) != nil {
            guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1 else {
                throw TransportError(.tlsIdentityWrong, "\(host) cannot be looked for in a certificate.")
            }
            return
        }
        SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard SSL_set1_host(ssl, host) == 1, tandem_ssl_server_name(ssl, host) == 1 else {
            throw TransportError(.tlsIdentityWrong, "\(host) is no host name.")
        }
    }

    private static func load(
        _ files: TLSServiceConfiguration,
        into context: OpaquePointer
    ) throws(TransportError) {
        let named = [files.certificateFile, files.keyFile, files.authorityFile].compactMap(\.self)
        try checkReadable(named)
        OpenSSLErrors.clear()
        if let authority = files.authorityFile {
            try loadAuthority(authority, into: context)
            if files.requiresClientCertificate {
                // Tells clients which of their certificates would do.
                SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(authority))
            }
        } else {
            SSL_CTX_set_default_verify_paths(context)
        }
        switch (files.certificateFile, files.keyFile) {
        case (let certificate?, let key?): try loadCertificate(certificate, key: key, into: context)
        case (nil, nil): break
        default: throw TransportError(.tlsFile, "A certificate needs its key, and a key its certificate.")
        }
    }
}
