import Calls
import Foundation
import Kernel
import Transport

/// Hears from the relays which keys were pressed: one JSON text a key over UDP, as rtpengine sends it with
/// `--dtmf-log-dest`, at the end of each RFC 4733 event.
struct DigitReport: Decodable {
    let callid: String
    let source_tag: String
    let type: String
    let event: Int

    /// Who pressed which key; nil for anything that is no such report.
    static func read(_ bytes: [UInt8]) -> (session: MediaSession, side: MediaSide, digit: Character)? {
        guard bytes.count <= Limits.digitReportBytesMax,
            let report = try? JSONDecoder().decode(DigitReport.self, from: Data(bytes)), report.type == "DTMF",
            let side = MediaSide(rawValue: report.source_tag), keys.indices.contains(report.event)
        else { return nil }
        return (MediaSession(report.callid), side, keys[report.event])
    }

    /// Keys by the number of their event (RFC 4733, section 3.2).
    private static let keys = Array("0123456789*#ABCD")
}
