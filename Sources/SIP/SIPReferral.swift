/// A phone's wish that the other party of its call be joined with somebody else (REFER, RFC 3515).
package struct SIPReferral: Hashable, Sendable {
    /// Who the other party shall talk to: the user part of Refer-To, without decoration.
    package var target: String
    /// The host of Refer-To as written; ours, or somebody's outside.
    package var host: String
    /// Our leg of the call that the new one shall take the place of (Replaces, RFC 3891); nil for a blind transfer.
    package var replaces: SIPLegID?

    /// Makes one.
    package init(target: String, host: String, replaces: SIPLegID? = nil) {
        self.target = target
        self.host = host
        self.replaces = replaces
    }
}
