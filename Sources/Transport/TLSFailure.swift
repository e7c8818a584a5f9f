import COpenSSL

/// Turns OpenSSL's account of a failed handshake or read into one that helps.
enum TLSFailure {
    /// How it is put: what helps between sites does not help with a phone or a carrier.
    enum Words {
        case betweenSites
        case withOthers

        var missing: String {
            switch self {
            case .betweenSites: "The other end showed no certificate; between sites both ends must."
            case .withOthers: "The other end showed no certificate; this site's configuration asks for one."
            }
        }

        var otherAuthority: String {
            switch self {
            case .betweenSites: "The other end's certificate is not from this cluster's authority."
            case .withOthers: "The other end's certificate is not from an authority that is trusted here."
            }
        }

        var version: String {
            switch self {
            case .betweenSites: "The other end does not speak TLS 1.3."
            case .withOthers: "The other end does not speak TLS 1.2 or 1.3 (or no TLS at all)."
            }
        }
    }

    /// Explains the failure of the last call on a session.
    static func explain(_ ssl: OpaquePointer, _ words: Words) -> TransportError {
        let reason = Int32(OpenSSLErrors.first & 0x7F_FFFF)
        // Why a signature did not fit stands before the verdict, so this one is looked for at the end.
        let verdict = Int32(OpenSSLErrors.last & 0x7F_FFFF)
        let verified = SSL_get_verify_result(ssl)
        let cause = OpenSSLErrors.take()
        if verdict == SSL_R_CERTIFICATE_VERIFY_FAILED || reason == SSL_R_CERTIFICATE_VERIFY_FAILED {
            return badCertificate(Int32(clamping: verified), words)
        }
        switch reason {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return TransportError(.tlsCertificateMissing, words.missing, cause: cause)
        case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, SSL_R_BAD_RECORD_TYPE, SSL_R_DATA_LENGTH_TOO_LONG,
            SSL_R_ENCRYPTED_LENGTH_TOO_LONG, SSL_R_UNEXPECTED_EOF_WHILE_READING:
            return TransportError(
                .tlsRecordBroken,
                "Encrypted bytes were damaged, repeated, left out or put in another order on their way.",
                cause: cause
            )
        default:
            return toldBy(alert: reason, ssl, words, cause)
                ?? TransportError(.tlsFailed, "The encrypted connection failed.", cause: cause)
        }
    }

    private static func badCertificate(_ verified: Int32, _ words: Words) -> TransportError {
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
                .tlsCertificateNotYetValid,
                "The other end's certificate is not valid yet; one of the two machines' clocks is wrong.",
                cause: text
            )
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return TransportError(.tlsAuthorityUnknown, words.otherAuthority, cause: text)
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return TransportError(
                .tlsIdentityWrong,
                "The other end's certificate is for another host than the one that was to be reached.",
                cause: text
            )
        default:
            return TransportError(.tlsFailed, "The other end's certificate is not acceptable.", cause: text)
        }
    }

    /// What the other end said of us before it hung up.
    private static func toldBy(
        alert reason: Int32,
        _ ssl: OpaquePointer,
        _ words: Words,
        _ cause: String?
    ) -> TransportError? {
        func told(_ code: TransportError.Code, _ message: String) -> TransportError {
            TransportError(code, message, cause: cause, isToldByPeer: true)
        }
        switch reason {
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
            return told(
                .tlsAuthorityUnknown,
                "The other end refused this site's certificate: it does not know the authority."
            )
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
            return told(
                .tlsCertificateExpired,
                "The other end refused this site's certificate: it has expired; issue a new one."
            )
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
            // TLS has no word for a certificate whose time has not begun; whether that was it, this end can see.
            if let own = SSL_get_certificate(ssl), TLSCertificate(raw: own).validFrom > SystemClock.wall {
                return told(
                    .tlsCertificateNotYetValid,
                    "The other end refused this site's certificate: it is not valid yet."
                )
            }
            return told(.tlsFailed, "The other end refused this site's certificate.")
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            return told(.tlsCertificateMissing, "The other end refused this site: it showed no certificate.")
        case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
            return told(.tlsFailed, "The other end speaks another application protocol.")
        case SSL_R_SSLV3_ALERT_BAD_RECORD_MAC:
            return told(
                .tlsRecordBroken,
                "The other end received encrypted bytes that were damaged, repeated or in another order."
            )
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_VERSION_NUMBER,
            SSL_R_HTTP_REQUEST:
            return TransportError(.tlsFailed, words.version, cause: cause)
        default:
            return nil
        }
    }
}
