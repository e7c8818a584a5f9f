import ContactCenter
import HTTPTypes
import Kernel
import Testing
import WebAPI

@Suite("Agent and queue routes")
struct StaffRouteTests {
    private static let carl =
        #"{"name":"Carl","site":"north","tier":"senior","skills":["billing:3"],"sipUser":"2001","#
        + #""sipPassword":"phone-secret","password":"carl-password"}"#

    @Test("A new agent can sign in and has a phone secret; neither is ever shown")
    func create() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.ask(.put, "/api/v1/agents/carl", as: "admin", body: Self.carl)
            #expect(made.status == 201, "\(made.text)")
            #expect(made["tier"] == "senior")
            #expect(made["skills.0"] == "billing:3")
            #expect(made["sipUser"] == "2001")
            #expect(!made.text.contains("secret") && !made.text.contains("password"))
            let document = try await site.harness.gateway.document(AgentID("carl").documentID)
            // MD5("2001:tandem:phone-secret"), by another program.
            #expect(document.flatMap(Agent.init)?.sipDigest == "cd6ff18f2b38d4823ffe022c92a5a380")
            let strong = document.flatMap(Agent.init)?.sipDigestSHA256
            #expect(strong == "3018951cda9889c18090bf96cc601400814dfe2d38beb9419813a8977dd21e9c")
            let signedIn = try await site.signIn("carl", "carl-password")
            #expect(signedIn.status == 201)
            #expect(signedIn["account.agent"] == "carl")
            #expect(try await site.ask(.get, "/api/v1/agents/carl")["name"] == "Carl")
            #expect(try await site.ask(.get, "/api/v1/agents")["items"] == "2 items")
        }
    }

    @Test("A change touches only what it names; inactive bars the account too")
    func change() async throws {
        try await Harness().run { (site) async throws in
            _ = try await site.ask(.put, "/api/v1/agents/carl", as: "admin", body: Self.carl)
            let reply = try await site.ask(.put, "/api/v1/agents/carl", as: "admin", body: #"{"active":false}"#)
            #expect(reply.status == 200)
            #expect(reply["name"] == "Carl")
            #expect(reply["active"] == "0" || reply["active"] == "false")
            #expect(try await site.signIn("carl", "carl-password").status == 401)
        }
    }

    @Test(
        "What cannot be is refused with its field",
        arguments: [
            (#"{}"#, "name"), (#"{"name":"X","password":"short"}"#, "password"),
            (#"{"name":"X","skills":["billing:99"]}"#, "skills[0]"), (#"{"name":"X","site":"mars"}"#, "site"),
            (#"{"name":"X","site":"Not A Site"}"#, "site"), (#"{"name":"X","tier":"guru"}"#, "tier"),
            (#"{"name":"X","active":"yes"}"#, "active"), (#"{"name":"X","sipPassword":"short"}"#, "sipPassword"),
        ]
    )
    func refusedAgent(body: String, field: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.put, "/api/v1/agents/carl", as: "admin", body: body)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == [field])
        }
    }

    @Test("A new phone user needs a new phone password, because the secret contains the user")
    func sipUser() async throws {
        try await Harness().run { (site) async throws in
            _ = try await site.ask(.put, "/api/v1/agents/carl", as: "admin", body: Self.carl)
            let reply = try await site.ask(.put, "/api/v1/agents/carl", as: "admin", body: #"{"sipUser":"2002"}"#)
            #expect(reply.fieldsAtFault == ["sipPassword"])
        }
    }

    @Test("A login must be plain text")
    func login() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.put, "/api/v1/agents/an%20agent", as: "admin", body: #"{"name":"X"}"#)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == ["id"])
        }
    }

    @Test("A queue is made, changed and listed")
    func queue() async throws {
        try await Harness().run { (site) async throws in
            let body = #"{"name":"Billing","numbers":["4000"],"requiredSkills":["billing:2"],"ringSeconds":20}"#
            let made = try await site.ask(.put, "/api/v1/queues/billing", as: "admin", body: body)
            #expect(made.status == 201, "\(made.text)")
            #expect(made["ringSeconds"] == "20")
            #expect(made["wrapUpSeconds"] == "null")
            let changed = try await site.ask(
                .put,
                "/api/v1/queues/billing",
                as: "admin",
                body: #"{"strategy":"longestIdle"}"#
            )
            #expect(changed.status == 200)
            #expect(changed["strategy"] == "longestIdle")
            #expect(changed["numbers.0"] == "4000")
            #expect(try await site.ask(.get, "/api/v1/queues")["items.0.id"] == "billing")
        }
    }

    @Test("A number leads to one queue, and times have bounds")
    func refusedQueue() async throws {
        try await Harness().run { (site) async throws in
            let body = #"{"name":"Billing","numbers":["4000"]}"#
            _ = try await site.ask(.put, "/api/v1/queues/billing", as: "admin", body: body)
            let taken = try await site.ask(
                .put,
                "/api/v1/queues/sales",
                as: "admin",
                body: #"{"name":"S","numbers":["40-00"]}"#
            )
            #expect(taken.fieldsAtFault == ["numbers"])
            let wrong = #"{"name":"S","ringSeconds":1,"priority":99,"strategy":"dice"}"#
            let reply = try await site.ask(.put, "/api/v1/queues/sales", as: "admin", body: wrong)
            #expect(reply.fieldsAtFault == ["priority", "ringSeconds", "strategy"])
        }
    }
}
