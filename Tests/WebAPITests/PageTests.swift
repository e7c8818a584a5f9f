import Foundation
import HTTPTypes
import Testing
import WebAPI

@Suite("Pages and header fields")
struct PageTests {
    @Test(
        "Pages and assets come with their types and a tag",
        arguments: [
            ("/", "text/html; charset=utf-8"), ("/desk", "text/html; charset=utf-8"),
            ("/wall", "text/html; charset=utf-8"),
            ("/assets/base.css", "text/css; charset=utf-8"), ("/assets/api.js", "text/javascript; charset=utf-8"),
            ("/assets/icon.svg", "image/svg+xml"),
        ]
    )
    func types(path: String, type: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.get, path, as: nil)
            #expect(reply.status == 200)
            #expect(reply.headers[.contentType] == type)
            #expect(reply.headers[.cacheControl] == "no-cache")
            #expect(!reply.text.isEmpty)
            let tag = try #require(reply.headers[.eTag])
            let again = try await site.ask(.get, path, as: nil, headers: [.ifNoneMatch: tag])
            #expect(again.status == 304)
            #expect(again.text.isEmpty)
            let head = try await site.ask(.head, path, as: nil)
            #expect(head.status == 200)
            #expect(head.text.isEmpty)
        }
    }

    @Test("Every answer tells browsers what they may do with it", arguments: ["/", "/api/v1/wall", "/nothing"])
    func security(path: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.get, path)
            let policy = try #require(reply.headers[.contentSecurityPolicy])
            let parts = policy.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(parts.contains("default-src 'self'"))
            #expect(parts.contains("frame-ancestors 'none'"))
            #expect(parts.contains("connect-src 'self' http://127.0.0.1:8081 http://127.0.0.1:8082"))
            #expect(!policy.contains("unsafe"))
            #expect(reply.headers[.xContentTypeOptions] == "nosniff")
            #expect(reply.headers[try #require(HTTPField.Name("Referrer-Policy"))] == "no-referrer")
        }
    }

    @Test("Answers of the API are not kept by caches")
    func caching() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.ask(.get, "/api/v1/wall").headers[.cacheControl] == "no-store")
            #expect(try await site.ask(.get, "/api/v1/customers/none").headers[.cacheControl] == "no-store")
        }
    }

    @Test("Pages of another site of the cluster may call this one; nobody else's")
    func otherOrigins() async throws {
        try await Harness().run { (site) async throws in
            let east = "http://127.0.0.1:8082"
            let preflight = try await site.send(
                .options,
                "/api/v1/customers/x",
                headers: [.origin: east, .accessControlRequestMethod: "PATCH"]
            )
            #expect(preflight.status == 204)
            #expect(preflight.headers[.accessControlAllowOrigin] == east)
            #expect(preflight.headers[.accessControlAllowMethods]?.contains("PATCH") == true)
            #expect(preflight.headers[.accessControlAllowHeaders]?.contains("If-Match") == true)
            let answer = try await site.ask(.get, "/api/v1/wall", headers: [.origin: east])
            #expect(answer.headers[.accessControlAllowOrigin] == east)
            #expect(answer.headers[.accessControlExposeHeaders]?.contains("ETag") == true)
            let refusal = try await site.ask(.get, "/api/v1/wall", as: nil, headers: [.origin: east])
            #expect(refusal.headers[.accessControlAllowOrigin] == east)
            let stranger = try await site.ask(.get, "/api/v1/wall", headers: [.origin: "http://evil.example"])
            #expect(stranger.headers[.accessControlAllowOrigin] == nil)
        }
    }

    @Test("Pages can be served from a folder of choice; hidden and unknown files in it are not")
    func ownFolder() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tandem-pages-\(UUID())")
        let assets = folder.appendingPathComponent("assets")
        try FileManager.default.createDirectory(at: assets, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("<p>own".utf8).write(to: folder.appendingPathComponent("index.html"))
        for name in [".secret.js", "notes.pem", "good.js"] {
            try Data("x".utf8).write(to: assets.appendingPathComponent(name))
        }
        try await Harness(pagesDirectory: folder.path).run { (site) async throws in
            #expect(try await site.ask(.get, "/", as: nil).text == "<p>own")
            #expect(try await site.ask(.get, "/assets/good.js", as: nil).status == 200)
            for path in ["/assets/.secret.js", "/assets/notes.pem", "/assets/%2e%2e/index.html", "/desk"] {
                #expect(try await site.ask(.get, path, as: nil).status == 404, "\(path)")
            }
        }
    }

    @Test("A folder without pages is said at the start")
    func missingFolder() async throws {
        await #expect(throws: WebServerError.pagesMissing(looked: ["/nowhere/pages"])) {
            _ = try await Harness(pagesDirectory: "/nowhere/pages")
        }
    }
}
