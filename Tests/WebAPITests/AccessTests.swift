import ContactCenter
import HTTPTypes
import Testing
import WebAPI

@Suite("Who may do what")
struct AccessTests {
    /// Written out here once more, so that a slip in the table is noticed.
    private static let supervision: Set<String> = [
        "POST /api/v1/customers/import", "GET /api/v1/contacts/{id}/explanation",
        "POST /api/v1/customers/{id}/merge", "POST /api/v1/customers/{id}/unmerge",
        "POST /api/v1/conflicts/{id}/restore", "POST /api/v1/conflicts/{id}/dismiss", "GET /api/v1/site/status",
        "GET /api/v1/cluster", "GET /api/v1/site/verification", "GET /api/v1/site/backups", "GET /api/v1/lost-found",
        "DELETE /api/v1/lost-found/{type}/{key}", "DELETE /api/v1/customers/{id}", "DELETE /api/v1/tickets/{id}",
        "PUT /api/v1/queues/{id}", "PATCH /api/v1/queues/{id}", "PUT /api/v1/calendars/{id}",
        "PATCH /api/v1/calendars/{id}", "PUT /api/v1/break-reasons/{id}", "GET /api/v1/routing/checks",
    ]
    private static let administration: Set<String> = [
        "PUT /api/v1/agents/{id}", "POST /api/v1/site/links/{peer}",
        "POST /api/v1/cluster/decisions", "POST /api/v1/site/verification", "POST /api/v1/site/backups",
    ]
    private static let open: Set<String> = [
        "POST /api/v1/session", "GET /healthz", "GET /readyz", "GET /metrics", "GET /", "GET /desk", "GET /wall",
        "GET /rules",
        "GET /assets/**",
    ]

    private static func mayUse(_ login: String, _ name: String) -> Bool {
        if open.contains(name) { return true }
        // A supervisor needs a phone of her own to take part in calls; of these three none has both.
        if name == "POST /api/v1/desk/supervision" { return false }
        if name.contains("/api/v1/desk") { return login == "anna" }
        if administration.contains(name) { return login == "admin" }
        if supervision.contains(name) { return login != "anna" }
        return true
    }

    @Test("Each role gets what it may use and 403 elsewhere", arguments: ["anna", "susan", "admin"])
    func roles(login: String) async throws {
        try await Harness().run { (site) async throws in
            for endpoint in WebServer.endpoints where endpoint.path != "/api/v1/events" {
                let name = "\(endpoint.method) \(endpoint.path)"
                let reply = try await site.ask(endpoint, as: login)
                if Self.mayUse(login, name) {
                    #expect(reply.status != 403 && (Self.open.contains(name) || reply.status != 401), "\(name)")
                } else {
                    #expect(reply.status == 403, "\(name)")
                    #expect(reply.problem == "forbidden", "\(name)")
                }
            }
        }
    }

    @Test("Without a session everything is closed but what is open to all")
    func nobody() async throws {
        try await Harness().run { (site) async throws in
            for endpoint in WebServer.endpoints {
                let name = "\(endpoint.method) \(endpoint.path)"
                let reply = try await site.ask(endpoint, as: nil)
                #expect((reply.status == 401) == !Self.open.contains(name), "\(name): \(reply.status)")
            }
        }
    }

    @Test("The table and the routes that are served are the same")
    func table() async throws {
        let harness = try await Harness()
        let listed = WebServer.endpoints.map { "\($0.method) \($0.path)" }.sorted()
        #expect(harness.server.servedRoutes == listed)
        #expect(Set(listed).count == listed.count)
    }
}

extension Site {
    /// Asks an endpoint with an empty object, its variables filled with a key that nothing has.
    fileprivate func ask(_ endpoint: EndpointSummary, as login: String?) async throws -> Reply {
        let path = endpoint.path.replacing(/\{\w+\}/, with: "none").replacing("**", with: "none.js")
        let method = try #require(HTTPRequest.Method(endpoint.method))
        return try await ask(method, path, as: login, body: method == .get ? nil : "{}")
    }
}
