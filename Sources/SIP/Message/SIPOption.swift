/// Option tags: extensions that a peer may require or say it supports (RFC 3261 §19.2).
enum SIPOption {
    /// What is said in Supported.
    static let supported = "100rel, timer, replaces, norefersub"
    /// The same without reliable provisional responses: in an INVITE without an offer they would bring one.
    static let supportedWithoutOffer = "timer, replaces, norefersub"
    /// What a registrar says outside calls (RFC 3327 beside the rest).
    static let supportedByRegistrar = "100rel, timer, replaces, norefersub, path"

    /// Whether a peer may require it in a request.
    static func isServed(_ name: Bytes, in method: SIPMethod) -> Bool {
        if name.matches("path") { return method == .register }
        return name.matches("100rel") || name.matches("timer") || name.matches("replaces")
            || name.matches("norefersub")
    }
}

extension SIPMessage {
    /// Whether a list header holds a token.
    func lists(_ name: SIPHeaderName, _ token: StaticString) -> Bool {
        for header in headers where header.name == name {
            for value in splitList(header.value) where value.matches(token) { return true }
        }
        return false
    }
}
