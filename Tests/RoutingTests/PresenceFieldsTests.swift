import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Presence forms")
struct PresenceFieldsTests {
    @Test("An agent's view comes back from its fields", arguments: Seeds.first(30))
    func agent(seed: UInt64) {
        var world = RandomWorld(seed: seed)
        var view = world.agent(Int.random(in: 0..<90, using: &world.random), version: seed)
        if seed % 2 == 0 {
            view.contact = ContactID("north-1-7")
            view.queue = QueueID("sales")
        }
        #expect(AgentView(agent: view.agent, site: view.site, fields: view.fields) == view)
    }

    @Test("What an agent still takes travels too, and is not needed for one who does one thing at a time")
    func capacity() throws {
        var view = Fixture.view("ann", state: .talking)
        let plain = view.fields
        view.isOpen = true
        view.occupied = 40
        #expect(AgentView(agent: view.agent, site: view.site, fields: view.fields) == view)
        let read = try #require(AgentView(agent: view.agent, site: view.site, fields: plain))
        #expect(!read.isOpen)
        #expect(read.occupied == Channel.fullCapacity)
        #expect(view.fields.count == plain.count + 2)
    }

    @Test("Fields that are missing, wrong or absurd are refused or brought into range, never a crash")
    func hostile() throws {
        let view = Fixture.view("ann")
        #expect(AgentView(agent: view.agent, site: view.site, fields: [:]) == nil)
        for field in view.fields.keys.sorted() {
            for value in [Value.null, .int(.min), .int(.max), .string("x"), .list([.int(1)])] {
                var fields = view.fields
                fields[field] = value
                guard let read = AgentView(agent: view.agent, site: view.site, fields: fields) else { continue }
                var router = Fixture.router([read])
                let contact = Fixture.waiting(1)
                try router.waiting.add(contact)
                #expect(router.explain(contact.contact, at: Fixture.at(0)) != nil)
            }
        }
    }
}
