/// What an INFO request within a call carries (RFC 6086 §4.2.1, and the older use for digits).
package struct SIPInfo: Hashable, Sendable {
    /// The Content-Type, `application/dtmf-relay` say; without it the body means nothing.
    package var contentType: String
    /// The body, at most `Limits.sipInfoBytesMax`.
    package var body: [UInt8]

    /// Makes one.
    package init(contentType: String, body: [UInt8]) {
        self.contentType = contentType
        self.body = body
    }
}
