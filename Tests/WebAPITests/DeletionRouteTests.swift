import HTTPTypes
import Testing
import WebAPI

@Suite("Deleting over the API")
struct DeletionRouteTests {
    @Test("A supervisor deletes a customer once; it is gone, and only a supervisor may")
    func customer() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeCustomer()
            let path = "/api/v1/customers/\(try #require(made["id"]))"
            #expect(try await site.ask(.delete, path, as: "anna").status == 403)
            let deleted = try await site.ask(.delete, path + "?acknowledgement=one", as: "susan")
            #expect(deleted.status == 200)
            #expect(deleted["document.type"] == "customer")
            #expect(deleted["receipt.acknowledged"] == "one")
            #expect(try await site.ask(.get, path).status == 404)
            #expect(try await site.ask(.delete, path, as: "susan").status == 404)
        }
    }

    @Test("A ticket is deleted the same way")
    func ticket() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.ask(.post, "/api/v1/tickets", body: #"{"subject":"By mistake"}"#)
            let path = "/api/v1/tickets/\(try #require(made["id"]))"
            #expect(try await site.ask(.delete, path, as: "susan").status == 200)
            #expect(try await site.ask(.get, path).status == 404)
        }
    }
}
