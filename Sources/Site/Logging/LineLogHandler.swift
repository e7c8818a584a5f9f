import Foundation
import Glibc
package import Logging

/// Writes log lines to standard error: time with zone, level, event, then `key=value` pairs in a fixed order.
///
/// One line an event, readable by people and by any log collector. Values that hold spaces or quotes are quoted,
/// and control characters are escaped, so that nothing a caller sends can forge a line.
package struct LineLogHandler: LogHandler {
    /// The lowest level that is written.
    package var logLevel: Logger.Level
    /// Pairs written with each line.
    package var metadata: Logger.Metadata = [:]

    private let site: String
    private static let writer = LogWriter(descriptor: STDERR_FILENO) { missing in
        "\(timestamp(Date())) WARNING tandem log.missing lines=\(missing) reason=\"nobody read the log fast enough\"\n"
    }

    /// Makes a handler for a site's lines.
    package init(site: String, level: Logger.Level) {
        self.site = site
        logLevel = level
    }

    /// One of the pairs written with each line.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Hands a line to the log's own thread.
    package func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let (date, level, message, site) = (Date(), event.level, event.message, site)
        Self.writer.put(matters: level >= .notice) {
            var line = "\(Self.timestamp(date)) \(level.rawValue.uppercased()) \(site) "
            line += Self.escaped("\(message)")
            for (key, value) in all.sorted(by: { $0.key < $1.key }) {
                line += " \(key)=\(Self.quoted("\(value)"))"
            }
            return line + "\n"
        }
    }

    /// Waits, for a bounded while, until all lines so far are written: for the end of the process.
    package static func flush() { writer.flush() }

    // MARK: - Private

    private static func timestamp(_ date: Date) -> String {
        date.ISO8601Format(.init(includingFractionalSeconds: true, timeZone: .gmt))
    }

    private static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x7F }
        return plain && !text.isEmpty ? text : "\"\(escaped(text).replacing("\"", with: "\\\""))\""
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
