import ContactCenter
import Kernel
import TestKit
import Testing

@Suite("Records")
struct RecordTests {
    @Test("Edits of one customer at two sites merge field by field; the overwritten value is listed")
    func mergeCustomer() throws {
        var north = MemorySite()
        var person = CustomerPatch()
        person.name = "Ann"
        person.phones = ["111111"]
        north.commit([try person.creation()])
        var south = MemorySite("south")
        south.documents = north.documents
        south.now = north.now + 500
        var here = CustomerPatch()
        here.name = "Ann Lee"
        here.phones = ["111111", "222222"]
        var there = CustomerPatch()
        there.name = "Anne"
        there.title = "Dr"
        there.phones = []
        let first = north.commit([try here.edit(of: try #require(north.only(Schema.customer)))])
        let second = south.commit([try there.edit(of: try #require(south.only(Schema.customer)))])
        north.apply(second)
        south.apply(first)
        #expect(north.documents == south.documents)
        let merged = try #require(north.only(Schema.customer).flatMap(Customer.init))
        #expect(merged.name == "Anne")
        #expect(merged.title == "Dr")
        #expect(merged.phones == ["222222"])
        #expect(merged.conflicts == 1)
    }

    @Test("A write that names the version it saw does not hide what came between")
    func ifMatch() throws {
        var site = MemorySite()
        var person = CustomerPatch()
        person.name = "Ann"
        site.commit([try person.creation()])
        let seen = try #require(site.only(Schema.customer)).version
        person.name = "Bob"
        site.commit([try person.edit(of: try #require(site.only(Schema.customer)))])
        person.name = "Cleo"
        site.commit([try person.edit(of: try #require(site.only(Schema.customer)), readAt: seen)])
        let customer = try #require(site.only(Schema.customer).flatMap(Customer.init))
        #expect(customer.name == "Cleo")
        #expect(customer.conflicts == 1)
    }

    @Test("A deleted file is no customer, and cannot be edited")
    func deleted() throws {
        var site = MemorySite()
        var person = CustomerPatch()
        person.name = "Ann"
        site.commit([try person.creation()])
        let id = try #require(site.only(Schema.customer)).id
        site.commit([DocumentEdit(.id(id, mustExist: true), [.delete])])
        let document = try #require(site.only(Schema.customer))
        #expect(Customer(document) == nil)
        #expect(#expect(throws: EditRejection.self) { try person.edit(of: document) }?.code == .notFound)
    }

    @Test("A nameless customer needs a number; bad numbers and addresses are named")
    func rejected() {
        var patch = CustomerPatch()
        #expect(#expect(throws: EditRejection.self) { try patch.creation() }?.code == .missing)
        patch.phones = ["123456"]
        #expect(throws: Never.self) { try patch.creation() }
        patch.phones = ["12a"]
        #expect(#expect(throws: EditRejection.self) { try patch.creation() }?.field == "phones")
        patch.phones = nil
        patch.name = "Ann"
        for text in ["x", "x@", "@x.y", "a@b", "a b@c.d", "a@b.c@d", "a@.b"] {
            patch.emails = [text]
            #expect(#expect(throws: EditRejection.self) { try patch.creation() }?.field == "emails", "\(text)")
        }
    }

    @Test("Agents, queues and accounts are put, and putting the same again writes nothing")
    func putTwice() throws {
        var site = MemorySite()
        var agent = StaffEdit.AgentProfileChange()
        agent.name = "Ann"
        agent.tier = .senior
        agent.skills = SkillSet([Skill("sales:2"), Skill("english")].compactMap { $0 })
        site.commit([try StaffEdit.put(AgentID("ann"), agent)])
        let document = try #require(site.only(Schema.agent))
        let read = try #require(Agent(document))
        #expect(read.tier == .senior)
        #expect(read.skills.level(of: "sales") == 2)
        #expect(read.sipUser == "ann")
        #expect(read.isActive)
        #expect(try StaffEdit.put(AgentID("ann"), agent, over: document).changes.isEmpty)
        agent.skills = SkillSet([Skill("sales:3")].compactMap { $0 })
        site.commit([try StaffEdit.put(AgentID("ann"), agent, over: document)])
        #expect(site.only(Schema.agent).flatMap(Agent.init)?.skills.skills.map(\.description) == ["sales:3"])
        #expect(throws: EditRejection.self) { try StaffEdit.put(AgentID("a/b"), agent) }
    }

    @Test("A queue's numbers are bounded and named when wrong")
    func queue() throws {
        var site = MemorySite()
        var change = QueueChange()
        change.numbers = ["+49 30 1", "100"]
        change.ringSeconds = 20
        change.strategy = .longestIdle
        site.commit([try change.put(QueueID("sales"))])
        let queue = try #require(site.only(Schema.queue).flatMap(Queue.init))
        #expect(queue.numbers == ["+49301", "100"])
        #expect(queue.ringSeconds == 20)
        #expect(queue.wrapUpSeconds == nil)
        #expect(queue.strategy == .longestIdle)
        change.ringSeconds = 0
        #expect(#expect(throws: EditRejection.self) { try change.put(QueueID("sales")) }?.field == "ringSeconds")
    }

    @Test("A contact's record closes with who, why and how long")
    func contact() throws {
        var site = MemorySite()
        let id = ContactID(site: site.origin.site, incarnation: 1, counter: 1)
        var draft = ContactDraft(id: id, originSite: site.origin.site, startedAt: TicketTests.raised)
        draft.queue = QueueID("sales")
        draft.agent = AgentID("ann")
        site.commit([draft.edit()])
        let ending = ContactEnding(
            at: TicketTests.raised + .seconds(70),
            by: .customer,
            reason: "hung up",
            outcome: .answered,
            wait: .seconds(10),
            talk: .seconds(60)
        )
        site.commit([draft.closing(ending)])
        site.commit([ContactDraft.wrapUp(id, took: .seconds(12))])
        let record = try #require(site.only(Schema.contact).flatMap(ContactRecord.init))
        #expect(record.endedBy == .customer)
        #expect(record.talkMs == 60_000)
        #expect(record.wrapUpMs == 12_000)
        #expect(record.outcome == .answered)
        #expect(draft.ticketContact(ending).outcome == .answered)
    }

    @Test("Every field of the schema has a name of its own, and the secrets are named")
    func schema() {
        for type in (1...9).map({ DocumentType($0) }) {
            let names = (1...64).compactMap { Schema.documents.field(FieldID($0), of: type)?.name }
            #expect(!names.isEmpty)
            #expect(Set(names).count == names.count)
        }
        #expect(Schema.secrets[Schema.agent] == [AgentField.sipDigest, AgentField.sipDigestSHA256])
    }

    @Test("Absurd numbers of another site are brought into range")
    func hostile() throws {
        var site = MemorySite()
        let id = TicketID("x-1-1").documentID
        let fields = [TicketField.raisedAt, TicketField.dueAt, TicketField.severity, TicketField.state]
        for value in [Value.int(.max), .int(.min), .string("?"), .bool(true), .list([])] {
            site.commit([DocumentEdit(.id(id, mustExist: false), fields.map { .set($0, value, seen: nil) })])
            let document = try #require(site.documents[id])
            var patch = TicketPatch()
            patch.severity = .critical
            #expect(throws: Never.self) { try patch.edit(of: document) }
            #expect(Ticket(document)?.state == .new)
        }
    }
}
