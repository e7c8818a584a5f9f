import ContactCenter
import Kernel
import Replication
import Routing
import SIP
import SiteCore
import Testing

@Suite("A call arrives")
struct ArrivalTests {
    @Test("the caller hears nothing before the contact is on disk, then 180 and 182")
    func ringsAfterCommit() throws {
        var site = try LoneSite()
        try site.found()
        site.dial("100")
        #expect(site.queries.map(\.1) == [.lookUpCaller(number: "12345")])
        #expect(site.batches.isEmpty)
        let (token, _) = site.queries.removeFirst()
        site.take(site.machine.handle(.queryAnswered(token, .caller(nil)), at: site.now))
        #expect(site.batches.count == 1)
        #expect(site.statuses.allSatisfy { $0 == 100 })
        try site.flush()
        #expect(site.statuses.filter { $0 != 100 } == [180, 182])
        let record = site.storage.documents.values.compactMap { ContactRecord($0) }.first
        #expect(record?.queue == QueueID("support"))
        #expect(record?.ticket != nil)
    }

    @Test("a phone book that does not answer delays the call by the bound and no more")
    func slowLookUp() throws {
        var site = try LoneSite()
        try site.found()
        site.dial("100")
        site.pass(.milliseconds(299))
        #expect(site.batches.isEmpty)
        site.pass(.milliseconds(1))
        #expect(site.batches.count == 1)
        let (token, _) = site.queries.removeFirst()
        try site.flush()
        #expect(site.statuses.contains(182))
        let late = CallerFile(customer: CustomerID("x"), name: "X", tier: 3, latestTicket: nil, latestOwner: nil)
        site.take(site.machine.handle(.queryAnswered(token, .caller(late)), at: site.now))
        #expect(site.batches.isEmpty)
    }

    @Test("the customer's file decides name, tier and the ticket's customer")
    func knownCaller() throws {
        var site = try LoneSite()
        try site.found()
        try site.put(CustomerID("c1").documentID, [.set(CustomerField.name, .string("Ada"), seen: nil)])
        site.dial("100")
        let (token, _) = site.queries.removeFirst()
        let file = CallerFile(customer: CustomerID("c1"), name: "Ada", tier: 2, latestTicket: nil, latestOwner: nil)
        site.take(site.machine.handle(.queryAnswered(token, .caller(file)), at: site.now))
        try site.flush()
        let view = site.machine.view(at: site.now)
        #expect(view.contacts.first?.customerName == "Ada")
        let ticket = site.storage.documents.values.compactMap { Ticket($0) }.first
        #expect(ticket?.customer == CustomerID("c1"))
        #expect(ticket?.subject == "Call from Ada")
        let customer = site.storage.document(CustomerID("c1").documentID).flatMap { Customer($0) }
        #expect(customer?.lastTicket == ticket?.id)
    }

    @Test("a file that vanished between look-up and commit does not cost the caller the call")
    func vanishedCustomer() throws {
        var site = try LoneSite()
        try site.found()
        site.dial("100")
        let (token, _) = site.queries.removeFirst()
        let file = CallerFile(customer: CustomerID("gone"), name: "G", tier: 0, latestTicket: nil, latestOwner: nil)
        site.take(site.machine.handle(.queryAnswered(token, .caller(file)), at: site.now))
        try site.flush()
        #expect(site.statuses.contains(182))
        #expect(site.alarms.isEmpty)
    }

    @Test("an unknown number is refused with 404 and leaves no record")
    func unknownNumber() throws {
        var site = try LoneSite()
        try site.found()
        site.dial("777")
        #expect(site.statuses.last == 404)
        #expect(site.machine.liveContacts.isEmpty)
        #expect(site.batches.isEmpty)
    }

    @Test("a draining site refuses with 503 and says when it is empty")
    func draining() throws {
        var site = try LoneSite()
        try site.found()
        site.take(site.machine.handle(.drain, at: site.now))
        site.dial("100")
        #expect(site.statuses.last == 503)
        #expect(site.machine.isDrained)
        #expect(site.machine.view(at: site.now).sites.first?.state == .draining)
    }

    @Test("a disk that refuses the record refuses the call, raises an alarm, and leaves nothing behind")
    func diskFull() throws {
        var site = try LoneSite()
        try site.found()
        site.dial("100")
        let (token, _) = site.queries.removeFirst()
        site.take(site.machine.handle(.queryAnswered(token, .caller(nil)), at: site.now))
        let batch = site.batches.removeFirst()
        site.take(site.machine.handle(.commitFailed(batch.token, reason: "disk full"), at: site.now))
        #expect(site.statuses.last == 503)
        #expect(site.alarms.contains { $0.event == "disk.failed" })
        #expect(site.machine.liveContacts.isEmpty)
        #expect(site.machine.gauges.halfCalls == 0)
    }

    @Test("who gives up before the record is written is on record all the same, as abandoned")
    func earlyBird() throws {
        var site = try LoneSite()
        try site.found()
        site.dial("100")
        site.hear(site.phone.perform(.cancel(site.leg), now: site.now))
        try site.flush()
        let record = site.storage.documents.values.compactMap { ContactRecord($0) }.first
        #expect(record?.outcome == .abandoned)
        #expect(record?.endedBy == .customer)
        #expect(site.machine.unfinished.isEmpty)
        #expect(site.machine.view(at: site.now).queues.first?.counts.shortAbandoned == 1)
    }

    @Test("after a crash the contact left open is closed as lost with the site, and counted once")
    func afterCrash() throws {
        var site = try LoneSite()
        try site.found()
        site.dial("100")
        try site.flush()
        let again = try LoneSite(storage: site.storage)
        let record = again.storage.documents.values.compactMap { ContactRecord($0) }.first
        #expect(record?.outcome == .siteLost)
        #expect(record?.endedBy == .network)
        let third = try LoneSite(storage: again.storage)
        let figures = third.machine.view(at: third.now).queues.first
        #expect(figures?.answeredToday == 0)
        #expect(figures?.abandonedToday == 0)
        #expect(third.batches.isEmpty)
    }
}
