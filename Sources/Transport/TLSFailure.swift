import COpenSSL

/// Turns OpenSSL's account of a failed handshake or read into one that helps.
enum TLSFailure {
    /// Explains the failure of the last call on a session.
    static func explain(_ ssl: OpaquePointer) -> TransportError {
        let number = OpenSSLErrors.first
        let reason = Int32(number & 0x7F_FFFF)
        let verified = SSL_get_verify_result(ssl)
        let cause = OpenSSLErrors.take()
        if reason == SSL_R_CERTIFICATE_VERIFY_FAILED {
            return badCertificate(Int32(clamping: verified), cause)
        }
        if reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE {
            return TransportError(
                .tlsCertificateMissing,
                "The other end showed no certificate; between sites both ends must.",
                cause: cause
            )
        }
        if let told = toldBy(alert: reason, cause) { return told }
        return TransportError(.tlsFailed, "The encrypted connection failed.", cause: cause)
    }

    private static func badCertificate(_ verified: Int32, _ cause: String?) -> TransportError {
        let text = String(cString: X509_verify_cert_error_string(Int(verified)))
        switch verified {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return TransportError(
                .tlsCertificateExpired,
                "The other end's certificate has expired; issue a new one there (or this machine's clock is wrong).",
                cause: text
            )
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return TransportError(
                .tlsCertificateExpired,
                "The other end's certificate is not valid yet; one of the two machines' clocks is wrong.",
                cause: text
            )
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return TransportError(
                .tlsAuthorityUnknown,
                "The other end's certificate is not from this cluster's authority.",
                cause: text
            )
        default:
            return TransportError(.tlsFailed, "The other end's certificate is not acceptable.", cause: text)
        }
    }

    /// What the other end said of us before it hung up.
    private static func toldBy(alert reason: Int32, _ cause: String?) -> TransportError? {
        switch reason {
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
            TransportError(
                .tlsAuthorityUnknown,
                "The other end refused this site's certificate: it does not know the authority.",
                cause: cause
            )
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
            TransportError(
                .tlsCertificateExpired,
                "The other end refused this site's certificate: it has expired; issue a new one.",
                cause: cause
            )
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            TransportError(
                .tlsCertificateMissing,
                "The other end refused this site: it showed no certificate.",
                cause: cause
            )
        case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
            TransportError(.tlsFailed, "The other end speaks another application protocol.", cause: cause)
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_VERSION_NUMBER:
            TransportError(.tlsFailed, "The other end does not speak TLS 1.3.", cause: cause)
        default:
            nil
        }
    }
}
