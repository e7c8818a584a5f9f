import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Malformed requests")
struct MalformedRequestTests {
    @Test(
        "Broken JSON is a 400 that says where",
        arguments: [
            (#"{"name":"Ada""#, 1, 14, "comma"),
            (#"{"name":"Ada",}"#, 1, 15, "name in quotes"),
            ("{\n  \"name\": Ada\n}", 2, 11, "unexpected character"),
            (#"{"name":"Ada"} x"#, 1, 16, "after the value"),
            (#"{"name":"Ada","name":"Bob"}"#, 1, 15, "twice"),
            (#"{"name":"A\q"}"#, 1, 12, "escape"),
            (#"{"name":"\ud800"}"#, 1, 16, "surrogate"),
            (#"{"name":"\u00zz"}"#, 1, 14, "hexadecimal"),
            ("{\"name\":\"a\u{01}\"}", 1, 11, "control"),
            (#"{"name":"Ada"#, 1, 13, "closing quote"),
            (#"{"a":01}"#, 1, 7, "begin with 0"),
            (#"{"a":1.}"#, 1, 8, "digit"),
            (#"{"a":-}"#, 1, 7, "digit"),
            (#"{"a":1e999}"#, 1, 11, "too large"),
            (#"{"a":tru}"#, 1, 6, "word"),
            (#"{"a" 1}"#, 1, 6, "colon"),
            (#"{"a":[1 2]}"#, 1, 9, "bracket"),
            (#"{"é":é}"#, 1, 6, "unexpected character"),
            ("{", 1, 2, "name in quotes"),
            ("[", 1, 2, "the text ends"),
            (String(repeating: "[", count: 40), 1, 33, "nested"),
        ]
    )
    func brokenJSON(body: String, line: Int, column: Int, message: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.post, "/api/v1/customers", body: body)
            #expect(reply.status == 400)
            #expect(reply.problem == "malformed")
            #expect(reply["detail"]?.contains("line \(line), column \(column)") == true, "\(reply.text)")
            #expect(reply["detail"]?.contains(message) == true, "\(reply.text)")
            #expect(reply["errors.0.line"] == "\(line)")
        }
    }

    @Test(
        "What is not an object is a 422",
        arguments: [
            "null", "true", "5", "1.5e3", #""text""#, "[]", #" [ {"a" : [1, -2.5, "\u00e9\ud83d\ude00\n"] } ] "#,
        ]
    )
    func notAnObject(body: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.post, "/api/v1/customers", body: body)
            #expect(reply.status == 422)
            #expect(reply["errors.0.message"]?.contains("must be an object") == true)
        }
    }

    @Test("Unknown fields and wrong types are all named at once")
    func fields() async throws {
        try await Harness().run { (site) async throws in
            let body = #"{"name":7,"nickname":"x","phones":"12","tier":"gilt","emails":["a@b.c",5,""],"title":null}"#
            let reply = try await site.ask(.post, "/api/v1/customers", body: body)
            #expect(reply.status == 422)
            #expect(reply.problem == "invalid")
            #expect(reply.fieldsAtFault == ["emails[1]", "emails[2]", "name", "nickname", "phones", "tier"])
            #expect(site.harness.gateway.state.withLock { $0.commits.isEmpty })
        }
    }

    @Test("A missing body, a wrong content type and a body that is too large have their own answers")
    func bodies() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.ask(.post, "/api/v1/customers").status == 400)
            #expect(try await site.ask(.post, "/api/v1/customers", body: "name=Ada", type: "text/plain").status == 415)
            let long = #"{"name":"\#(String(repeating: "a", count: Limits.jsonBodyBytesMax))"}"#
            let reply = try await site.ask(.post, "/api/v1/customers", body: long)
            #expect(reply.status == 413)
            #expect(reply.problem == "too-large")
            let typed = try await site.ask(
                .post,
                "/api/v1/customers",
                body: #"{"name":"Ada"}"#,
                type: "Application/JSON; charset=utf-8"
            )
            #expect(typed.status == 201)
        }
    }

    @Test("Text that is not UTF-8 is malformed")
    func notUTF8() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.sendBytes(Array(#"{"name":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8))
            #expect(reply.status == 400)
            #expect(reply["detail"]?.contains("UTF-8") == true)
        }
    }

    @Test("A wrong method is a 405 that says which are right")
    func methods() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.put, "/api/v1/customers/x")
            #expect(reply.status == 405)
            #expect(reply.headers[.allow] == "DELETE, GET, HEAD, PATCH")
            #expect(reply.problem == "method-not-allowed")
            #expect(try await site.ask(.put, "/api/v1/wall").headers[.allow] == "GET, HEAD")
        }
    }

    @Test("An unknown address is a 404 problem", arguments: ["/api/v1/nothing", "/api/v2/wall", "/x", "/assets/../x"])
    func unknown(path: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.get, path)
            #expect(reply.status == 404)
            #expect(reply.problem == "not-found")
            #expect(reply["instance"]?.hasPrefix("urn:tandem:request:") == true)
        }
    }

    @Test("A key that cannot be one is simply not found", arguments: ["%FF", String(repeating: "k", count: 300)])
    func impossibleKeys(key: String) async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.ask(.get, "/api/v1/customers/\(key)").status == 404)
        }
    }

    @Test(
        "Wrong parameters are named",
        arguments: [
            ("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("limt=5", "limt"),
            ("q=a&q=b", "q"), ("q=%FF", "q=%FF"),
        ]
    )
    func parameters(query: String, field: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.get, "/api/v1/customers?\(query)")
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == [field])
        }
    }

    @Test("A refusal by the site becomes its problem; anything else becomes a 500 that tells nothing")
    func failures() async throws {
        try await Harness().run { (site) async throws in
            let table: [(GatewayError.Code, Int)] = [
                (.notFound, 404), (.refused, 409), (.invalid, 422), (.unavailable, 503), (.overloaded, 503),
                (.storageFull, 507),
            ]
            for (code, status) in table {
                site.harness.gateway.fail(GatewayError(code, "because"))
                let reply = try await site.ask(.get, "/api/v1/wall")
                #expect(reply.status == status)
                #expect(reply["detail"]?.contains("because") == true)
                #expect((reply.headers[.retryAfter] != nil) == (status == 503))
            }
        }
    }
}
