/// The call that another one shall take the place of (RFC 3891 §6.1).
struct SIPReplaces: Sendable {
    let callID: Bytes
    /// The tag of the side that reads this.
    let toTag: String
    let fromTag: String
    /// Whether the call may be taken over only while it is not answered.
    let isEarlyOnly: Bool

    /// Reads a header's value; nil when a part is missing.
    init?(_ value: Bytes) {
        let end = value.firstIndex(of: ASCII.semicolon) ?? value.endIndex
        let parameters = SIPParameters(bytes: value[end...])
        guard let to = parameters["to-tag"], let from = parameters["from-tag"] else { return nil }
        callID = value[..<end].trimmed
        toTag = to.text
        fromTag = from.text
        isEarlyOnly = parameters["early-only"] != nil
        guard !callID.isEmpty else { return nil }
    }

    /// Reads the one in the headers part of a URI: nil when there is none, 400 when it cannot be read.
    static func embedded(in uri: Bytes) throws(SIPRefusal) -> SIPReplaces? {
        let start = uri.firstIndex(of: ASCII.at) ?? uri.startIndex
        guard let question = uri[start...].firstIndex(of: ASCII.question) else { return nil }
        for pair in uri[(question + 1)...].split(separator: UInt8(ascii: "&")) {
            guard let equal = pair.firstIndex(of: ASCII.equal), pair[..<equal].matches("Replaces") else { continue }
            guard let replaces = SIPReplaces(unescapedURIPart(pair[(equal + 1)...])) else {
                throw SIPRefusal(400, "Malformed Replaces")
            }
            return replaces
        }
        return nil
    }
}

/// A part of a URI with its escapes resolved.
func unescapedURIPart(_ part: Bytes) -> Bytes {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(part.count)
    var index = part.startIndex
    while index < part.endIndex {
        if part[index] == ASCII.percent, index + 2 < part.endIndex, let high = ASCII.hexValue(part[index + 1]),
            let low = ASCII.hexValue(part[index + 2])
        {
            bytes.append(high << 4 | low)
            index += 3
        } else {
            bytes.append(part[index])
            index += 1
        }
    }
    return bytes[...]
}
