import Synchronization
import HTTPTypes
import Kernel
import Testing
import WebAPI

@Suite("Acknowledgement levels")
struct AcknowledgementRouteTests {
    private static let op = HTTPField.Name("Tandem-Op")
    private static let level = HTTPField.Name("Tandem-Acknowledged")
    private static let missed = HTTPField.Name("Tandem-Acknowledgement-Missed")

    private static func field(_ name: HTTPField.Name?, _ reply: Reply) -> String? {
        name.flatMap { reply.headers[$0] }
    }

    @Test("A change without a wish is confirmed on this site's disk and names its op")
    func standard() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.makeCustomer()
            #expect(Self.field(Self.level, reply) == "local")
            let dot = Self.field(Self.op, reply).flatMap { Dot(text: $0) }
            #expect(dot?.origin == site.harness.gateway.origin)
            #expect(Self.field(Self.missed, reply) == nil)
            #expect(site.harness.gateway.state.withLock { $0.wishes.last } == .local)
        }
    }

    @Test("Level and patience reach the ledger from every kind of change")
    func wishes() async throws {
        try await Harness().run { (site) async throws in
            let customer = try #require(try await site.makeCustomer()["id"])
            let other = try #require(try await site.makeCustomer("Ben")["id"])
            let ticket = try #require(try await site.makeTicket()["id"])
            let wish = "?acknowledgement=majority&patienceMs=400"
            let changes: [(HTTPRequest.Method, String, String)] = [
                (.post, "/api/v1/customers", #"{"name":"Cleo"}"#),
                (.patch, "/api/v1/customers/\(customer)", #"{"title":"Dr"}"#),
                (.post, "/api/v1/customers/\(customer)/notes", #"{"text":"called"}"#),
                (.post, "/api/v1/customers/\(customer)/merge", #"{"other":"\#(other)"}"#),
                (.post, "/api/v1/tickets", #"{"subject":"No tone"}"#),
                (.patch, "/api/v1/tickets/\(ticket)", #"{"subject":"Still none"}"#),
                (.post, "/api/v1/tickets/\(ticket)/notes", #"{"text":"looked"}"#),
                (.put, "/api/v1/agents/ben", #"{"name":"Ben"}"#),
                (.put, "/api/v1/queues/billing", #"{"name":"Billing"}"#),
            ]
            for (method, path, body) in changes {
                let reply = try await site.ask(method, path + wish, as: "admin", body: body)
                #expect((200..<300).contains(reply.status), "\(path): \(reply.text)")
                #expect(Self.field(Self.level, reply) == "majority", "\(path)")
                #expect(Self.field(Self.op, reply) != nil, "\(path)")
                let got = site.harness.gateway.state.withLock { $0.wishes.last }
                #expect(got == AcknowledgementWish(.majority, patience: .milliseconds(400)), "\(path)")
            }
            let csv = try await site.ask(
                .post,
                "/api/v1/customers/import" + wish,
                as: "admin",
                body: "name\nDora",
                type: "text/csv"
            )
            #expect(Self.field(Self.level, csv) == "majority", "\(csv.text)")
        }
    }

    @Test("A level that was not reached is told, and the change is done all the same")
    func missed() async throws {
        try await Harness().run { (site) async throws in
            site.harness.gateway.state.withLock { $0.reachable = .one }
            let reply = try await site.ask(
                .post,
                "/api/v1/customers?acknowledgement=majority",
                body: #"{"name":"Ada"}"#
            )
            #expect(reply.status == 201)
            #expect(Self.field(Self.level, reply) == "one")
            #expect(Self.field(Self.missed, reply) == "nobody else answered")
            #expect(reply["receipt.acknowledged"] == "one")
        }
    }

    @Test(
        "A wish that cannot be read is refused before anything is written",
        arguments: ["acknowledgement=all", "patienceMs=30001", "patienceMs=-1", "patienceMs=soon"]
    )
    func unreadable(query: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.post, "/api/v1/customers?\(query)", body: #"{"name":"Ada"}"#)
            #expect(reply.status == 400)
            #expect(reply.problem == "malformed")
            #expect(site.harness.gateway.state.withLock { $0.commits.isEmpty })
        }
    }

    @Test("A later promotion can be awaited by the name of the op")
    func later() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeCustomer()
            let op = try #require(Self.field(Self.op, made))
            let path = "/api/v1/acknowledgements/\(op)?level=one&patienceMs=30000"
            let reply = try await site.ask(.get, path)
            #expect(reply.status == 200)
            #expect(reply["acknowledged"] == "one")
            #expect(reply["missed"] == "null")
            #expect(try await site.ask(.get, "/api/v1/acknowledgements/east.1.9?level=one").status == 404)
            #expect(try await site.ask(.get, "/api/v1/acknowledgements/nonsense").status == 404)
            #expect(try await site.ask(.get, "/api/v1/acknowledgements/\(op)?level=two").status == 400)
        }
    }
}
