import Replication
import ContactCenter
import Kernel
import SIP
import SiteCore

/// What people do: agents at their desks, callers, clerks who edit records.
extension SimulatedCluster {
    /// Writes the first records and sits the agents down.
    mutating func found() {
        let founder = FoundingRecords(options: options, sites: sites.map(\.id))
        command(0, .edit(founder.requests), expecting: nil)
        for (number, agent) in founder.agents.enumerated() {
            let address = SIPAddress(host: "10.1.0.\(number + 1)", port: 5060)
            phones[address] = VirtualPhone(address: address, user: agent.sipUser, random: random.split())
            phones[address]?.known =
                ["100", "300", "+49305551", "nobody"] + founder.agents.filter { $0.id != agent.id }.map(\.sipUser)
            agents.append(
                SimulatedAgent(id: agent.id, site: agent.site, phone: address, sipUser: agent.sipUser)
            )
        }
    }

    mutating func command(_ site: Int, _ command: SiteCommand, expecting: EditBook.Expectation?) {
        commandCounter += 1
        let token = CommandToken(commandCounter)
        if let expecting { books.asked(token, expecting) }
        tell(site, .command(token, command))
    }

    /// An agent looks at the desk and does what the day demands.
    mutating func look(_ index: Int) {
        let pause = Int64.random(in: 600...2_400, using: &random)
        queue.plan(.agent(index), at: now + .milliseconds(pause))
        let agent = agents[index]
        guard let machine = sites[agent.site].machine else { return missed(index) }
        agents[index].misses = 0
        guard let desk = machine.desk(agent.id, at: sites[agent.site].moment(now)) else {
            register(index)
            return atDesk(index, .signIn)
        }
        if phones[agent.phone]?.registrar != sites[agent.site].address { register(index) }
        let luck = Int.random(in: 0..<100, using: &random)
        switch desk.state {
        case .notReady, .notResponding:
            if desk.phoneIsRegistered, luck < 70 || isSettling { atDesk(index, .ready) }
        case .ready:
            if isSettling { return }
            if luck < 3 { atDesk(index, .notReady(reason: "break")) }
            if luck == 5 || luck == 6 {
                note("desk.dial")
                atDesk(index, .dial(number: outsideNumber(), ticket: nil, customer: nil))
            }
            if luck == 3 || luck == 4, options.faults.contains(.doubleSignIn) { move(index, "fault.doubleSignIn") }
        case .wrapUp:
            if luck < 40 || isSettling { atDesk(index, .finishWrapUp) }
            if luck > 95 { atDesk(index, .extendWrapUp) }
        case .talking, .held:
            guard let contact = desk.contact else { return }
            if luck < 8 { atDesk(index, .hangUp(contact.id)) }
            if luck >= 10, luck < 60, !isSettling, let call = contact.call { handle(call, of: contact.id, luck, index) }
            if luck > 90, contact.customer == nil, let customer = books.customers.first {
                atDesk(index, .linkCustomer(contact.id, customer))
            }
        case .loggedOut, .reserved, .ringing, .unreachable: break
        }
    }

    mutating func atDesk(_ index: Int, _ command: DeskCommand) {
        let agent = agents[index]
        self.command(agent.site, .desk(agent.id, command, actor: Actor(agent.id.key)), expecting: nil)
    }

    mutating func register(_ index: Int) {
        let agent = agents[index]
        guard var phone = phones[agent.phone] else { return }
        let packets = phone.register(at: sites[agent.site].address, now: wireMoment)
        keep(phone, packets)
    }

    /// The desk's site does not answer: after a while the desktop goes elsewhere by itself.
    private mutating func missed(_ index: Int) {
        agents[index].misses += 1
        if agents[index].misses > 6, !isSettling { move(index, "agent.failover") }
    }

    private mutating func move(_ index: Int, _ why: String) {
        let others = sites.indices.filter { $0 != agents[index].site && sites[$0].machine != nil }
        guard !others.isEmpty else { return }
        note(why)
        agents[index].site = others[Int.random(in: 0..<others.count, using: &random)]
        agents[index].misses = 0
        register(index)
        atDesk(index, .signIn)
    }

    /// Somebody dials one of the sites.
    mutating func call() {
        guard !isSettling else { return }
        let mean = 60_000.0 / Double(max(1, options.callsPerMinute))
        let gap = Int64.random(in: Int64(mean * 0.1)...Int64(mean * 1.9) + 1, using: &random)
        queue.plan(.call, at: now + .milliseconds(gap))
        callsDialled += 1
        let number = callsDialled
        let address = SIPAddress(host: "10.2.\(number / 250).\(number % 250 + 1)", port: 5060)
        let luck = Int.random(in: 0..<100, using: &random)
        let from =
            luck < 55 ? FoundingRecords.phone(Int.random(in: 0..<options.customers, using: &random)) : "+4930\(number)"
        let dialled = luck == 99 ? "999" : FoundingRecords.numbers[luck % FoundingRecords.numbers.count]
        let plan = CallPlan(
            number: dialled,
            from: from,
            patience: .milliseconds(Int64.random(in: luck < 10 ? 100...1_500 : 4_000...40_000, using: &random)),
            talk: luck % 2 == 0 ? .milliseconds(Int64.random(in: 500...20_000, using: &random)) : nil,
            holds: luck % 7 == 0,
            isLate: luck % 11 == 3
        )
        var caller = VirtualCaller(address: address, plan: plan, random: random.split())
        let site = Int.random(in: 0..<sites.count, using: &random)
        let packets = caller.dial(sites[site].address, now: wireMoment)
        keep(caller, packets)
    }

    /// Somebody changes a customer's file at some site.
    mutating func edit() {
        guard !books.customers.isEmpty else { return learnCustomers() }
        let site = Int.random(in: 0..<sites.count, using: &random)
        guard sites[site].machine != nil else { return }
        let customer = books.customers[Int.random(in: 0..<books.customers.count, using: &random)]
        books.counter += 1
        let text = "note \(books.counter)"
        var changes: [FieldChange] = [.append(CustomerField.notes, .string(text))]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: changes.append(.set(CustomerField.title, .string("title \(books.counter)"), seen: nil))
        case 1: changes.append(.insert(CustomerField.emails, .string("a\(books.counter % 5)@example.org")))
        case 2: changes.append(.remove(CustomerField.emails, .string("a\(books.counter % 5)@example.org")))
        default: changes.append(.set(CustomerField.department, .string("dept \(books.counter)"), seen: nil))
        }
        let request = EditRequest(
            actor: Actor("clerk"),
            edits: [DocumentEdit(.id(customer.documentID, mustExist: true), changes)]
        )
        command(site, .edit([request]), expecting: EditBook.Expectation(customer: customer, note: text))
    }

    private mutating func learnCustomers() {
        books.customers = sites[0].storage.documents.keys.compactMap { CustomerID($0) }.sorted()
    }
}
