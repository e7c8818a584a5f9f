import Foundation

/// A directory of PEM files; secrets in it are readable by their owner only.
struct PEMDirectory {
    let path: String

    func requireAbsent(_ names: [String]) throws {
        for name in names where FileManager.default.fileExists(atPath: file(name)) {
            throw PKIError(
                code: .exists,
                message: "\(file(name)) is there already; move it away first if it is really to be replaced"
            )
        }
    }

    func read(_ name: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: file(name)) else {
            throw PKIError(
                code: .unreadable,
                message:
                    "\(file(name)) cannot be read; make the authority with 'tandem pki init', or name its directory"
            )
        }
        return String(decoding: data, as: UTF8.self)
    }

    func write(_ name: String, _ text: String, secret: Bool) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw PKIError(code: .unwritable, message: "\(path) cannot be made: \(error.localizedDescription)")
        }
        let mode: [FileAttributeKey: Any] = [.posixPermissions: secret ? 0o600 : 0o644]
        // Made anew and not written over: an existing file would keep its permissions.
        if FileManager.default.fileExists(atPath: file(name)) {
            try FileManager.default.removeItem(atPath: file(name))
        }
        guard FileManager.default.createFile(atPath: file(name), contents: Data(text.utf8), attributes: mode) else {
            throw PKIError(code: .unwritable, message: "\(file(name)) cannot be written; may this user write there?")
        }
    }

    private func file(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }
}
