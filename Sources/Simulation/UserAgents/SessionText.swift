package import SIP

/// Offers and answers of a telephone that speaks G.711 and telephone events, as SDP text (RFC 4566, RFC 3264).
package struct SessionText: Hashable, Sendable {
    /// Which way sound flows, seen from the writer.
    package enum Direction: String, Hashable, Sendable {
        /// Both ways.
        case sendrecv
        /// Only from the writer: the other side is on hold.
        case sendonly
        /// Only to the writer.
        case recvonly
        /// Neither way.
        case inactive

        /// What is left of it when the writer holds the call.
        package var held: Direction {
            switch self {
            case .sendonly, .sendrecv: .sendonly
            case .recvonly, .inactive: .inactive
            }
        }

        /// What the other side answers with.
        package var mirrored: Direction {
            switch self {
            case .sendonly: .recvonly
            case .recvonly: .sendonly
            case .sendrecv, .inactive: self
            }
        }
    }

    /// Where this telephone wants its sound.
    package let media: SIPAddress
    /// Names the session; stays for the whole call.
    package let session: UInt64
    /// Counts offers and answers of the call.
    private var version: UInt64 = 0

    /// Prepares the texts of one call.
    package init(media: SIPAddress, session: UInt64) {
        self.media = media
        self.session = session
    }

    /// The next offer.
    package mutating func offer(_ direction: Direction = .sendrecv) -> [UInt8] {
        text(formats: ["0", "8", "101"], direction)
    }

    /// The answer to an offer: the first G.711 format that it has; without an offer, an offer of our own.
    ///
    /// Who holds the call goes on holding it, whatever the other side would like.
    package mutating func answer(to offer: [UInt8]?, holds: Bool = false) -> [UInt8] {
        guard let offer else { return self.offer(holds ? .sendonly : .sendrecv) }
        let offered = SessionText.formats(in: offer)
        var formats = offered.filter { $0 == "0" || $0 == "8" }.prefix(1).map { $0 }
        if formats.isEmpty { formats = ["0"] }
        if offered.contains("101") { formats.append("101") }
        let direction = SessionText.direction(of: offer).mirrored
        return text(formats: formats, holds ? direction.held : direction)
    }

    private mutating func text(formats: [String], _ direction: Direction) -> [UInt8] {
        version += 1
        let family = media.host.utf8.contains(UInt8(ascii: ":")) ? "IP6" : "IP4"
        var lines = [
            "v=0", "o=- \(session) \(version) IN \(family) \(media.host)", "s=call", "c=IN \(family) \(media.host)",
            "t=0 0", "m=audio \(media.port) RTP/AVP \(formats.joined(separator: " "))",
        ]
        for format in formats {
            switch format {
            case "0": lines.append("a=rtpmap:0 PCMU/8000")
            case "8": lines.append("a=rtpmap:8 PCMA/8000")
            default: lines += ["a=rtpmap:\(format) telephone-event/8000", "a=fmtp:\(format) 0-15"]
            }
        }
        lines.append("a=\(direction.rawValue)")
        return Array(lines.map { $0 + "\r\n" }.joined().utf8)
    }

    // MARK: Reading

    /// Where a session description wants its sound; nil when it has no audio line.
    package static func media(in sdp: [UInt8]) -> SIPAddress? {
        var host: String?
        var port: UInt16?
        for line in lines(of: sdp) {
            if line.hasPrefix("c=IN IP4 ") || line.hasPrefix("c=IN IP6 ") {
                // A later line belongs to the audio stream and wins, unless another stream has begun.
                if port == nil || host == nil { host = String(line.dropFirst(9).prefix { $0 != "/" }) }
            } else if line.hasPrefix("m=audio "), port == nil {
                port = UInt16(line.dropFirst(8).prefix { $0 != " " && $0 != "/" })
            }
        }
        guard let host, let port else { return nil }
        return SIPAddress(host: host, port: port)
    }

    /// Which way sound flows in a session description.
    package static func direction(of sdp: [UInt8]) -> Direction {
        for line in lines(of: sdp) where line.hasPrefix("a=") {
            if let direction = Direction(rawValue: String(line.dropFirst(2))) { return direction }
        }
        return .sendrecv
    }

    private static func formats(in sdp: [UInt8]) -> [String] {
        guard let line = lines(of: sdp).first(where: { $0.hasPrefix("m=audio ") }) else { return [] }
        return line.split(separator: " ").dropFirst(3).map(String.init)
    }

    private static func lines(of sdp: [UInt8]) -> [String] {
        sdp.split { $0 == 13 || $0 == 10 }.map { String(decoding: $0, as: UTF8.self) }
    }
}
