package import Kernel

/// Who a site is on an encrypted link: its certificate, its key, and the authority that it trusts.
package struct TLSConfiguration: Hashable, Sendable {
    /// PEM file with the site's certificate, then those between it and the authority, if any.
    package var certificateFile: String
    /// PEM file with the certificate's private key, without a passphrase.
    package var keyFile: String
    /// PEM file with the authority's certificate; during a change of authority it holds both.
    package var authorityFile: String
    /// The cluster's name; certificates of other clusters are refused, even from the same authority.
    package var cluster: String
    /// The application protocol (ALPN, RFC 7301) that both ends must speak, 1 to 255 bytes: `tandem/1`.
    package var applicationProtocol: String

    /// Makes a configuration.
    package init(
        certificateFile: String,
        keyFile: String,
        authorityFile: String,
        cluster: String,
        applicationProtocol: String = "tandem/1"
    ) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.authorityFile = authorityFile
        self.cluster = cluster
        self.applicationProtocol = applicationProtocol
    }
}

/// Whom a certificate speaks for: its one URI name `tandem://cluster/site`.
package struct TLSIdentity: Hashable, Sendable, CustomStringConvertible {
    /// The cluster that the site belongs to.
    package let cluster: String
    /// The site.
    package let site: SiteID
    /// The certificate's serial number, by which it is revoked.
    package let serial: CertificateSerial
    /// The first moment of the certificate.
    package let validFrom: WallTime
    /// The last moment of the certificate.
    package let expiresAt: WallTime

    /// Makes an identity.
    package init(
        cluster: String,
        site: SiteID,
        serial: CertificateSerial,
        validFrom: WallTime,
        expiresAt: WallTime
    ) {
        self.cluster = cluster
        self.site = site
        self.serial = serial
        self.validFrom = validFrom
        self.expiresAt = expiresAt
    }

    /// The name as it stands in the certificate.
    package var description: String { "tandem://\(cluster)/\(site)" }

    /// Reads a name of a certificate; nil when it is not of this form.
    static func parse(_ name: String) -> (cluster: String, site: SiteID)? {
        let scheme = "tandem://"
        guard name.hasPrefix(scheme) else { return nil }
        let parts = name.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let site = SiteID(String(parts[1])) else { return nil }
        return (String(parts[0]), site)
    }
}
