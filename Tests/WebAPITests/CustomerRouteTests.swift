import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Customer routes")
struct CustomerRouteTests {
    @Test("A new customer is stored, shown and found")
    func create() async throws {
        try await Harness().run { (site) async throws in
            let body =
                #"{"name":" Ada ","organisation":"Analytical","phones":["+47 123-45 678"],"tier":"gold"}"#
            let made = try await site.ask(.post, "/api/v1/customers", body: body)
            #expect(made.status == 201)
            #expect(made["name"] == "Ada")
            #expect(made["organisation"] == "Analytical")
            #expect(made["phones.0"] == "+4712345678")
            #expect(made["tier"] == "gold")
            #expect(made["department"] == "null")
            #expect(made["receipt.acknowledged"] == "local")
            let id = try #require(made["id"])
            #expect(made.headers[.location] == "/api/v1/customers/\(id)")
            let read = try await site.ask(.get, "/api/v1/customers/\(id)")
            #expect(read.status == 200)
            #expect(read["receipt"] == nil)
            #expect(read.headers[.eTag] == made.headers[.eTag])
            #expect(read.headers[.eTag] == "\"\(try #require(read["version"]))\"")
            let found = try await site.ask(.get, "/api/v1/customers?q=Ada&limit=10")
            #expect(found["items.0.id"] == id)
            #expect(found["next"] == "null")
            #expect(site.harness.gateway.state.withLock { $0.commits.map(\.actor) } == [Actor("anna")])
        }
    }

    @Test("A list comes in pages whose cursors lead on")
    func pages() async throws {
        try await Harness().run { (site) async throws in
            for number in 0..<5 { _ = try await site.makeCustomer("C\(number)") }
            let first = try await site.ask(.get, "/api/v1/customers?limit=3")
            #expect(first["items"] == "3 items")
            let rest = try await site.ask(.get, "/api/v1/customers?limit=3&cursor=\(try #require(first["next"]))")
            #expect(rest["items"] == "2 items")
            #expect(rest["next"] == "null")
        }
    }

    @Test("A patch changes what it names, clears what is null and leaves the rest")
    func patch() async throws {
        try await Harness().run { (site) async throws in
            let id = try #require(try await site.makeCustomer()["id"])
            let path = "/api/v1/customers/\(id)"
            _ = try await site.ask(.patch, path, body: #"{"title":"CTO","emails":["ada@EXAMPLE.org","b@example.org"]}"#)
            let reply = try await site.ask(
                .patch,
                path,
                body: #"{"title":null,"emails":["ada@example.org"],"tier":"silver"}"#,
                type: "application/merge-patch+json"
            )
            #expect(reply.status == 200)
            #expect(reply["title"] == "null")
            #expect(reply["name"] == "Ada")
            #expect(reply["emails"] == "1 items")
            #expect(reply["tier"] == "silver")
        }
    }

    @Test("A patch that changes nothing makes no op")
    func emptyPatch() async throws {
        try await Harness().run { (site) async throws in
            let id = try #require(try await site.makeCustomer()["id"])
            let before = site.harness.gateway.state.withLock { $0.commits.count }
            let reply = try await site.ask(.patch, "/api/v1/customers/\(id)", body: "{}")
            #expect(reply.status == 200)
            #expect(site.harness.gateway.state.withLock { $0.commits.count } == before)
        }
    }

    @Test(
        "What the domain refuses is a 422 with the field",
        arguments: [
            (#"{"name":"A","phones":["call me"]}"#, "phones"), (#"{"name":"A","emails":["at home"]}"#, "emails"),
            (#"{"name":"","phones":[]}"#, "name"),
        ]
    )
    func refused(body: String, field: String) async throws {
        try await Harness().run { (site) async throws in
            let id = try #require(try await site.makeCustomer()["id"])
            for reply in [
                try await site.ask(.patch, "/api/v1/customers/\(id)", body: body),
                try await site.ask(.post, "/api/v1/customers", body: body),
            ] {
                #expect(reply.status == 422)
                #expect(reply.fieldsAtFault == [field])
            }
        }
    }

    @Test("If-Match of the present version passes; of an older one is a 412 with the present version")
    func preconditions() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeCustomer()
            let path = "/api/v1/customers/\(try #require(made["id"]))"
            let old = try #require(made.headers[.eTag])
            let changed = try await site.ask(.patch, path, body: #"{"title":"A"}"#, headers: [.ifMatch: old])
            #expect(changed.status == 200)
            let late = try await site.ask(.patch, path, body: #"{"title":"B"}"#, headers: [.ifMatch: old])
            #expect(late.status == 412)
            #expect(late.problem == "changed")
            #expect(late["currentVersion"] == changed["version"])
            #expect(late.headers[.eTag] == changed.headers[.eTag])
            #expect(try await site.ask(.get, path)["title"] == "A")
            #expect(try await site.ask(.patch, path, body: #"{"title":"B"}"#, headers: [.ifMatch: "*"]).status == 200)
            #expect(try await site.ask(.patch, path, body: #"{"title":"C"}"#).status == 200)
        }
    }

    @Test("If-Match of a version that another site showed and that holds all that is here passes")
    func versionAhead() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeCustomer()
            let path = "/api/v1/customers/\(try #require(made["id"]))"
            let ahead = "\"east.1.9+\(try #require(made["version"]))\""
            #expect(try await site.ask(.patch, path, body: #"{"title":"A"}"#, headers: [.ifMatch: ahead]).status == 200)
            let aside: HTTPFields = [.ifMatch: "\"east.1.9\""]
            #expect(try await site.ask(.patch, path, body: #"{"title":"B"}"#, headers: aside).status == 412)
        }
    }

    @Test("With If-Match the edit names what its author saw")
    func pinned() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeCustomer()
            let path = "/api/v1/customers/\(try #require(made["id"]))"
            let headers: HTTPFields = [.ifMatch: try #require(made.headers[.eTag])]
            _ = try await site.ask(.patch, path, body: #"{"name":"Augusta"}"#, headers: headers)
            let change = site.harness.gateway.state.withLock { $0.commits.last?.edits.first?.changes.first }
            guard case .set(CustomerField.name, .string("Augusta"), let seen) = change else {
                Issue.record("not the name: \(String(describing: change))")
                return
            }
            #expect(seen != nil)
        }
    }

    @Test("A reader who has the present version gets a 304")
    func notModified() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeCustomer()
            let path = "/api/v1/customers/\(try #require(made["id"]))"
            let tag = try #require(made.headers[.eTag])
            let reply = try await site.ask(.get, path, headers: [.ifNoneMatch: "\"x\", W/\(tag)"])
            #expect(reply.status == 304)
            #expect(reply.text.isEmpty)
        }
    }

    @Test("A note is added with its author; an empty one is refused")
    func notes() async throws {
        try await Harness().run { (site) async throws in
            let path = "/api/v1/customers/\(try #require(try await site.makeCustomer()["id"]))/notes"
            let reply = try await site.ask(.post, path, body: #"{"text":"Called twice.\nAngry."}"#)
            #expect(reply.status == 201)
            #expect(reply["notes.0.text"] == "Called twice.\nAngry.")
            #expect(reply["notes.0.by"] == "anna")
            #expect(reply["notes.0.site"] == "north")
            #expect(try await site.ask(.post, path, body: #"{"text":"  "}"#).status == 422)
            #expect(try await site.ask(.post, "/api/v1/customers/none/notes", body: #"{"text":"x"}"#).status == 404)
        }
    }

    @Test("A customer who is not there is a 404 for reader and writer")
    func missing() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.ask(.get, "/api/v1/customers/none").status == 404)
            #expect(try await site.ask(.patch, "/api/v1/customers/none", body: #"{"name":"x"}"#).status == 404)
        }
    }

    @Test("An import of CSV is reported; a broken row makes it a 422 with the line")
    func imports() async throws {
        try await Harness().run { (site) async throws in
            let path = "/api/v1/customers/import"
            let good = try await site.ask(
                .post,
                "\(path)?dryRun=true",
                as: "susan",
                body: "name,phone\nA,1\n",
                type: "text/csv"
            )
            #expect(good.status == 200)
            #expect(good["created"] == "1")
            let bad = try await site.ask(
                .post,
                path,
                as: "susan",
                body: "name,phone\nA,broken\n",
                type: "text/csv; charset=utf-8"
            )
            #expect(bad.status == 422)
            #expect(bad["errors.0.line"] == "2")
            #expect(site.harness.gateway.state.withLock { $0.imports } == [true, false])
            #expect(try await site.ask(.post, path, as: "susan", body: "{}").status == 415)
            #expect(
                try await site.ask(.post, path, as: "susan", type: "text/csv", headers: [.contentType: "text/csv"])
                    .status == 400
            )
            #expect(
                try await site.ask(.post, "\(path)?dryRun=yes", as: "susan", body: "a", type: "text/csv").status == 422
            )
        }
    }
}
