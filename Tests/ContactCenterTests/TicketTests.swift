import ContactCenter
import Kernel
import TestKit
import Testing

@Suite("Tickets")
struct TicketTests {
    static let north = MemorySite().origin.site
    static let raised = WallTime(milliseconds: 1_700_000_000_000)

    private func opened(owner: AgentID? = nil) throws -> MemorySite {
        var site = MemorySite()
        var draft = TicketDraft(site: Self.north, raisedAt: Self.raised)
        draft.subject = "Printer"
        draft.owner = owner
        site.commit(try draft.opening())
        return site
    }

    private func ticket(_ site: MemorySite) throws -> Ticket {
        try #require(site.only(Schema.ticket).flatMap(Ticket.init))
    }

    private func change(_ site: inout MemorySite, to state: TicketState) throws {
        let document = try #require(site.only(Schema.ticket))
        site.commit([try TicketEdit.change(document, to: state, at: WallTime(milliseconds: site.now))])
    }

    @Test("A contact's ticket has a number, a due time, the contact, and is linked from the file and the contact")
    func opening() throws {
        var site = MemorySite()
        var person = CustomerPatch()
        person.name = "Ann"
        site.commit([try person.creation()])
        let customer = try #require(site.only(Schema.customer).flatMap(Customer.init))
        let contact = ContactID(site: Self.north, incarnation: 7, counter: 123)
        #expect(contact.key == "north-7-123")
        #expect(contact.site == Self.north)
        var draft = TicketDraft(site: Self.north, raisedAt: Self.raised)
        draft.customer = customer.id
        draft.severity = .critical
        draft.customerTier = .platinum
        draft.contact = TicketContact(contact: contact, agent: AgentID("ann"), startedAt: Self.raised)
        site.commit(try draft.opening())
        let ticket = try self.ticket(site)
        #expect(HumanNumber(text: ticket.number) != nil)
        #expect(ticket.state == .new)
        #expect(ticket.dueAt == Self.raised + .minutes(120))
        #expect(ticket.contacts.map(\.contact) == [contact])
        #expect(site.only(Schema.customer).flatMap(Customer.init)?.lastTicket == ticket.id)
        #expect(site.only(Schema.contact).flatMap(ContactRecord.init)?.ticket == ticket.id)
        let ended = TicketContact(
            contact: contact,
            agent: AgentID("ann"),
            endedBy: .customer,
            talkMs: 5,
            outcome: .answered
        )
        site.commit([TicketEdit.record(ended, on: ticket.id)])
        #expect(try self.ticket(site).contacts == [ended])
    }

    @Test("A ticket walks its whole life and comes back")
    func life() throws {
        var site = try opened(owner: AgentID("ann"))
        for state in [TicketState.pendingCustomer, .open, .pendingOther, .resolved, .confirmed, .closed, .open] {
            try change(&site, to: state)
            #expect(try ticket(site).state == state)
            #expect((try ticket(site).resolvedAt != nil) == !state.isUnfinished)
        }
    }

    @Test("Every step outside the table is refused by name and possible ones are told")
    func illegal() throws {
        for state in TicketState.allCases {
            var site = try opened(owner: AgentID("ann"))
            let id = try ticket(site).id
            site.commit([
                DocumentEdit(
                    .id(id.documentID, mustExist: true),
                    [.set(TicketField.state, .string(state.rawValue), seen: nil)]
                )
            ])
            let document = try #require(site.only(Schema.ticket))
            for target in TicketState.allCases {
                if target == state {
                    #expect(try TicketEdit.change(document, to: target, at: Self.raised).changes.isEmpty)
                } else if state.successors.contains(target) {
                    #expect(try !TicketEdit.change(document, to: target, at: Self.raised).changes.isEmpty)
                } else {
                    let error = #expect(throws: EditRejection.self) {
                        try TicketEdit.change(document, to: target, at: Self.raised)
                    }
                    #expect(error?.code == .wrongState)
                    for successor in state.successors { #expect(error?.message.contains(successor.rawValue) == true) }
                }
            }
        }
    }

    @Test("A ticket without an owner is not resolved; taking it opens it")
    func owner() throws {
        var site = try opened()
        #expect(throws: EditRejection.self) { try change(&site, to: .resolved) }
        let document = try #require(site.only(Schema.ticket))
        site.commit([try TicketEdit.assign(document, to: AgentID("bob"))])
        #expect(try ticket(site).owner == AgentID("bob"))
        #expect(try ticket(site).state == .open)
        try change(&site, to: .resolved)
    }

    @Test("Reopened at one site while closed at another, a ticket stays open at both, and the close is listed")
    func reopenBeatsClose() throws {
        for closesLater in [true, false] {
            var north = try opened(owner: AgentID("ann"))
            try change(&north, to: .resolved)
            var south = MemorySite("south")
            south.documents = north.documents
            south.now = north.now + (closesLater ? 60_000 : -60_000)
            let open = try TicketEdit.change(try #require(north.only(Schema.ticket)), to: .open, at: Self.raised)
            let close = try TicketEdit.change(try #require(south.only(Schema.ticket)), to: .closed, at: Self.raised)
            let opening = north.commit([open])
            let closing = south.commit([close])
            north.apply(closing)
            south.apply(opening)
            #expect(north.documents == south.documents)
            #expect(try ticket(north).state == .open)
            #expect(try ticket(north).resolvedAt == nil)
            #expect(try ticket(north).conflicts == 1)
        }
    }

    @Test("Fields of text are trimmed, bounded and free of control characters; the message names the field")
    func text() throws {
        let site = try opened()
        let document = try #require(site.only(Schema.ticket))
        var patch = TicketPatch()
        patch.subject = "a\u{7}b"
        #expect(throws: EditRejection(.invalid, field: "subject", "Control characters are not possible.")) {
            try patch.edit(of: document)
        }
        patch.subject = String(repeating: "x", count: Limits.recordLineBytesMax + 1)
        #expect(#expect(throws: EditRejection.self) { try patch.edit(of: document) }?.code == .tooLarge)
        patch.subject = "  new  "
        #expect(try patch.edit(of: document).changes == [.set(TicketField.subject, .string("new"), seen: nil)])
        #expect(throws: EditRejection.self) { try NoteEdit.ticket(TicketID("x"), text: " \n ") }
    }
}
