import Synchronization
import ContactCenter
import HTTPTypes
import Kernel
import Testing
import WebAPI

@Suite("Lost and found over the API")
struct LostFoundRouteTests {
    @Test("What was written to a deleted document is listed and can be settled once")
    func listAndSettle() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeCustomer()
            let id = CustomerID(try #require(made["id"])).documentID
            try site.harness.deleteUnseen(id, title: "Head of IT")
            let list = try await site.ask(.get, "/api/v1/lost-found", as: "susan")
            #expect(list["items"] == "1 items")
            #expect(list["items.0.document.type"] == "customer")
            #expect(list["items.0.document.key"] == id.key)
            #expect(list["items.0.deletedBy"] == "east-admin")
            #expect(list["items.0.items.0.field"] == "title")
            #expect(list["items.0.items.0.value"] == "Head of IT")
            #expect(list["items.0.items.0.by"] == "ben")
            #expect(list["items.0.items.0.site"] == "south")
            let path = "/api/v1/lost-found/customer/\(id.key)"
            #expect(try await site.ask(.delete, path, as: "anna").status == 403)
            let settled = try await site.ask(.delete, path + "?acknowledgement=one", as: "susan")
            #expect(settled.status == 200)
            #expect(settled["receipt.acknowledged"] == "one")
            #expect(try await site.ask(.get, "/api/v1/lost-found", as: "susan")["items"] == "0 items")
            #expect(try await site.ask(.delete, path, as: "susan").status == 404)
        }
    }

    @Test("A living document, an unknown type and a foreign cursor are refused")
    func refused() async throws {
        try await Harness().run { (site) async throws in
            let made = try await site.makeCustomer()
            let key = try #require(made["id"])
            #expect(try await site.ask(.delete, "/api/v1/lost-found/customer/\(key)", as: "susan").status == 404)
            #expect(try await site.ask(.delete, "/api/v1/lost-found/spoon/\(key)", as: "susan").status == 404)
            #expect(try await site.ask(.get, "/api/v1/lost-found?cursor=x", as: "susan").status == 422)
            #expect(try await site.ask(.get, "/api/v1/lost-found?limit=0", as: "susan").status == 422)
        }
    }
}

extension Harness {
    /// Deletes a document at one site while another, which does not know, writes its title.
    fileprivate func deleteUnseen(_ id: DocumentID, title: String) throws {
        let east = Origin(site: try #require(SiteID("east")), epoch: 1)
        let south = Origin(site: try #require(SiteID("south")), epoch: 1)
        func op(_ origin: Origin, by actor: String) -> Op {
            Op(
                dot: Dot(origin: origin, sequence: 1),
                stamp: HybridTimestamp(wall: clock.wall, counter: 9),
                actor: Actor(actor),
                needs: VersionVector(),
                changes: []
            )
        }
        try gateway.state.withLock { state in
            var document = try #require(state.documents[id])
            let deletion = DocumentChange(document: id, mutations: [.delete(seen: document.version)])
            let late = DocumentChange(document: id, mutations: [.set(CustomerField.title, .string(title), seen: [])])
            document.apply(deletion, of: op(east, by: "east-admin"), schema: Schema.documents)
            document.apply(late, of: op(south, by: "ben"), schema: Schema.documents)
            state.documents[id] = document
        }
    }
}
