/// What is read of a session description (RFC 4566): its streams, their formats and directions; all else is passed
/// over.
struct SessionLines {
    /// Who sends, seen from whoever wrote the description.
    enum Direction: String {
        case sendrecv, sendonly, recvonly, inactive
    }

    /// One stream.
    struct Media {
        /// `audio`, `video` or another word.
        var kind: String
        /// Its port as written; `0` for a stream that is declined.
        var port: String
        /// `RTP/AVP` or another transport.
        var transport: String
        /// Numbers of its formats, in order of preference.
        var formats: [String]
        /// Names of formats by number, in capitals: `PCMA/8000`.
        var encodings: [String: String] = [:]
        /// Its direction where it has one of its own.
        var direction: Direction?

        /// The name of a format, also of those that need not be described (RFC 3551).
        func encoding(of number: String) -> String? {
            if let named = encodings[number] { return named }
            return switch number {
            case "0": "PCMU/8000"
            case "8": "PCMA/8000"
            default: nil
            }
        }
    }

    /// Its streams in order.
    private(set) var media: [Media] = []
    /// The direction that holds for streams without their own.
    private(set) var direction = Direction.sendrecv

    /// Reads what can be read.
    init(_ bytes: [UInt8]) {
        for part in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) where part.count > 2 {
            let line = String(decoding: part, as: UTF8.self)
            if line.hasPrefix("m=") {
                let words = line.dropFirst(2).split(separator: " ").map(String.init)
                guard words.count >= 3 else { continue }
                let port = words[1].split(separator: "/").first.map(String.init) ?? "0"
                media.append(Media(kind: words[0], port: port, transport: words[2], formats: Array(words.dropFirst(3))))
            } else if line.hasPrefix("a=") {
                take(attribute: line.dropFirst(2))
            }
        }
    }

    private mutating func take(attribute: Substring) {
        if let direction = Direction(rawValue: String(attribute)) {
            if media.isEmpty { self.direction = direction } else { media[media.count - 1].direction = direction }
        } else if attribute.hasPrefix("rtpmap:"), !media.isEmpty {
            let words = attribute.dropFirst(7).split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { return }
            // `PCMA/8000/1` is `PCMA/8000`.
            let encoding = words[1].split(separator: "/").prefix(2).joined(separator: "/").uppercased()
            media[media.count - 1].encodings[String(words[0])] = encoding
        }
    }
}
