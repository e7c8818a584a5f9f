import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Routes of text contacts, callbacks and what agents do with them")
struct ContactRouteTests {
    private static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .contentType

    private func makeQueue(_ site: Site) async throws {
        let made = try await site.ask(.put, "/api/v1/queues/sales", as: "susan", body: #"{"name":"Sales"}"#)
        #expect(made.status == 201)
    }

    @Test("A contact of each channel is opened in its queue, by everybody who works here")
    func open() async throws {
        try await Harness().run { (site) async throws in
            try await makeQueue(site)
            let customer = try #require(try await site.makeCustomer()["id"])
            let bodies = [
                ("anna", #"{"channel":"chat","queue":"sales"}"#),
                ("susan", #"{"channel":"email","queue":"sales","from":"a@b.no","title":"Offer","severity":2}"#),
                ("admin", #"{"channel":"portal","queue":"sales","customer":"\#(customer)"}"#),
                ("anna", #"{"channel":"callback","queue":"sales","from":"+47 (123) 45 678"}"#),
            ]
            for (number, (login, body)) in bodies.enumerated() {
                let reply = try await site.ask(.post, "/api/v1/contacts", as: login, body: body)
                #expect(reply.status == 201, "\(reply.text)")
                #expect(reply["id"] == "north-7-\(number + 1)")
                #expect(reply["ticket"] == "made")
                #expect(reply.headers[.location] == "/api/v1/contacts/north-7-\(number + 1)")
            }
            let wishes = site.harness.gateway.state.withLock { $0.wishesToOpen }
            #expect(wishes.map(\.channel) == [.chat, .email, .portal, .callback])
            #expect(
                wishes[1]
                    == ContactWish(.email, queue: QueueID("sales"), from: "a@b.no", title: "Offer", severity: .high)
            )
            #expect(wishes[2].customer == CustomerID(customer))
            #expect(wishes[3].from == "+4712345678")
        }
    }

    @Test(
        "A contact that cannot be opened is refused with its fields, and nothing is done",
        arguments: [
            (#"{}"#, ["channel", "queue"]), (#"{"channel":"voice","queue":"sales"}"#, ["channel"]),
            (#"{"channel":"chat","queue":"none"}"#, ["queue"]),
            (#"{"channel":"chat","queue":"sales","customer":"none","ticket":"NORTH-1-1"}"#, ["customer", "ticket"]),
            (#"{"channel":"callback","queue":"sales"}"#, ["from"]),
            (#"{"channel":"callback","queue":"sales","from":"soon"}"#, ["from"]),
            (#"{"channel":"chat","queue":"sales","severity":5}"#, ["severity"]),
            (#"{"channel":"chat","queue":"sales","state":"new"}"#, ["state"]),
            (#"{"channel":"chat","queue":"sales","title":"\#(String(repeating: "字", count: 201))"}"#, ["title"]),
        ]
    )
    func refused(body: String, fields: [String]) async throws {
        try await Harness().run { (site) async throws in
            try await makeQueue(site)
            let reply = try await site.ask(.post, "/api/v1/contacts", body: body)
            #expect(reply.status == 422, "\(reply.text)")
            #expect(reply.fieldsAtFault == fields)
            #expect(site.harness.gateway.state.withLock { $0.wishesToOpen.isEmpty })
        }
    }

    @Test("A repeated request opens one contact; what the site refuses has its problem")
    func repeats() async throws {
        try await Harness().run { (site) async throws in
            try await makeQueue(site)
            for _ in 0..<2 {
                let reply = try await site.ask(
                    .post,
                    "/api/v1/contacts",
                    body: #"{"channel":"chat","queue":"sales"}"#,
                    headers: [Self.idempotencyKey: "one"]
                )
                #expect(reply["id"] == "north-7-1")
            }
            #expect(site.harness.gateway.state.withLock { $0.wishesToOpen.count } == 1)
            site.harness.gateway.fail(GatewayError(.unavailable, "The site is about to stop."))
            let late = try await site.ask(.post, "/api/v1/contacts", body: #"{"channel":"chat","queue":"sales"}"#)
            #expect(late.status == 503)
            #expect(late["detail"] == "The site is about to stop.")
        }
    }

    @Test("A contact is closed with who ended it and why; a call becomes a callback")
    func closeAndCallBack() async throws {
        try await Harness().run { (site) async throws in
            let path = "/api/v1/contacts/north-7-1/close"
            #expect(try await site.ask(.post, path).status == 204)
            let body = #"{"by":"system","reason":"left the page"}"#
            #expect(try await site.ask(.post, path, as: "susan", body: body).status == 204)
            #expect(try await site.ask(.post, path, body: #"{"by":"network"}"#).fieldsAtFault == ["by"])
            #expect(try await site.ask(.post, "/api/v1/contacts/none/close").status == 404)
            let call = "/api/v1/contacts/north-1-1/callback"
            let made = try await site.ask(.post, call)
            #expect(made.status == 201)
            #expect(made["ticket"] == "null")
            #expect(made.headers[.location] == "/api/v1/contacts/north-7-9")
            #expect(try await site.ask(.post, call, body: #"{"number":"+4711223344"}"#).status == 201)
            #expect(try await site.ask(.post, call, body: #"{"number":"home"}"#).fieldsAtFault == ["number"])
            #expect(try await site.ask(.post, "/api/v1/contacts/none/callback").status == 404)
            site.harness.gateway.fail(GatewayError(.refused, "Only a call that waits can become a callback."))
            #expect(try await site.ask(.post, call).status == 409)
            #expect(
                site.harness.gateway.state.withLock { $0.closed } == [
                    "north-7-1 customer ", "north-7-1 system left the page", "north-1-1 callback ",
                    "north-1-1 callback +4711223344",
                ]
            )
        }
    }

    @Test("What an agent does with one of several contacts reaches the site as its order")
    func desk() async throws {
        try await Harness().run { (site) async throws in
            let calls: [(String, String?)] = [
                ("accept", nil), ("decline", "{}"), ("finish", nil), ("wrap-up", #"{"action":"finish"}"#),
                ("wrap-up", #"{"action":"extend"}"#),
            ]
            for (path, body) in calls {
                let reply = try await site.ask(.post, "/api/v1/desk/contacts/north-7-1/\(path)", body: body)
                #expect(reply.status == 200, "\(path): \(reply.text)")
            }
            let contact = ContactID("north-7-1")
            #expect(
                site.harness.gateway.state.withLock { $0.orders } == [
                    .accept(contact), .decline(contact), .finish(contact), .finishWrapUpOf(contact),
                    .extendWrapUpOf(contact),
                ]
            )
            let skip = try await site.ask(.post, "/api/v1/desk/contacts/x/wrap-up", body: #"{"action":"skip"}"#)
            #expect(skip.fieldsAtFault == ["action"])
            #expect(try await site.ask(.post, "/api/v1/desk/contacts/x/accept", body: #"{"a":1}"#).status == 422)
            #expect(try await site.ask(.post, "/api/v1/desk/contacts/x/accept", as: "susan").status == 403)
        }
    }

    @Test("The desk lists all contacts in hand, the capacity taken and the breaks in three languages")
    func shown() async throws {
        try await Harness().run { (site) async throws in
            let desk = try await site.ask(.get, "/api/v1/desk")
            let expected = [
                "contacts.0.channel": "chat", "contacts.0.title": "No light on port 2", "contacts.0.taken": "0",
                "contact": "null", "agent.occupied": "0", "agent.isOpen": "0", "agent.breakAhead": "null",
                "breakReasons.1": "lunch", "breaks.1.key": "lunch", "breaks.1.nameHans": "午餐",
                "breaks.1.paid": "0", "breaks.1.longestMinutes": "null",
            ]
            for (path, value) in expected { #expect(desk[path] == value, "\(path): \(desk[path] ?? "nothing")") }
            #expect(desk["contacts.0.stateExpiresAt"] != "null")
            let wall = try await site.ask(.get, "/api/v1/wall")
            #expect(wall["contacts.0.channel"] == "voice")
            #expect(wall["contacts.0.position"] == "null")
            #expect(wall["contacts.0.estimate"] == "null")
        }
    }
}
