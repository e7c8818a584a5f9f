import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// The pages and their assets, read once at the start and held in memory.
///
/// Only what was there at the start can be asked for, so no path can lead out of the folder.
struct PageStore: Sendable {
    private struct File: Sendable {
        var bytes: ByteBuffer
        var type: String
        var tag: String
    }

    private let files: [String: File]

    /// Reads a folder; `nil` finds the one that came with the program.
    init(directory: String?) throws {
        let found = try PageStore.locate(directory)
        var files: [String: File] = [:]
        var total = 0
        let root = URL(fileURLWithPath: found).standardizedFileURL
        let names = FileManager.default.enumerator(atPath: root.path)
        while let name = names?.nextObject() as? String {
            guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                let type = PageStore.types[(name as NSString).pathExtension.lowercased()]
            else { continue }
            let content = try Data(contentsOf: root.appendingPathComponent(name))
            total += content.count
            guard total <= Limits.pagesBytesMax else { throw WebServerError.pagesTooLarge(directory: found) }
            let tag = SHA256.hash(data: content).prefix(12).map { String($0, radix: 36) }.joined()
            files[name] = File(bytes: ByteBuffer(bytes: content), type: type, tag: tag)
        }
        guard files["index.html"] != nil else { throw WebServerError.pagesMissing(looked: [found]) }
        self.files = files
    }

    /// The answer for a file; browsers keep it and ask each time whether it changed.
    func answer(_ name: String, request: Request) throws -> Answer {
        guard let file = files[name] else {
            throw Problem.notFound("There is nothing at \(request.uri.path.prefix(200)).")
        }
        let headers: HTTPFields = [.contentType: file.type, .eTag: "\"\(file.tag)\"", .cacheControl: "no-cache"]
        if EntityTags(request.headers[.ifNoneMatch]).name(file.tag) {
            return Answer(status: .notModified, headers: headers)
        }
        return Answer(status: .ok, headers: headers, bytes: file.bytes)
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "json": "application/json; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png", "ico": "image/x-icon", "webp": "image/webp", "woff2": "font/woff2",
        "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav", "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json",
    ]
}

extension PageStore {
    /// Finds the pages' folder: the one named, or what SwiftPM put beside the program, or `../share/tandem/pages`.
    ///
    /// Not by `Bundle.module`: it looks in the same places, then in the folder where the program was built, and ends
    /// the process when it finds nothing. An installed program must say what it misses instead.
    private static func locate(_ directory: String?) throws -> String {
        if let directory {
            guard isFolder(directory) else { throw WebServerError.pagesMissing(looked: [directory]) }
            return directory
        }
        let program = Bundle.main.bundleURL
        let beside = (try? FileManager.default.contentsOfDirectory(atPath: program.path)) ?? []
        let bundles = beside.filter { $0.hasSuffix("_WebAPI.resources") || $0.hasSuffix("_WebAPI.bundle") }.sorted()
        var looked = bundles.map { program.appendingPathComponent($0).appendingPathComponent("Pages").path }
        looked.append(program.appendingPathComponent("../share/tandem/pages").standardizedFileURL.path)
        guard let found = looked.first(where: isFolder) else {
            throw WebServerError.pagesMissing(
                looked: [program.appendingPathComponent("*_WebAPI.resources").path] + looked
            )
        }
        return found
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
