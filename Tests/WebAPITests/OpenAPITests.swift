import Foundation
import Testing
import WebAPI

@Suite("The written API")
struct OpenAPITests {
    @Test("docs/openapi.yaml and the endpoints are the same, but for the pages")
    func sameEndpoints() throws {
        let pages: Set<String> = ["GET /", "GET /desk", "GET /wall", "GET /rules", "GET /assets/**"]
        let served = Set(WebServer.endpoints.map { "\($0.method) \($0.path)" }).subtracting(pages)
        let written = try Self.writtenOperations()
        #expect(served.subtracting(written) == [])
        #expect(written.subtracting(served) == [])
        #expect(written.count > 30)
    }

    /// Paths stand two spaces deep under `paths:`, their methods four.
    private static func writtenOperations() throws -> Set<String> {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/openapi.yaml"), encoding: .utf8)
        let methods: Set<String> = ["get", "put", "post", "patch", "delete"]
        var operations: Set<String> = []
        var path = ""
        for line in text.split(separator: "\n").drop(while: { $0 != "paths:" }).dropFirst() {
            guard line.hasPrefix("  ") else { break }
            let word = line.trimmingCharacters(in: .whitespaces).prefix { $0 != ":" }
            if line.hasPrefix("  /") {
                path = String(word)
            } else if line.hasPrefix("    "), !line.hasPrefix("     "), methods.contains(String(word)) {
                operations.insert("\(word.uppercased()) \(path)")
            }
        }
        return operations
    }
}
