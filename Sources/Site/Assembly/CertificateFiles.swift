import Foundation
import Transport

/// The files that say who this site is and whom it trusts.
struct CertificateFiles: Sendable {
    let tls: TLSConfiguration
    let revokedFile: String?
    /// The certificates of SIP over TLS.
    let telephone: TelephoneCertificates

    init(_ configuration: SiteConfiguration) {
        tls = TLSConfiguration(
            certificateFile: configuration.certificateFile,
            keyFile: configuration.keyFile,
            authorityFile: configuration.authorityFile,
            cluster: configuration.cluster
        )
        revokedFile = configuration.revokedFile
        telephone = TelephoneCertificates(configuration.telephone)
    }

    /// What stands in the files at the moment, to notice a change; nil where a file cannot be read.
    struct Contents: Equatable {
        var tls: [Data?]
        var revoked: Data?
        var telephone: [Data?]
    }

    /// Reads all files.
    func contents() -> Contents {
        let manager = FileManager.default
        return Contents(
            tls: [tls.certificateFile, tls.keyFile, tls.authorityFile].map { manager.contents(atPath: $0) },
            revoked: revokedFile.flatMap { manager.contents(atPath: $0) },
            telephone: telephone.files.map { manager.contents(atPath: $0) }
        )
    }

    /// The revoked certificates; none when no list is configured.
    func revoked() throws -> RevocationList {
        try revokedFile.map { try RevocationFile(path: $0).read() } ?? RevocationList()
    }
}
