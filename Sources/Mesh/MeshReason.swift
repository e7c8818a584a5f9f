package import Replication
package import Transport

/// Why a link was refused, broke or could not be made: a kind to count, and a sentence for people.
package struct MeshReason: Hashable, Sendable, CustomStringConvertible {
    /// What kind of reason it is.
    package let kind: Kind
    /// What happened and what can be done.
    package let text: String
    /// True when the other end found fault with this one, and told so.
    package let isToldByPeer: Bool

    /// Makes a reason.
    package init(_ kind: Kind, _ text: String, isToldByPeer: Bool = false) {
        self.kind = kind
        self.text = text
        self.isToldByPeer = isToldByPeer
    }

    /// The sentence.
    package var description: String { text }
}

extension MeshReason {
    /// The kinds of reason; the raw value stands in metrics and in what the other end is told.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The certificate's time is over.
        case certificateExpired = "certificate-expired"
        /// The certificate's time has not begun.
        case certificateNotYetValid = "certificate-not-yet-valid"
        /// The certificate is on the list of revoked ones.
        case certificateRevoked = "certificate-revoked"
        /// No certificate was shown.
        case certificateMissing = "certificate-missing"
        /// The certificate names no site, or several.
        case certificateWithoutSite = "certificate-without-site"
        /// The certificate is not from this cluster's authority.
        case otherAuthority = "other-authority"
        /// The certificate, or the hello, is of another cluster.
        case otherCluster = "other-cluster"
        /// The certificate, or the hello, is another site's than the one expected.
        case otherSite = "other-site"
        /// The site is not among the configured peers.
        case notConfigured = "not-configured"
        /// The other end dialled, and this end should have.
        case wrongDirection = "wrong-direction"
        /// The certificate is this site's own.
        case ownCertificate = "own-certificate"
        /// Hellos show no protocol version that both speak.
        case noCommonProtocol = "no-common-protocol"
        /// The link ended in the middle of a frame.
        case frameTruncated = "frame-truncated"
        /// A frame says that it is longer than the bound.
        case frameOversized = "frame-oversized"
        /// A frame says that it is shorter than a frame can be.
        case frameUndersized = "frame-undersized"
        /// A frame of a version of the envelope that this end does not know.
        case frameVersion = "frame-version"
        /// A frame of a traffic class that this end does not know.
        case frameClass = "frame-class"
        /// A frame's checksum is not that of its bytes.
        case frameChecksum = "frame-checksum"
        /// A frame whose flags or body mean nothing.
        case frameMalformed = "frame-malformed"
        /// A frame before the welcome.
        case frameBeforeWelcome = "frame-before-welcome"
        /// Encrypted bytes damaged, repeated, left out or in another order.
        case recordBroken = "record-broken"
        /// Any other failure of TLS.
        case tlsFailed = "tls-failed"
        /// Nothing was heard for too long.
        case silence
        /// Urgent frames piled up unsent.
        case controlBacklog = "control-backlog"
        /// The other end made a new link.
        case replaced
        /// An administrator cut the link.
        case cut
        /// The core will not talk to the peer.
        case dismissed
        /// One end closed the link in good order.
        case closed
        /// The network, or the other process, ended the connection.
        case lost
        /// The peer's machine answered that nobody listens there: its node does not run.
        case connectionRefused = "connection-refused"
        /// Nobody could be reached.
        case notReached = "not-reached"
        /// The other end refused in words that this end does not know.
        case other
    }
}

extension MeshReason {
    /// The reason of a failed connection.
    package init(_ error: TransportError) {
        let kind: Kind =
            switch error.code {
            case .tlsCertificateExpired: .certificateExpired
            case .tlsCertificateNotYetValid: .certificateNotYetValid
            case .tlsCertificateMissing: .certificateMissing
            case .tlsIdentityWrong: .certificateWithoutSite
            case .tlsAuthorityUnknown: .otherAuthority
            case .tlsClusterWrong: .otherCluster
            case .tlsRecordBroken: .recordBroken
            case .tlsFailed, .tlsFile: .tlsFailed
            case .connectionLost, .closed, .loopStopped: .lost
            case .connectionRefused: .connectionRefused
            default: .notReached
            }
        self.init(kind, error.description, isToldByPeer: error.isToldByPeer)
    }

    /// The reason of bytes that are no frames.
    package init(_ error: FrameError) {
        let kind: Kind =
            switch error {
            case .tooLong: .frameOversized
            case .tooShort: .frameUndersized
            case .unknownVersion: .frameVersion
            case .unknownClass: .frameClass
            case .badChecksum: .frameChecksum
            case .malformed: .frameMalformed
            }
        self.init(kind, "The other end sent a broken frame: \(error).")
    }

    /// The reason of a refusal after the hello; `isToldByPeer` when it came from the other end.
    package init(_ refusal: Refusal, isToldByPeer: Bool) {
        let who = isToldByPeer ? "The other end refused" : "The other end is refused"
        switch refusal {
        case .otherCluster(let cluster):
            self.init(.otherCluster, "\(who): one is of cluster \(cluster), the other not.", isToldByPeer: isToldByPeer)
        case .otherSite(let site):
            let text = "\(who): a hello says \(site), the certificate does not."
            self.init(.otherSite, text, isToldByPeer: isToldByPeer)
        case .noCommonProtocol(let min, let max):
            let text = "\(who): no common protocol; versions \(min) to \(max) are spoken at one end."
            self.init(.noCommonProtocol, text, isToldByPeer: isToldByPeer)
        case .other(let words):
            let (kind, text) = MeshReason.parse(words)
            self.init(kind, "\(who): \(text)", isToldByPeer: isToldByPeer)
        }
    }

    /// What the other end is told: the sentence, and the kind in brackets behind it.
    var refusal: Refusal { .other("\(text) [\(kind.rawValue)]") }

    private static func parse(_ words: String) -> (Kind, String) {
        guard words.last == "]", let start = words.lastIndex(of: "["),
            let kind = Kind(rawValue: String(words[words.index(after: start)...].dropLast()))
        else { return (.other, words) }
        let text = words[..<start]
        return (kind, String(text.last == " " ? text.dropLast() : text))
    }
}
