import Crypto
package import Foundation
package import Kernel
import SwiftASN1
import X509

/// The cluster's own certificate authority: a key and a self-signed certificate in a directory.
///
/// It signs one certificate a site. What makes a certificate good for a site is its URI name
/// `tandem://<cluster>/<site>`, not its host name: sites move between machines, their names do not.
package struct CertificateAuthority {
    private let certificate: Certificate
    private let key: Certificate.PrivateKey
    /// The cluster that the authority serves.
    package let cluster: String

    /// How long an authority's certificate is valid: long enough to outlive the machines of its sites.
    package static let authorityDays = 3_650
    /// How long a site's certificate is valid by default.
    package static let siteDays = 825

    /// Makes a new authority for `cluster` in `directory` and writes `authority.pem` and `authority-key.pem`.
    ///
    /// Throws `PKIError` when one of the files exists: an authority is never overwritten.
    package static func create(cluster: String, directory: String, now: Date) throws -> CertificateAuthority {
        guard isClusterName(cluster) else {
            throw PKIError(
                code: .invalid,
                message: "'\(cluster)' cannot name a cluster; use lower-case letters, digits and hyphens, letter first"
            )
        }
        let files = PEMDirectory(path: directory)
        try files.requireAbsent([authorityFile, authorityKeyFile])
        let signingKey = P256.Signing.PrivateKey()
        let key = Certificate.PrivateKey(signingKey)
        let name = try DistinguishedName {
            OrganizationName("Tandem")
            CommonName("\(cluster) authority")
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-clockSlack),
            notValidAfter: now.addingTimeInterval(Double(authorityDays) * 86_400),
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key
        )
        try files.write(authorityFile, try certificate.serializeAsPEM().pemString, secret: false)
        try files.write(authorityKeyFile, signingKey.pemRepresentation, secret: true)
        return CertificateAuthority(certificate: certificate, key: key, cluster: cluster)
    }

    /// Opens the authority in `directory`.
    ///
    /// Throws `PKIError` when it is missing or damaged.
    package static func open(directory: String) throws -> CertificateAuthority {
        let files = PEMDirectory(path: directory)
        let certificateText = try files.read(authorityFile)
        let keyText = try files.read(authorityKeyFile)
        do {
            let certificate = try Certificate(pemEncoded: certificateText)
            let key = try Certificate.PrivateKey(pemEncoded: keyText)
            guard certificate.publicKey == key.publicKey else {
                throw PKIError(
                    code: .invalid,
                    message: "\(directory): \(authorityKeyFile) is not the key of \(authorityFile); restore the pair"
                )
            }
            return CertificateAuthority(certificate: certificate, key: key, cluster: try clusterName(certificate))
        } catch let error as PKIError {
            throw error
        } catch {
            throw PKIError(code: .invalid, message: "\(directory): the authority cannot be read: \(error)")
        }
    }

    /// Signs a certificate for `site` and writes `<site>.pem` and `<site>-key.pem`.
    ///
    /// `hosts` are added as host names and addresses for tools that look at them. Throws `PKIError` when one of
    /// the files exists and `replace` is false.
    package func issue(
        site: SiteID,
        hosts: [String],
        directory: String,
        days: Int,
        replace: Bool,
        now: Date
    ) throws {
        let files = PEMDirectory(path: directory)
        if !replace { try files.requireAbsent(["\(site).pem", "\(site)-key.pem"]) }
        let siteKey = P256.Signing.PrivateKey()
        let publicKey = Certificate.PrivateKey(siteKey).publicKey
        var names: [GeneralName] = [.uniformResourceIdentifier("tandem://\(cluster)/\(site)")]
        names += hosts.map { SubjectHost($0).generalName }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-Self.clockSlack),
            notValidAfter: now.addingTimeInterval(Double(days) * 86_400),
            issuer: certificate.subject,
            subject: try DistinguishedName {
                OrganizationName("Tandem")
                CommonName(site.name)
            },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                SubjectAlternativeNames(names)
            },
            issuerPrivateKey: key
        )
        try files.write("\(site).pem", try certificate.serializeAsPEM().pemString, secret: false)
        try files.write("\(site)-key.pem", siteKey.pemRepresentation, secret: true)
    }

    // MARK: - Private

    private static let authorityFile = "authority.pem"
    private static let authorityKeyFile = "authority-key.pem"
    /// A certificate made just now must be valid on a machine whose clock is a little behind.
    private static let clockSlack: Double = 3_600

    private static func isClusterName(_ name: String) -> Bool {
        SiteID(name) != nil
    }

    private static func clusterName(_ certificate: Certificate) throws -> String {
        for relative in certificate.subject {
            for attribute in relative where attribute.type == .RDNAttributeType.commonName {
                let text = String(describing: attribute.value)
                if text.hasSuffix(" authority") { return String(text.dropLast(" authority".count)) }
            }
        }
        throw PKIError(
            code: .invalid,
            message: "the certificate is no Tandem authority; make one with 'tandem pki init'"
        )
    }
}
