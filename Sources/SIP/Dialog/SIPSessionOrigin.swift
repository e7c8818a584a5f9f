/// Gives a session description an origin of its own (RFC 4566 §5.2); without an `o=` line it stays as it is.
///
/// The peer of a leg must see one origin as long as the call lasts, with a version that rises with each change
/// (RFC 3264 §8), while the sessions that pass through come from several agents.
func withOrigin(_ sdp: [UInt8], id: UInt64, version: UInt64, host: String) -> [UInt8] {
    var start = sdp.startIndex
    while start < sdp.endIndex {
        let end = sdp[start...].firstIndex(of: ASCII.lineFeed) ?? sdp.endIndex
        let line = sdp[start..<end]
        if line.starts(with: "m=".utf8) { return sdp }
        if line.starts(with: "o=".utf8) {
            let text = line.last == ASCII.carriageReturn ? line.dropLast() : line
            let family = host.utf8.contains(ASCII.colon) ? "IP6" : "IP4"
            var changed: [UInt8] = []
            changed.reserveCapacity(sdp.count + 32)
            changed += sdp[..<start]
            // Sixty-three bits: some peers read the number as signed.
            changed += "o=- \(id >> 1) \(version) IN \(family) \(host)".utf8
            changed += sdp[text.endIndex...]
            return changed
        }
        start = end + 1
    }
    return sdp
}
