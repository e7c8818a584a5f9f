import Kernel
import Mesh
import Telephony
import Transport

extension CoreShell {
    /// Until when a certificate is good.
    struct CertificateEnd: Sendable {
        /// `own`, `authority`, `sip`, or the peer whose link it stands for.
        let holder: String
        let expiresAt: WallTime
    }

    /// The certificates in use: this site's, its authority's, that of SIP over TLS, and those that linked peers showed.
    var certificateEnds: [CertificateEnd] {
        guard let mesh else { return [] }
        let telephone = sockets?.certificateExpiresAt.map { CertificateEnd(holder: "sip", expiresAt: $0) }
        var ends = [CertificateEnd(holder: "own", expiresAt: mesh.identity.expiresAt)]
        if let authority = mesh.authorityExpiresAt { ends.append(.init(holder: "authority", expiresAt: authority)) }
        if let telephone { ends.append(telephone) }
        for link in mesh.status {
            guard let certificate = link.certificate else { continue }
            ends.append(.init(holder: link.site.name, expiresAt: certificate.expiresAt))
        }
        return ends
    }
}
