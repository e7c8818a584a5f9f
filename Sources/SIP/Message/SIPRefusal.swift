/// A final answer to a request that breaks a rule.
package struct SIPRefusal: Error, Hashable, Sendable {
    /// The status code.
    package let status: Int
    /// What was wrong, as the reason phrase; nil means the usual one.
    package let reason: String?
    /// Headers that tell the peer more.
    package let headers: [SIPExtraHeader]

    /// Makes a refusal.
    package init(_ status: Int, _ reason: String? = nil, headers: [SIPExtraHeader] = []) {
        self.status = status
        self.reason = reason
        self.headers = headers
    }
}
