import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Idempotency keys")
struct IdempotencyTests {
    private func make(_ site: Site, _ name: String, key: String, as login: String = "anna") async throws -> Reply {
        let field = try #require(HTTPField.Name("Idempotency-Key"))
        return try await site.ask(
            .post,
            "/api/v1/customers",
            as: login,
            body: #"{"name":"\#(name)"}"#,
            headers: [field: key]
        )
    }

    @Test("A repeat with the same key gets the same answer and does nothing again")
    func repeats() async throws {
        try await Harness().run { (site) async throws in
            let first = try await make(site, "Ada", key: "k1")
            let second = try await make(site, "Ada", key: "k1")
            #expect(second.status == 201)
            #expect(second["id"] == first["id"])
            #expect(second.headers[try #require(HTTPField.Name("Idempotency-Replayed"))] == "true")
            #expect(site.harness.gateway.state.withLock { $0.commits.count } == 1)
        }
    }

    @Test("Another body under the same key is refused; another key or another person is another request")
    func others() async throws {
        try await Harness().run { (site) async throws in
            _ = try await make(site, "Ada", key: "k1")
            #expect(try await make(site, "Bob", key: "k1").status == 422)
            #expect(try await make(site, "Ada", key: "k2").status == 201)
            #expect(try await make(site, "Ada", key: "k1", as: "susan").status == 201)
            #expect(site.harness.gateway.state.withLock { $0.commits.count } == 3)
        }
    }

    @Test("What failed may be tried again under its key; what is old is forgotten")
    func retries() async throws {
        try await Harness().run { (site) async throws in
            site.harness.gateway.fail(GatewayError(.unavailable, "starting"))
            #expect(try await make(site, "Ada", key: "k1").status == 503)
            site.harness.gateway.fail(nil)
            #expect(try await make(site, "Ada", key: "k1").status == 201)
            site.harness.clock.advance(Limits.idempotencySpan + .seconds(1))
            #expect(try await make(site, "Ada", key: "k1").status == 201)
            #expect(site.harness.gateway.state.withLock { $0.commits.count } == 2)
        }
    }

    @Test("A key has a bound, and so has their number")
    func bounds() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await make(site, "Ada", key: String(repeating: "k", count: 81)).status == 400)
            for number in 0...Limits.idempotencyEntriesMax {
                #expect(try await make(site, "C", key: "n\(number)").status == 201)
            }
        }
    }
}
