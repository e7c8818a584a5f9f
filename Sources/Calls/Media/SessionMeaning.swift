/// What of a session description its reader acts on (RFC 4566): streams with their addresses, formats, directions,
/// keys.
///
/// Two descriptions of the same meaning need no new offer between them, however else they differ: in the origin's
/// version, in names, in the order of attributes, in what is stated that holds anyway.
struct SessionMeaning: Hashable {
    private struct Stream: Hashable {
        var line: Substring
        var address: Substring
        var direction: Substring
        var attributes: Set<Substring> = []
    }

    private var streams: [Stream] = []

    init(_ session: [UInt8]) {
        let text = String(decoding: session, as: UTF8.self)
        var common = Stream(line: "", address: "", direction: "sendrecv")
        for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }) {
            if line.hasPrefix("m=") {
                var stream = common
                stream.line = line
                streams.append(stream)
            } else if streams.isEmpty {
                SessionMeaning.take(line, &common)
            } else {
                SessionMeaning.take(line, &streams[streams.count - 1])
            }
        }
    }

    private static let directions: Set<Substring> = ["sendrecv", "sendonly", "recvonly", "inactive"]
    private static let kept: [Substring] = [
        "rtpmap:", "fmtp:", "crypto:", "fingerprint:", "setup:", "ice-ufrag:", "rtcp-mux",
    ]
    /// True of these formats without being said (RFC 3551, §6), and of telephone events (RFC 4733, §2.4.1).
    private static let understood: Set<Substring> = ["rtpmap:0 PCMU/8000", "rtpmap:8 PCMA/8000"]

    private static func take(_ line: Substring, _ stream: inout Stream) {
        if line.hasPrefix("c=") {
            stream.address = line
            return
        }
        guard line.hasPrefix("a=") else { return }
        let attribute = line.dropFirst(2)
        if directions.contains(attribute) {
            stream.direction = attribute
        } else if kept.contains(where: { attribute.hasPrefix($0) }), !understood.contains(attribute) {
            let isEvents =
                attribute.hasPrefix("fmtp:") && (attribute.hasSuffix(" 0-15") || attribute.hasSuffix(" 0-16"))
            if !isEvents { stream.attributes.insert(attribute) }
        }
    }

    /// Whether two descriptions mean the same.
    static func isSame(_ left: [UInt8], _ right: [UInt8]?) -> Bool {
        guard let right else { return false }
        return left == right || SessionMeaning(left) == SessionMeaning(right)
    }
}
