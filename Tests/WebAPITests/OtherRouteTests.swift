import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Routes of the desk, contacts, conflicts and sites")
struct OtherRouteTests {
    @Test("Each thing that an agent does at the desk reaches the site as its order")
    func desk() async throws {
        try await Harness().run { (site) async throws in
            let calls: [(String, String?)] = [
                ("sign-in", nil), ("sign-in", "{}"), ("state", #"{"state":"ready"}"#),
                ("state", #"{"state":"notReady","reason":"lunch"}"#), ("wrap-up", #"{"action":"finish"}"#),
                ("wrap-up", #"{"action":"extend"}"#), ("hang-up", #"{"contact":"north-1-1"}"#),
                ("link-customer", #"{"contact":"north-1-1","customer":"c1"}"#), ("sign-out", nil),
            ]
            for (path, body) in calls {
                let reply = try await site.ask(.post, "/api/v1/desk/\(path)", body: body)
                #expect(reply.status == 200, "\(path): \(reply.text)")
                #expect(reply["agent.id"] == "anna")
            }
            let contact = ContactID("north-1-1")
            #expect(
                site.harness.gateway.state.withLock { $0.orders } == [
                    .signIn, .signIn, .ready, .notReady(reason: "lunch"), .finishWrapUp, .extendWrapUp,
                    .hangUp(contact), .linkCustomer(contact, CustomerID("c1")), .signOut,
                ]
            )
            let desk = try await site.ask(.get, "/api/v1/desk")
            #expect(desk["agent.phone"] == "registered")
            #expect(desk["contact"] == "null")
        }
    }

    @Test(
        "Orders that say too little or too much are refused",
        arguments: [
            ("state", #"{"state":"busy"}"#, ["state"]), ("state", #"{"state":"notReady"}"#, ["reason"]),
            ("state", #"{}"#, ["state"]), ("wrap-up", #"{"action":"skip"}"#, ["action"]),
            ("hang-up", #"{}"#, ["contact"]), ("link-customer", #"{"contact":"x"}"#, ["customer"]),
            ("sign-in", #"{"site":"east"}"#, ["site"]),
        ]
    )
    func badOrders(path: String, body: String, fields: [String]) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.post, "/api/v1/desk/\(path)", body: body)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == fields)
            #expect(site.harness.gateway.state.withLock { $0.orders.isEmpty })
        }
    }

    @Test("What the agent's state forbids is a 409")
    func forbiddenByState() async throws {
        try await Harness().run { (site) async throws in
            site.harness.gateway.fail(GatewayError(.refused, "The phone is not registered."))
            let reply = try await site.ask(.post, "/api/v1/desk/state", body: #"{"state":"ready"}"#)
            #expect(reply.status == 409)
            #expect(reply["detail"] == "The phone is not registered.")
        }
    }

    @Test("Contacts are listed, shown and explained")
    func contacts() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.ask(.get, "/api/v1/contacts")["items.0.id"] == "north-1-1")
            #expect(try await site.ask(.get, "/api/v1/contacts/north-1-1")["state"] == "talking")
            #expect(try await site.ask(.get, "/api/v1/contacts/none").status == 404)
            #expect(try await site.ask(.get, "/api/v1/contacts/north-1-1/explanation", as: "susan").status == 200)
            #expect(try await site.ask(.get, "/api/v1/contacts/none/explanation", as: "susan").status == 404)
        }
    }

    @Test(
        "An overwritten value is listed, and restoring it or letting it go takes it off the list",
        arguments: ["restore", "dismiss"]
    )
    func conflicts(decision: String) async throws {
        try await Harness().run { (site) async throws in
            let id = try #require(try await site.makeCustomer()["id"])
            try await site.harness.writeUnseen("Countess", of: CustomerID(id))
            let list = try await site.ask(.get, "/api/v1/conflicts")
            #expect(list["items.0.field"] == "name")
            #expect(list["items.0.document.type"] == "customer")
            let lost = try #require(list["items.0.lost.value"])
            let conflict = try #require(list["items.0.id"])
            let reply = try await site.ask(.post, "/api/v1/conflicts/\(conflict)/\(decision)", as: "susan")
            #expect(reply.status == 200, "\(reply.text)")
            #expect(try await site.ask(.get, "/api/v1/conflicts")["items"] == "0 items")
            let name = try await site.ask(.get, "/api/v1/customers/\(id)")["name"]
            #expect((name == lost) == (decision == "restore"))
            let again = try await site.ask(.post, "/api/v1/conflicts/\(conflict)/\(decision)", as: "susan")
            #expect(again.status == 404)
            #expect(try await site.ask(.post, "/api/v1/conflicts/noise/\(decision)", as: "susan").status == 404)
        }
    }

    @Test("Sites, status and links")
    func sites() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.ask(.get, "/api/v1/sites")["items"] == "2 items")
            #expect(try await site.ask(.get, "/api/v1/site/status", as: "susan")["records.origins.north/1"] == "1")
            let cut = try await site.ask(.post, "/api/v1/site/links/east", as: "admin", body: #"{"cut":true}"#)
            #expect(cut.status == 200)
            #expect(site.harness.gateway.state.withLock { $0.cuts } == ["east": true])
            for peer in ["north", "mars"] {
                let reply = try await site.ask(.post, "/api/v1/site/links/\(peer)", as: "admin", body: #"{"cut":true}"#)
                #expect(reply.status == 404)
            }
            #expect(try await site.ask(.post, "/api/v1/site/links/east", as: "admin", body: "{}").status == 422)
        }
    }

    @Test("Health, readiness and figures need no session")
    func machines() async throws {
        try await Harness().run { (site) async throws in
            #expect(try await site.ask(.get, "/healthz", as: nil)["status"] == "ok")
            #expect(try await site.ask(.get, "/readyz", as: nil).status == 200)
            site.harness.gateway.state.withLock { $0.isReady = false }
            let waiting = try await site.ask(.get, "/readyz", as: nil)
            #expect(waiting.status == 503)
            #expect(waiting["reasons.0"] == "the store is opening")
            let metrics = try await site.ask(.get, "/metrics", as: nil)
            #expect(metrics.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = metrics.text.split(separator: "\n").map(String.init)
            #expect(lines.contains(#"# HELP tandem_contacts_live Live contacts \\ "quoted"."#))
            #expect(lines.contains(#"tandem_contacts_live{queue="bil\"ling"} 2"#))
            #expect(lines.contains(#"tandem_http_requests_total{method="GET",status="503"} 1"#))
            #expect(lines.contains("# TYPE tandem_event_streams gauge"))
        }
    }
}

extension Harness {
    /// Writes a customer's name as somebody does who has not seen the present one.
    fileprivate func writeUnseen(_ name: String, of id: CustomerID) async throws {
        let east = Origin(site: try #require(SiteID("east")), epoch: 1)
        let change = FieldChange.set(CustomerField.name, .string(name), seen: Dot(origin: east, sequence: 1))
        let edit = DocumentEdit(.id(id.documentID, mustExist: true), [change])
        let receipt = try await gateway.commit(EditRequest(actor: .system, edits: [edit]), acknowledgement: .local)
        #expect(receipt.conflicts == 1)
    }
}
