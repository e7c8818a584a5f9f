import ContactCenter
import Kernel
import Replication
import SIP
import SiteCore
import Testing

@Suite("Desks and records are served")
struct CommandTests {
    private let anna = AgentID("anna")

    @Test("an edit is acknowledged when it is on disk, not before, with its dot and number")
    func editAcknowledged() throws {
        var site = try LoneSite()
        let request = EditRequest(
            actor: Actor("clerk"),
            edits: [DocumentEdit(.new(Schema.ticket), [.setNumber(TicketField.number, series: "ticket")])]
        )
        let token = site.ask(.edit([request, request]))
        #expect(site.replies[token] == nil)
        try site.flush()
        guard case .edited(let receipts)? = site.replies[token] else {
            Issue.record("no receipts")
            return
        }
        #expect(receipts.count == 2)
        #expect(receipts.allSatisfy { $0.dot != nil && $0.created.count == 1 })
        #expect(receipts.flatMap(\.numbers).count == 2)
    }

    @Test("an edit of what does not exist is refused in words")
    func editRefused() throws {
        var site = try LoneSite()
        let edit = DocumentEdit(
            .id(CustomerID("nobody").documentID, mustExist: true),
            [.set(CustomerField.name, .string("x"), seen: nil)]
        )
        let token = site.ask(.edit([EditRequest(actor: .system, edits: [edit])]))
        try site.flush()
        guard case .refused(let refusal)? = site.replies[token] else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == .notFound)
    }

    @Test("when the disk refuses, the command is refused and the next one works")
    func diskRefuses() throws {
        var site = try LoneSite()
        let edit = DocumentEdit(
            .id(CustomerID("c").documentID, mustExist: false),
            [.set(CustomerField.name, .string("x"), seen: nil)]
        )
        let request = EditRequest(actor: .system, edits: [edit])
        let token = site.ask(.edit([request]))
        let batch = site.batches.removeFirst()
        site.take(site.machine.handle(.commitFailed(batch.token, reason: "disk full"), at: site.now))
        guard case .refused(let refusal)? = site.replies[token] else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == .unavailable)
        let next = site.ask(.edit([request]))
        site.pass(.seconds(1))
        try site.flush()
        #expect(site.replies[next] != nil)
        #expect(site.storage.document(CustomerID("c").documentID) != nil)
    }

    @Test("an import goes to disk as a whole and is answered once, in order")
    func bigImport() throws {
        var site = try LoneSite()
        let requests = (0..<600).map { number in
            EditRequest(
                actor: Actor("import"),
                edits: [
                    DocumentEdit(
                        .new(Schema.customer),
                        [.set(CustomerField.name, .string("Customer \(number)"), seen: nil)]
                    )
                ]
            )
        }
        let token = site.ask(.edit(requests))
        #expect(site.batches.map(\.edits.count) == [600])
        try site.flush()
        guard case .edited(let receipts)? = site.replies[token] else {
            Issue.record("no receipts")
            return
        }
        #expect(receipts.count == 600)
        let sequences = receipts.compactMap { $0.dot?.sequence }
        #expect(sequences == sequences.sorted())
    }

    @Test("an agent without a registered phone can sign in but not be ready")
    func phoneNeeded() throws {
        var site = try LoneSite()
        try site.found()
        let signIn = site.ask(.desk(anna, .signIn, actor: Actor("anna")))
        #expect(site.replies[signIn] == .done)
        #expect(site.machine.desk(anna, at: site.now)?.phoneIsRegistered == false)
        let ready = site.ask(.desk(anna, .ready, actor: Actor("anna")))
        guard case .refused(let refusal)? = site.replies[ready] else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == .conflict)
        let out = site.ask(.desk(anna, .signOut, actor: Actor("anna")))
        #expect(site.replies[out] == .done)
        #expect(site.machine.desk(anna, at: site.now) == nil)
    }

    @Test(
        "commands that do not fit are refused and change nothing",
        arguments: [
            DeskCommand.ready, .signOut, .finishWrapUp, .extendWrapUp, .notReady(reason: "x"),
            .hangUp(ContactID("north-1-1")), .linkCustomer(ContactID("north-1-1"), CustomerID("c")),
        ]
    )
    func notSignedIn(command: DeskCommand) throws {
        var site = try LoneSite()
        try site.found()
        let before = site.machine.view(at: site.now)
        let token = site.ask(.desk(anna, command, actor: Actor("anna")))
        guard case .refused? = site.replies[token] else {
            Issue.record("not refused")
            return
        }
        #expect(site.machine.view(at: site.now) == before)
        #expect(site.batches.isEmpty)
    }

    @Test("nobody signs in without a record, or once the record says that the person has left")
    func unknownAgent() throws {
        var site = try LoneSite()
        try site.found()
        let nobody = site.ask(.desk(AgentID("nobody"), .signIn, actor: Actor("nobody")))
        guard case .refused? = site.replies[nobody] else {
            Issue.record("not refused")
            return
        }
        _ = site.ask(.desk(anna, .signIn, actor: Actor("anna")))
        try site.put(anna.documentID, [.set(AgentField.active, .bool(false), seen: nil)])
        #expect(site.machine.desk(anna, at: site.now) == nil)
    }
}
