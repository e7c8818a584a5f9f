import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Calls at the desk")
struct DeskCallRouteTests {
    private static let contact = ContactID("north-1-1")
    private static let path = "/api/v1/desk/contacts/north-1-1"

    @Test(
        "Each thing that an agent does with a call reaches the site as its order",
        arguments: [
            ("hold", nil, .hold(contact)), ("resume", "{}", .resume(contact)), ("swap", nil, .swap(contact)),
            ("complete-transfer", nil, .completeTransfer(contact)), ("end-consult", nil, .endConsult(contact)),
            ("conference", nil, .conference(contact)),
            ("transfer", #"{"agent":"carl"}"#, .transfer(contact, to: .agent(AgentID("carl")))),
            ("transfer", #"{"queue":"billing"}"#, .transfer(contact, to: .queue(QueueID("billing")))),
            ("transfer", #"{"number":"+4712345678"}"#, .transfer(contact, to: .number("+4712345678"))),
            ("consult", #"{"number":"0047123"}"#, .consult(contact, with: .number("0047123"))),
            ("consult", #"{"agent":"carl","queue":null}"#, .consult(contact, with: .agent(AgentID("carl")))),
            ("digits", #"{"digits":"0123456789*#ABCD"}"#, .sendDigits(contact, "0123456789*#ABCD")),
            ("recording", #"{"paused":true}"#, .pauseRecording(contact, true)),
            ("recording", #"{"paused":false}"#, .pauseRecording(contact, false)),
        ] as [(String, String?, DeskOrder)]
    )
    func orders(step: String, body: String?, order: DeskOrder) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.post, "\(Self.path)/\(step)", body: body)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply["agent.id"] == "anna" && reply["supervision"] == "null")
            #expect(site.harness.gateway.state.withLock { $0.orders } == [order])
        }
    }

    @Test(
        "What is no target, number or digit is refused with its field",
        arguments: [
            ("transfer", "{}", ["agent"]), ("transfer", #"{"agent":"carl","queue":"billing"}"#, ["agent"]),
            ("transfer", #"{"agent":"carl","number":"123"}"#, ["agent"]), ("transfer", #"{"agent":""}"#, ["agent"]),
            ("transfer", #"{"agent":7}"#, ["agent"]), ("transfer", #"{"site":"east"}"#, ["agent", "site"]),
            ("consult", #"{"number":""}"#, ["number"]), ("consult", #"{"number":"+"}"#, ["number"]),
            ("consult", #"{"number":"1+2"}"#, ["number"]), ("consult", #"{"number":"++12"}"#, ["number"]),
            ("consult", #"{"number":"12 34"}"#, ["number"]), ("consult", #"{"number":"12\\n34"}"#, ["number"]),
            ("consult", #"{"number":"sip:eve@example.org"}"#, ["number"]),
            ("consult", #"{"number":"\u0661"}"#, ["number"]),
            ("consult", #"{"number":"\#(String(repeating: "1", count: 33))"}"#, ["number"]),
            ("digits", #"{"digits":""}"#, ["digits"]), ("digits", #"{"digits":"12E"}"#, ["digits"]),
            ("digits", #"{"digits":"a"}"#, ["digits"]), ("digits", "{}", ["digits"]),
            ("digits", #"{"digits":"\#(String(repeating: "1", count: 33))"}"#, ["digits"]),
            ("recording", "{}", ["paused"]), ("recording", #"{"paused":"yes"}"#, ["paused"]),
            ("hold", #"{"music":true}"#, ["music"]), ("swap", #"{"to":"x"}"#, ["to"]),
        ]
    )
    func refused(step: String, body: String, fields: [String]) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.post, "\(Self.path)/\(step)", body: body)
            #expect(reply.status == 422, "\(reply.text)")
            #expect(reply.fieldsAtFault == fields)
            #expect(site.harness.gateway.state.withLock { $0.orders.isEmpty })
        }
    }

    @Test("A number of 32 characters is dialled, for a ticket named by its number and a customer")
    func dial() async throws {
        try await Harness().run { (site) async throws in
            let customer = CustomerID(try #require(try await site.makeCustomer()["id"]))
            let ticket = TicketID(try #require(try await site.makeTicket()["id"]))
            let number = "+" + String(repeating: "9", count: 31)
            let body = #"{"number":"\#(number)","ticket":"\#(ticket.key)","customer":"\#(customer.key)"}"#
            let reply = try await site.ask(.post, "/api/v1/desk/calls", body: body)
            #expect(reply.status == 200, "\(reply.text)")
            let orders = site.harness.gateway.state.withLock { $0.orders }
            #expect(orders == [.dial(number: number, ticket: ticket, customer: customer)])
        }
    }

    @Test(
        "A call out that would be filed nowhere is not made",
        arguments: [
            ("{}", ["number"]), (#"{"number":"x"}"#, ["number"]), (#"{"number":"1","ticket":"none"}"#, ["ticket"]),
            (#"{"number":"1","customer":"none"}"#, ["customer"]), (#"{"number":"1","queue":"x"}"#, ["queue"]),
        ]
    )
    func dialRefused(body: String, fields: [String]) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.post, "/api/v1/desk/calls", body: body)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == fields)
            #expect(site.harness.gateway.state.withLock { $0.orders.isEmpty })
        }
    }

    @Test("What the call's state forbids is a 409 in the site's words")
    func forbiddenByState() async throws {
        try await Harness().run { (site) async throws in
            site.harness.gateway.fail(GatewayError(.refused, "Carl is on a break."))
            let reply = try await site.ask(.post, "\(Self.path)/transfer", body: #"{"agent":"carl"}"#)
            #expect(reply.status == 409)
            #expect(reply["detail"] == "Carl is on a break.")
        }
    }

    @Test("Calls are supervised by supervisors who have a phone, in each way; others are told why not")
    func supervise() async throws {
        try await Harness().run { (site) async throws in
            func ask(_ login: String, _ role: AccountRole, agent: String?, _ body: String) async throws -> Reply {
                let token = try await site.harness.token(login, role: role, agent: agent)
                let headers: HTTPFields = [.authorization: "Bearer \(token)", .contentType: "application/json"]
                return try await site.send(.post, "/api/v1/desk/supervision", body: body, headers: headers)
            }
            let listen = #"{"contact":"north-1-1","mode":"listen"}"#
            let refused = try await ask("anna", .agent, agent: "anna", listen)
            #expect(refused.status == 403 && refused["detail"]?.contains("supervisor") == true)
            let noPhone = try await ask("susan", .supervisor, agent: nil, listen)
            #expect(noPhone.status == 403 && noPhone["detail"]?.contains("belongs to no agent") == true)
            #expect(site.harness.gateway.state.withLock { $0.orders.isEmpty })
            // Someone unknown here keeps what the token says.
            for mode in SupervisionMode.allCases {
                let body = #"{"contact":"north-1-1","mode":"\#(mode.rawValue)"}"#
                #expect(try await ask("sven", .supervisor, agent: "anna", body).status == 200)
            }
            let wrong = try await ask("sven", .supervisor, agent: "anna", #"{"mode":"record"}"#)
            #expect(wrong.fieldsAtFault == ["contact", "mode"])
            let leave = try await site.ask(.post, "/api/v1/desk/supervision/leave")
            #expect(leave.status == 200)
            let expected = SupervisionMode.allCases.map { DeskOrder.supervise(Self.contact, $0) } + [.stopSupervising]
            #expect(site.harness.gateway.state.withLock { $0.orders } == expected)
        }
    }
}
