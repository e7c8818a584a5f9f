package import Foundation
package import Transport
import SwiftASN1
import X509

/// What a certificate file says, for people.
package struct CertificateFacts: Sendable {
    /// Its serial number, by which it is revoked.
    package let serial: CertificateSerial
    /// Whom it speaks for (`tandem://CLUSTER/SITE`); empty for an authority's certificate.
    package let names: [String]
    /// Whose certificate it is, as its authority wrote it.
    package let subject: String
    /// Who signed it.
    package let issuer: String
    /// Its first moment.
    package let validFrom: Date
    /// Its last moment.
    package let expiresAt: Date

    /// Reads the first certificate of a PEM file; throws `PKIError` when there is none.
    package init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PKIError(code: .unreadable, message: "\(path) cannot be read")
        }
        do {
            // A chain file begins with the certificate itself.
            let text = String(decoding: data, as: UTF8.self)
            let end = "-----END CERTIFICATE-----"
            let first = text.range(of: end).map { String(text[..<$0.upperBound]) } ?? text
            try self.init(Certificate(pemEncoded: first))
        } catch {
            throw PKIError(code: .invalid, message: "\(path) holds no certificate in PEM form: \(error)")
        }
    }

    /// The serial number that a text stands for: that of a certificate file of this name, or the number itself.
    ///
    /// Throws `PKIError` when it is neither.
    package static func serial(of text: String) throws -> CertificateSerial {
        if FileManager.default.fileExists(atPath: text) { return try CertificateFacts(path: text).serial }
        guard let serial = CertificateSerial(text) else {
            throw PKIError(
                code: .invalid,
                message: "'\(text)' is neither a certificate file nor a serial number in hexadecimal"
            )
        }
        return serial
    }

    private init(_ certificate: Certificate) throws {
        let digits = certificate.serialNumber.bytes.map { String(format: "%02x", $0) }.joined()
        guard let serial = CertificateSerial(digits) else {
            throw PKIError(code: .invalid, message: "the serial number \(digits) is too long")
        }
        self.serial = serial
        let alternatives = try certificate.extensions.subjectAlternativeNames
        names = (alternatives ?? SubjectAlternativeNames([])).compactMap { name in
            if case .uniformResourceIdentifier(let text) = name { text } else { nil }
        }
        subject = "\(certificate.subject)"
        issuer = "\(certificate.issuer)"
        validFrom = certificate.notValidBefore
        expiresAt = certificate.notValidAfter
    }
}
