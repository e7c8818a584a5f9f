import Foundation

/// The repository as text, for rules about the sources themselves.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct SourceFile: Sendable, CustomStringConvertible {
        /// Path from the repository's top.
        let path: String
        let lines: [String]

        var description: String { path }
        var name: String { (path as NSString).lastPathComponent }
        /// The module it belongs to: the folder below `Sources`.
        var module: String { String(path.split(separator: "/")[1]) }
        var isGenerated: Bool { path.hasSuffix(".pb.swift") }
    }

    /// Every Swift file below `folder`, sorted by path.
    static func swiftFiles(below folder: String) throws -> [SourceFile] {
        let base = root.appending(path: folder)
        let paths = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix(".swift") && !$0.contains(".build") }.sorted().map { path in
            let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
            return SourceFile(path: "\(folder)/\(path)", lines: text.components(separatedBy: "\n"))
        }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }
}
