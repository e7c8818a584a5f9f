import Kernel

/// Certificates that are no longer to be trusted although their time is not over: a key was lost, a site closed.
///
/// A text file, one certificate a line: its serial number, then whatever people want to know, a date and a reason
/// for example. Empty lines and what follows `#` mean nothing. A line that cannot be understood makes the whole
/// list invalid: a slip of the pen must not let a revoked certificate in.
package struct RevocationList: Hashable, Sendable {
    /// What is wrong with a list.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// The line, from 1; nil when it concerns the whole text.
        package let line: Int?
        /// What is wrong with it.
        package let message: String

        /// The line and what is wrong with it.
        package var description: String { line.map { "line \($0): \(message)" } ?? message }
    }

    /// What each line says beside the serial number.
    package private(set) var notes: [CertificateSerial: String] = [:]

    /// A list of nothing.
    package init() {}

    /// Reads the text of a list; throws the first thing that is wrong.
    package init(text: String) throws(Problem) {
        guard text.utf8.count <= Limits.revocationListBytesMax else {
            throw Problem(line: nil, message: "it is longer than \(Limits.revocationListBytesMax) bytes")
        }
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let content = line.prefix { $0 != "#" }
            let words = content.split { $0.isWhitespace }
            guard let first = words.first else { continue }
            guard let serial = CertificateSerial(String(first)) else {
                throw Problem(
                    line: index + 1,
                    message: "'\(first.prefix(80))' is no serial number; it needs 1 to 40 hexadecimal digits"
                )
            }
            notes[serial] = words.dropFirst().joined(separator: " ")
        }
    }

    /// The revoked certificates, in order.
    package var serials: [CertificateSerial] { notes.keys.sorted() }

    /// True when a certificate is revoked.
    package func contains(_ serial: CertificateSerial) -> Bool { notes[serial] != nil }
}
