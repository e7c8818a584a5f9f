import COpenSSL
import Glibc
import Kernel

/// Reads what we need of an X.509 certificate.
///
/// Borrows the OpenSSL object; whoever made it frees it.
struct TLSCertificate {
    let raw: OpaquePointer

    /// Whom it speaks for.
    ///
    /// Throws when it names no site or more than one: such a certificate would let its holder choose who to be.
    func identity() throws(TransportError) -> TLSIdentity {
        let names = try uris().filter { $0.hasPrefix("tandem:") }
        guard let name = names.first, let (cluster, site) = TLSIdentity.parse(name) else {
            throw TransportError(
                .tlsIdentityWrong,
                "The certificate names no site: it needs the alternative name URI:tandem://CLUSTER/SITE."
            )
        }
        guard names.count == 1 else {
            throw TransportError(
                .tlsIdentityWrong,
                "The certificate names \(names.count) sites (\(names.joined(separator: ", "))); one is allowed."
            )
        }
        return TLSIdentity(
            cluster: cluster,
            site: site,
            serial: serial,
            validFrom: validFrom,
            expiresAt: expiry
        )
    }

    /// Its serial number; zero, which no authority gives, when it cannot be read.
    var serial: CertificateSerial {
        guard let text = tandem_serial(raw) else { return .none }
        defer { tandem_serial_free(text) }
        return CertificateSerial(String(cString: text)) ?? .none
    }

    /// Its first moment; 1970 when the certificate holds no proper time.
    var validFrom: WallTime { wallTime(X509_get0_notBefore(raw)) }

    /// Its last moment; 1970 when the certificate holds no proper time.
    var expiry: WallTime { wallTime(X509_get0_notAfter(raw)) }

    private func wallTime(_ time: UnsafePointer<ASN1_TIME>?) -> WallTime {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return WallTime(milliseconds: 0) }
        return WallTime(milliseconds: Int64(timegm(&parts)) * 1_000)
    }

    /// Its alternative names of the kind URI.
    private func uris() throws(TransportError) -> [String] {
        guard let names = tandem_subject_names(raw) else { return [] }
        defer { tandem_names_free(names) }
        let count = Int(tandem_names_count(names))
        guard count <= Limits.certificateNamesMax else {
            throw TransportError(.tlsIdentityWrong, "The certificate holds \(count) names; one site needs one.")
        }
        return (0..<count).compactMap { index in
            var length: Int32 = 0
            guard let bytes = tandem_names_uri(names, Int32(index), &length) else { return nil }
            return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
        }
    }
}
