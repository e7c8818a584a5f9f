/// A request's method.
package enum SIPMethod: Hashable, Sendable {
    /// Starts a call, or changes one.
    case invite
    /// Confirms the final response to an INVITE.
    case ack
    /// Gives up an INVITE.
    case cancel
    /// Ends a call.
    case bye
    /// Tells where a user can be reached.
    case register
    /// Asks what the peer can do.
    case options
    /// Carries information within a call.
    case info
    /// Changes a call without a new INVITE (RFC 3311).
    case update
    /// Confirms a reliable provisional response (RFC 3262).
    case prack
    /// Asks that the other party be joined with somebody else (RFC 3515).
    case refer
    /// Tells how something that was asked for goes (RFC 6665).
    case notify
    /// A method that RFCs define and this stack does not serve.
    case known(String)
    /// Any other method.
    case unknown(String)

    /// Recognises a method; names are case-sensitive.
    init(_ bytes: Bytes) {
        let name = bytes.text
        switch name {
        case "INVITE": self = .invite
        case "ACK": self = .ack
        case "CANCEL": self = .cancel
        case "BYE": self = .bye
        case "REGISTER": self = .register
        case "OPTIONS": self = .options
        case "INFO": self = .info
        case "UPDATE": self = .update
        case "PRACK": self = .prack
        case "REFER": self = .refer
        case "NOTIFY": self = .notify
        case "MESSAGE", "SUBSCRIBE", "PUBLISH": self = .known(name)
        default: self = .unknown(name)
        }
    }

    /// As written in a request line.
    package var name: String {
        switch self {
        case .invite: "INVITE"
        case .ack: "ACK"
        case .cancel: "CANCEL"
        case .bye: "BYE"
        case .register: "REGISTER"
        case .options: "OPTIONS"
        case .info: "INFO"
        case .update: "UPDATE"
        case .prack: "PRACK"
        case .refer: "REFER"
        case .notify: "NOTIFY"
        case .known(let name), .unknown(let name): name
        }
    }

    /// What the Allow header lists.
    static let allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, REGISTER"
}
