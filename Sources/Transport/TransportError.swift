/// What went wrong at a socket: a code to act on, a sentence for people, and the library's own words.
package struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller can tell apart.
    package enum Code: String, Hashable, Sendable {
        /// Somebody else listens on that port.
        case addressInUse
        /// The address is none of this machine's, or is not an address.
        case addressInvalid
        /// The system does not let this user do it.
        case permissionDenied
        /// Nobody listens there.
        case connectionRefused
        /// The other side, or the network between, ended the connection.
        case connectionLost
        /// No answer within the time allowed.
        case timedOut
        /// No way leads there.
        case unreachable
        /// The name has no address.
        case nameNotFound
        /// Closed on this side before it was done.
        case closed
        /// The loop has been stopped.
        case loopStopped
        /// A certificate or key file cannot be read or does not fit its partner.
        case tlsFile
        /// The certificate was not issued by our authority.
        case tlsAuthorityUnknown
        /// The certificate's time is over.
        case tlsCertificateExpired
        /// The certificate's time has not begun.
        case tlsCertificateNotYetValid
        /// The other side showed no certificate.
        case tlsCertificateMissing
        /// The certificate names no site, or several.
        case tlsIdentityWrong
        /// The certificate names a site of another cluster.
        case tlsClusterWrong
        /// Encrypted bytes were damaged, repeated, left out or put in another order on their way.
        case tlsRecordBroken
        /// Any other failure of the handshake or of an encrypted record.
        case tlsFailed
        /// Everything else; the cause says more.
        case system
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and what can be done, in one or two sentences.
    package let message: String
    /// What the system or library said, if it said something.
    package let cause: String?
    /// True when it was the other end that found fault, and told so.
    package let isToldByPeer: Bool

    /// Makes an error.
    package init(_ code: Code, _ message: String, cause: String? = nil, isToldByPeer: Bool = false) {
        self.code = code
        self.message = message
        self.cause = cause
        self.isToldByPeer = isToldByPeer
    }

    /// The message, with the cause in brackets.
    package var description: String {
        cause.map { "\(message) (\($0))" } ?? message
    }
}
