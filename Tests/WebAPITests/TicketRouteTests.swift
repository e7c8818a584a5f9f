import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Ticket routes")
struct TicketRouteTests {
    @Test("A new ticket has a number, a due time and its customer's latest-ticket link")
    func create() async throws {
        try await Harness().run { (site) async throws in
            let customer = try #require(try await site.makeCustomer()["id"])
            let made = try await site.makeTicket(
                #""subject":"No dial tone","customer":"\#(customer)","severity":2,"tags":["a","a"],"owner":"anna""#
            )
            #expect(made["number"]?.hasPrefix("NORTH-") == true)
            #expect(made["state"] == "open")
            #expect(made["customer.id"] == customer)
            #expect(made["tags"] == "1 items")
            #expect(made["site"] == "north")
            #expect(made["channel"] == "voice")
            #expect(made["dueAt"] != "null")
            let id = try #require(made["id"])
            let file = try await site.harness.gateway.document(CustomerID(customer).documentID)
            #expect(file.flatMap(Customer.init)?.lastTicket == TicketID(id))
            let byNumber = try await site.ask(.get, "/api/v1/tickets/\(try #require(made["number"]))")
            #expect(byNumber["id"] == id)
            let list = try await site.ask(.get, "/api/v1/tickets?customer=\(customer)&owner=anna&state=open")
            #expect(list["items.0.id"] == id)
            #expect(try await site.ask(.get, "/api/v1/tickets?state=closed")["items"] == "0 items")
            #expect(try await site.ask(.get, "/api/v1/tickets?state=shut").status == 422)
        }
    }

    @Test("Links to what is not there are refused, all at once")
    func links() async throws {
        try await Harness().run { (site) async throws in
            let body = #"{"subject":"x","customer":"none","owner":"nobody","queue":"void"}"#
            let reply = try await site.ask(.post, "/api/v1/tickets", body: body)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == ["customer", "owner", "queue"])
            #expect(try await site.ask(.post, "/api/v1/tickets", body: "{}").fieldsAtFault == ["subject"])
        }
    }

    @Test("Taking a ticket and resolving it can be one request, and it is one op")
    func takeAndResolve() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeTicket()
            #expect(made["state"] == "new")
            let path = "/api/v1/tickets/\(try #require(made["id"]))"
            let before = site.harness.gateway.state.withLock { $0.commits.count }
            let body = #"{"owner":"anna","state":"resolved","category":"line"}"#
            let reply = try await site.ask(
                .patch,
                path,
                body: body,
                headers: [.ifMatch: try #require(made.headers[.eTag])]
            )
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply["state"] == "resolved")
            #expect(reply["owner"] == "anna")
            #expect(reply["resolvedAt"] != "null")
            #expect(reply["receipt.conflict"] == "0" || reply["receipt.conflict"] == "false")
            let commits = site.harness.gateway.state.withLock { $0.commits }
            #expect(commits.count == before + 1)
            #expect(commits.last?.edits.count == 1)
        }
    }

    @Test("A step that the lifecycle does not have is a 409 that names the possible ones")
    func wrongStep() async throws {
        try await Harness().run { (site) async throws in
            let path = "/api/v1/tickets/\(try #require(try await site.makeTicket()["id"]))"
            let reply = try await site.ask(.patch, path, body: #"{"state":"closed"}"#)
            #expect(reply.status == 409)
            #expect(reply.problem == "refused")
            #expect(reply["errors.0.field"] == "state")
            let unowned = try await site.ask(.patch, path, body: #"{"state":"resolved"}"#)
            #expect(unowned.status == 409)
            #expect(unowned["errors.0.field"] == "owner")
        }
    }

    @Test("Owner, customer and subject cannot be taken away, and the queue is what it was")
    func fixedFields() async throws {
        try await Harness().run { (site) async throws in
            let path = "/api/v1/tickets/\(try #require(try await site.makeTicket()["id"]))"
            let body = #"{"owner":null,"customer":null,"subject":"","queue":"billing","severity":5,"state":"done"}"#
            let reply = try await site.ask(.patch, path, body: body)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == ["customer", "owner", "queue", "severity", "state", "subject"])
        }
    }

    @Test("Linking a customer makes the ticket that customer's latest")
    func linkCustomer() async throws {
        try await Harness().run { (site) async throws in
            let customer = try #require(try await site.makeCustomer()["id"])
            let id = try #require(try await site.makeTicket()["id"])
            let reply = try await site.ask(.patch, "/api/v1/tickets/\(id)", body: #"{"customer":"\#(customer)"}"#)
            #expect(reply["customer.id"] == customer)
            let file = try await site.harness.gateway.document(CustomerID(customer).documentID)
            #expect(file.flatMap(Customer.init)?.lastTicket == TicketID(id))
        }
    }

    @Test("An older If-Match is a 412")
    func precondition() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeTicket()
            let path = "/api/v1/tickets/\(try #require(made["id"]))"
            let headers: HTTPFields = [.ifMatch: try #require(made.headers[.eTag])]
            #expect(try await site.ask(.patch, path, body: #"{"product":"PBX"}"#, headers: headers).status == 200)
            #expect(try await site.ask(.patch, path, body: #"{"product":"Fax"}"#, headers: headers).status == 412)
        }
    }

    @Test("A note is added; a ticket that is not there is a 404")
    func notes() async throws {
        try await Harness().run { (site) async throws in
            let id = try #require(try await site.makeTicket()["id"])
            let reply = try await site.ask(.post, "/api/v1/tickets/\(id)/notes", body: #"{"text":"Rebooted."}"#)
            #expect(reply.status == 201)
            #expect(reply["notes.0.text"] == "Rebooted.")
            #expect(try await site.ask(.post, "/api/v1/tickets/none/notes", body: #"{"text":"x"}"#).status == 404)
            #expect(try await site.ask(.get, "/api/v1/tickets/none").status == 404)
            #expect(try await site.ask(.patch, "/api/v1/tickets/none", body: "{}").status == 404)
        }
    }
}
