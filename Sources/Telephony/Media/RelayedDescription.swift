import Calls

/// A session description as the relay wrote it.
struct RelayedDescription {
    /// Its bytes, fit to be passed on.
    let bytes: [UInt8]
    /// The relay's ports for voice in it; the party that gets it sends there.
    let ports: [UInt16]

    /// Takes the relay's words and gives the session one identity towards each side.
    ///
    /// The relay counts up the version in the `o=` line, but leaves the session's number as the party behind it wrote
    /// it; to the party in front of it, it must never change (RFC 3264, section 8).
    init(_ sdp: [UInt8], of session: MediaSession, towards side: MediaSide) {
        var lines: [String] = []
        var ports: [UInt16] = []
        for part in sdp.split(separator: 10) {
            var line = String(decoding: part.last == 13 ? part.dropLast() : part, as: UTF8.self)
            if line.hasPrefix("o=") {
                var words = line.dropFirst(2).split(separator: " ").map(String.init)
                if words.count == 6 {
                    words[0] = "-"
                    words[1] = String(Self.number(session.key + "/" + side.rawValue))
                    line = "o=" + words.joined(separator: " ")
                }
            } else if line.hasPrefix("m=audio ") {
                let port = line.split(separator: " ").dropFirst().first?.split(separator: "/").first
                if let port = port.flatMap({ UInt16($0) }), port != 0 { ports.append(port) }
            }
            lines.append(line)
        }
        bytes = Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
        self.ports = ports
    }

    /// A number that is the same for a name as long as it lives (FNV-1a, 62 bits: some phones read it as a signed
    /// number).
    static func number(_ name: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in Array(name.utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash >> 2
    }
}
