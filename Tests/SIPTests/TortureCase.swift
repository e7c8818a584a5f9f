import SIP
import Testing

/// One message of RFC 4475, written anew from what the RFC says of it, and what must become of it here.
struct TortureCase: Sendable, CustomTestStringConvertible {
    /// What the endpoint does about a message.
    enum Outcome: Hashable {
        /// A call arrives for this number; the caller hears 100.
        case call(String)
        /// One answer of this status.
        case answer(Int)
        /// The connection is closed, for nobody knows where the next message would begin.
        case closed
    }

    /// The RFC's name of the message.
    let name: String
    /// The message as bytes.
    let bytes: [UInt8]
    /// What follows when it comes as one datagram; nothing at all when empty.
    let asDatagram: [Outcome]
    /// What follows when it comes over a connection, byte by byte.
    let asStream: [Outcome]

    /// Lines of `text` end with CR and LF; `¶` stands for a space at the end of a line.
    init(_ name: String, _ text: String, _ outcome: Outcome..., stream: [Outcome]? = nil) {
        self.name = name
        let lines = text.replacing("¶", with: " ").split(separator: "\n", omittingEmptySubsequences: false)
        bytes = Array(lines.joined(separator: "\r\n").utf8)
        asDatagram = outcome
        asStream = stream ?? outcome
    }

    var testDescription: String { name }

    static let all = valid + invalid + starts + application
}

/// Text repeated, for values of great length.
func times(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
}
