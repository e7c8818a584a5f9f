package import Foundation
package import Transport

/// The file in which a site's operator lists certificates that are not to be trusted any more.
package struct RevocationFile {
    private let path: String

    /// Names the file; nothing is read yet.
    package init(path: String) {
        self.path = path
    }

    /// Reads the list.
    ///
    /// Throws `PKIError` when the file is missing or a line cannot be understood: whoever names a list means it.
    package func read() throws -> RevocationList {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PKIError(
                code: .unreadable,
                message: "\(path) cannot be read; when nothing is revoked, an empty file says so"
            )
        }
        return try Self.parse(data, path: path)
    }

    /// Reads the bytes of a list; `path` names it in errors.
    package static func parse(_ data: Data, path: String) throws -> RevocationList {
        guard let text = String(data: data, encoding: .utf8) else {
            throw PKIError(code: .invalid, message: "\(path) is not UTF-8 text")
        }
        do throws(RevocationList.Problem) {
            return try RevocationList(text: text)
        } catch {
            throw PKIError(code: .invalid, message: "\(path): \(error)")
        }
    }

    /// Adds a certificate with the day and a reason, and makes the file when it is not there.
    ///
    /// False when the list has it already. What stands in the file stays as it is. Throws `PKIError` when the list is
    /// broken or cannot be written.
    package func add(_ serial: CertificateSerial, reason: String, now: Date) throws -> Bool {
        var text = ""
        if FileManager.default.fileExists(atPath: path) {
            if try read().contains(serial) { return false }
            text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
            if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        }
        // One line, whatever the reason holds: a line break in it would begin another entry.
        let words = reason.split { $0.isWhitespace || $0 == "#" }.joined(separator: " ")
        let day = now.ISO8601Format(.iso8601.year().month().day())
        text += "\(serial) \(day)\(words.isEmpty ? "" : " \(words)")\n"
        do {
            // In one step: a site that reads meanwhile sees the old list or the new one, never half of it.
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw PKIError(code: .unwritable, message: "\(path) cannot be written: \(error.localizedDescription)")
        }
        return true
    }
}
