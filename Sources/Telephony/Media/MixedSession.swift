import Transport

/// What the mixer must know of a party's session description (RFC 4566): where it hears, and which G.711.
struct MixedSession: Hashable {
    /// Where the party hears.
    var host: String
    var port: UInt16
    /// `PCMA` or `PCMU`: the first that the party names.
    var codec: String
    /// The payload type of its keys (RFC 4733), if it takes any.
    var keys: UInt8?
    /// False when it says that it wants to hear nothing now.
    var hears: Bool

    /// Reads the first stream of voice that can be mixed; nil when there is none.
    init?(_ bytes: [UInt8]) {
        var common = Stream(), streams: [Stream] = []
        for part in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }).prefix(Self.linesMax) {
            let line = String(decoding: part, as: UTF8.self)
            if line.hasPrefix("m=") {
                var stream = common
                stream.words = line.dropFirst(2).split(separator: " ").map(String.init)
                streams.append(stream)
            } else if streams.isEmpty {
                common.take(line)
            } else {
                streams[streams.count - 1].take(line)
            }
        }
        guard let session = streams.lazy.compactMap(\.session).first else { return nil }
        self = session
    }

    private init(host: String, port: UInt16, codec: String, keys: UInt8?, hears: Bool) {
        self.host = host
        self.port = port
        self.codec = codec
        self.keys = keys
        self.hears = hears
    }

    /// An honest description has a few dozen lines.
    private static let linesMax = 512

    private struct Stream {
        /// `audio`, port, transport and the numbers of formats.
        var words: [String] = []
        var host = ""
        var hears = true
        var encodings: [String: String] = ["0": "PCMU/8000", "8": "PCMA/8000"]

        mutating func take(_ line: String) {
            if line.hasPrefix("c=IN ") {
                host = line.split(separator: " ").last.map { String($0.split(separator: "/").first ?? "") } ?? ""
            } else if line.hasPrefix("a=rtpmap:") {
                let parts = line.dropFirst(9).split(separator: " ", maxSplits: 1)
                guard parts.count == 2 else { return }
                // `PCMA/8000/1` is `PCMA/8000`.
                encodings[String(parts[0])] = parts[1].split(separator: "/").prefix(2).joined(separator: "/")
                    .uppercased()
            } else if ["a=sendrecv", "a=recvonly"].contains(line) {
                hears = true
            } else if ["a=sendonly", "a=inactive"].contains(line) {
                hears = false
            }
        }

        var session: MixedSession? {
            guard words.count > 3, words[0] == "audio", ["RTP/AVP", "RTP/AVPF"].contains(words[2]),
                let port = UInt16(words[1].split(separator: "/").first ?? ""), port != 0,
                SocketAddress(host: host, port: port) != nil
            else { return nil }
            let formats = words.dropFirst(3).prefix(128)
            // The mixer numbers the two laws as everybody does (RFC 3551): 0 and 8.
            let voice = formats.first {
                ["0", "8"].contains($0) && ["PCMU/8000", "PCMA/8000"].contains(encodings[$0])
            }
            guard let voice else { return nil }
            let keys = formats.first { encodings[$0] == "TELEPHONE-EVENT/8000" }.flatMap { UInt8($0) }
            return MixedSession(
                host: host,
                port: port,
                codec: voice == "8" ? "PCMA" : "PCMU",
                keys: keys,
                // An old way of putting on hold (RFC 3264, section 8.4).
                hears: hears && host != "0.0.0.0" && host != "::"
            )
        }
    }

    /// The session that a party of a room is to be offered or answered: the same as long as it has its port.
    static func own(of room: String, _ party: String, host: String, port: UInt16) -> [UInt8] {
        let number = RelayedDescription.number(room + "/" + party)
        let internet = host.contains(":") ? "IP6" : "IP4"
        let lines = [
            "v=0", "o=- \(number) 1 IN \(internet) \(host)", "s=-", "c=IN \(internet) \(host)", "t=0 0",
            "m=audio \(port) RTP/AVP 8 0 101", "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }
}
