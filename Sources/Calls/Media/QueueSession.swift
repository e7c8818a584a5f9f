/// The session with which a caller who waits is answered.
///
/// Nobody talks with a waiting caller: what is heard is played by the media relay. A relay joins two sides, though, so
/// the side that is not there yet is described by this session (RFC 4566, answered as RFC 3264 has it): G.711 and
/// telephone events as offered, at an address that discards what it gets.
package enum QueueSession {
    /// The answer to an offer; nil when that offers no voice that can be played to: no G.711 over plain RTP.
    ///
    /// Takes the first stream of audio that fits and declines all others, in the offer's order.
    package static func answer(to offer: [UInt8]) -> [UInt8]? {
        let session = SessionLines(offer)
        var chosen: Int?
        var lines = [
            "v=0", "o=- 1 1 IN IP4 \(discardHost)", "s=-", "c=IN IP4 \(discardHost)", "t=0 0",
        ]
        guard session.media.count <= mediaMax else { return nil }
        for (index, media) in session.media.enumerated() {
            let formats = chosen == nil ? voice(of: media) : []
            guard !formats.isEmpty else {
                // A declined stream: port 0, everything else as offered (RFC 3264, section 6).
                lines.append("m=\(media.kind) 0 \(media.transport) \(media.formats.first ?? "0")")
                continue
            }
            chosen = index
            lines.append("m=audio \(discardPort) \(media.transport) \(formats.map(\.number).joined(separator: " "))")
            for format in formats {
                lines.append("a=rtpmap:\(format.number) \(format.encoding)")
                if format.isEvent { lines.append("a=fmtp:\(format.number) 0-15") }
            }
            lines.append("a=ptime:20")
            lines.append("a=\(answered(media.direction ?? session.direction))")
        }
        return chosen == nil ? nil : Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// Where the relay sends what the caller says: its own discard port.
    private static let discardHost = "127.0.0.1"
    private static let discardPort = 9
    /// An honest offer has voice, video and little else.
    private static let mediaMax = 16

    private struct Format {
        let number: String
        let encoding: String
        var isEvent = false
    }

    /// What of a stream's formats is answered: G.711 in the offer's order, telephone events after it.
    private static func voice(of media: SessionLines.Media) -> [Format] {
        guard media.kind == "audio", media.port != "0", ["RTP/AVP", "RTP/AVPF"].contains(media.transport) else {
            return []
        }
        var voice: [Format] = [], events: [Format] = []
        for number in media.formats.prefix(formatsMax) where Int(number).map({ (0...127).contains($0) }) == true {
            switch media.encoding(of: number) {
            case "PCMU/8000": voice.append(Format(number: number, encoding: "PCMU/8000"))
            case "PCMA/8000": voice.append(Format(number: number, encoding: "PCMA/8000"))
            case "TELEPHONE-EVENT/8000":
                events.append(Format(number: number, encoding: "telephone-event/8000", isEvent: true))
            default: break
            }
        }
        return voice.isEmpty ? [] : voice + events.prefix(1)
    }

    /// There are 128 numbers of formats.
    private static let formatsMax = 128

    private static func answered(_ direction: SessionLines.Direction) -> String {
        switch direction {
        case .sendrecv: "sendrecv"
        case .sendonly: "recvonly"
        case .recvonly: "sendonly"
        case .inactive: "inactive"
        }
    }
}
