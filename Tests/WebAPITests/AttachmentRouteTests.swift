import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Files on tickets")
struct AttachmentRouteTests {
    private func attach(
        _ text: String,
        name: String,
        type: String? = "text/plain; charset=utf-8",
        to ticket: String,
        _ site: Site
    ) async throws -> Reply {
        try await site.ask(
            .post,
            "/api/v1/tickets/\(ticket)/attachments?name=\(name)",
            body: text,
            headers: type.map { [.contentType: $0] } ?? [:]
        )
    }

    private func ticket(_ site: Site) async throws -> String {
        try #require(try await site.makeTicket()["id"])
    }

    @Test("A file is listed with who attached it, and comes back byte for byte under its name")
    func roundTrip() async throws {
        try await Harness().run { (site) async throws in
            let ticket = try await ticket(site)
            // Several pieces on the way in and out.
            let text = String(repeating: "0123456789abcdef", count: 40_000)
            let made = try await attach(text, name: "R%C3%A9sum%C3%A9%20%E5%BC%A0.txt", to: ticket, site)
            #expect(made.status == 201)
            #expect(made["attachments"] == "1 items")
            #expect(made["attachments.0.name"] == "Résumé 张.txt")
            #expect(made["attachments.0.mediaType"] == "text/plain")
            #expect(made["attachments.0.size"] == "640000")
            #expect(made["attachments.0.by"] == "anna" && made["attachments.0.site"] == "north")
            let path = try #require(made.headers[.location])
            #expect(path == "/api/v1/tickets/\(ticket)/attachments/\(made["attachments.0.id"] ?? "")")
            let back = try await site.ask(.get, path)
            #expect(back.status == 200)
            #expect(back.text == text)
            #expect(back.headers[.contentType] == "text/plain")
            #expect(
                back.headers[.contentDisposition]
                    == "attachment; filename=\"R_sum_ _.txt\"; filename*=UTF-8''R%C3%A9sum%C3%A9%20%E5%BC%A0.txt"
            )
            #expect(back.headers[.xContentTypeOptions] == "nosniff")
            let tag = try #require(back.headers[.eTag])
            let again = try await site.ask(.get, path, headers: [.ifNoneMatch: tag])
            #expect(again.status == 304 && again.text.isEmpty)
            #expect(site.harness.gateway.state.withLock { $0.uploads } == 0)
        }
    }

    @Test("A file that is attached twice under one name is there once")
    func twice() async throws {
        try await Harness().run { (site) async throws in
            let ticket = try await ticket(site)
            let first = try await attach("x", name: "a.txt", to: ticket, site)
            #expect(first.status == 201, "\(first.text)")
            let again = try await attach("x", name: "a.txt", to: ticket, site)
            #expect(again.status == 200 && again["attachments"] == "1 items")
            #expect(try await attach("x", name: "b.txt", to: ticket, site)["attachments"] == "2 items")
        }
    }

    @Test("What would run in a browser goes out as plain bytes; pictures may be shown")
    func browsers() async throws {
        try await Harness().run { (site) async throws in
            let ticket = try await ticket(site)
            let expected = [
                ("text/html", "application/octet-stream", "attachment"),
                ("image/svg+xml", "application/octet-stream", "attachment"),
                ("application/xhtml+xml", "application/octet-stream", "attachment"),
                ("text/javascript", "application/octet-stream", "attachment"),
                ("IMAGE/PNG", "image/png", "inline"), ("application/pdf", "application/pdf", "attachment"),
                ("nonsense", "application/octet-stream", "attachment"),
                ("a/b\"c", "application/octet-stream", "attachment"),
            ]
            for (number, (given, type, manner)) in expected.enumerated() {
                let made = try await attach("<script>\(number)", name: "f\(number)", type: given, to: ticket, site)
                let back = try await site.ask(.get, try #require(made.headers[.location]))
                #expect(back.headers[.contentType] == type, "\(given)")
                #expect(back.headers[.contentDisposition]?.hasPrefix(manner + ";") == true, "\(given)")
            }
        }
    }

    @Test("Bad names, empty and too large files are refused, and nothing of them is kept")
    func refused() async throws {
        try await Harness().run { (site) async throws in
            let ticket = try await ticket(site)
            for name in ["", "%2F", "..", "a%0Ab", "exe.%E2%80%AEgnp.exe", String(repeating: "a", count: 256)] {
                #expect(try await attach("x", name: name, to: ticket, site).status == 422, "\(name)")
            }
            #expect(
                try await attach("x", name: "C%3A%5Cfiles%5Creport.txt", to: ticket, site)["attachments.0.name"]
                    == "report.txt"
            )
            #expect(try await attach("", name: "empty", to: ticket, site).status == 422)
            let large = String(repeating: "x", count: Limits.attachmentBytesMax + 1)
            let reply = try await attach(large, name: "large", to: ticket, site)
            #expect(reply.status == 413 && reply["type"] == "urn:tandem:problem:too-large")
            #expect(try await attach("x", name: "a", to: "none", site).status == 404)
            #expect(
                try await site.ask(.post, "/api/v1/tickets/\(ticket)/attachments?name=a", as: nil, body: "x").status
                    == 401
            )
            #expect(site.harness.gateway.state.withLock { $0.uploads } == 0)
            #expect(try await site.ask(.get, "/api/v1/tickets/\(ticket)")["attachments"] == "1 items")
        }
    }

    @Test("A file of another site is waited for, and the asker is told how far it is")
    func elsewhere() async throws {
        try await Harness().run { (site) async throws in
            let ticket = try await ticket(site)
            let made = try await attach("over there", name: "a", to: ticket, site)
            let path = try #require(made.headers[.location])
            let name = try #require(made["attachments.0.id"])
            site.harness.gateway.state.withLock { _ = $0.elsewhere.insert(name) }
            let waiting = try await site.ask(.get, path)
            #expect(waiting.status == 503 && waiting.headers[.retryAfter] == "2")
            #expect(waiting["progress.bytes"] == "2" && waiting["progress.of"] == "10")
            site.harness.gateway.state.withLock { _ = $0.elsewhere.remove(name) }
            #expect(try await site.ask(.get, path).text == "over there")
            site.harness.gateway.state.withLock { $0.contents = [:] }
            #expect(try await site.ask(.get, path).status == 503)
        }
    }

    @Test("A file is given only over the ticket that it is on")
    func otherTicket() async throws {
        try await Harness().run { (site) async throws in
            let made = try await attach("secret", name: "a", to: try await ticket(site), site)
            let name = try #require(made["attachments.0.id"])
            let other = try await ticket(site)
            #expect(try await site.ask(.get, "/api/v1/tickets/\(other)/attachments/\(name)").status == 404)
            #expect(
                try await site.ask(.get, "/api/v1/tickets/\(other)/attachments/..%2F..%2Fsite.sqlite").status == 404
            )
            #expect(try await site.ask(.get, try #require(made.headers[.location]), as: nil).status == 401)
        }
    }

    @Test(
        "Ranges of a file",
        arguments: [
            ("bytes=0-3", 206, "0123", "bytes 0-3/10"), ("bytes=7-", 206, "789", "bytes 7-9/10"),
            ("bytes=-2", 206, "89", "bytes 8-9/10"), ("bytes=8-99", 206, "89", "bytes 8-9/10"),
            ("bytes=0-", 206, "0123456789", "bytes 0-9/10"), ("bytes=10-", 416, "", "bytes */10"),
            ("bytes=-0", 416, "", "bytes */10"), ("bytes=99999999999999999999-", 416, "", "bytes */10"),
            ("bytes=5-3", 200, "0123456789", nil), ("bytes=0-1,3-4", 200, "0123456789", nil),
            ("lines=0-1", 200, "0123456789", nil), ("bytes=x-", 200, "0123456789", nil),
            ("bytes=--1", 200, "0123456789", nil), ("bytes=", 200, "0123456789", nil),
        ] as [(String, Int, String, String?)]
    )
    func ranges(_ header: String, _ status: Int, _ text: String, _ range: String?) async throws {
        try await Harness().run { (site) async throws in
            let made = try await attach("0123456789", name: "a", to: try await ticket(site), site)
            let path = try #require(made.headers[.location])
            let back = try await site.ask(.get, path, headers: [.range: header])
            #expect(back.status == status && back.text == text && back.headers[.contentRange] == range)
            let stale = try await site.ask(.get, path, headers: [.range: header, .ifRange: "\"other\""])
            #expect(stale.status == 200 && stale.text == "0123456789")
        }
    }
}

extension HTTPField.Name {
    fileprivate static var ifRange: HTTPField.Name { HTTPField.Name("If-Range") ?? .range }
}
