import ContactCenter
import Kernel
import SiteCore
import Store
import Transport
import WebAPI

extension NodeGateway {
    func wall() async throws -> WallResource {
        let view = try await core.ask { $0.view }
        return WallResource(view, urls: urls)
    }

    func desk(_ agent: AgentID) async throws -> DeskResource? {
        if let view = try await core.ask({ $0.desk(agent) }) { return try await resource(view) }
        guard let record = try await storeReading({ try await reader.agent(agent) }) else { return nil }
        let (hasPhone, breaks) = try await core.ask { ($0.machine.isPhoneRegistered(of: agent), $0.view.breaks) }
        return signedOut(record, phone: hasPhone ? .registered : .unregistered, breaks)
    }

    /// The desk of somebody who is not signed in here.
    private func signedOut(_ agent: Agent, phone: PhoneCondition, _ breaks: [BreakReason]) -> DeskResource {
        DeskResource(
            agent: DeskAgent(
                id: agent.id.key,
                name: agent.name,
                site: configuration.site.name,
                state: AgentStateKind.loggedOut.name,
                since: Timestamp(core.loop.now.wall),
                phone: phone
            ),
            breaks: breaks.map(DeskBreak.init)
        )
    }

    func perform(_ order: DeskOrder, for agent: AgentID, by actor: Actor) async throws -> DeskResource {
        auditSupervision(order, by: actor)
        switch try await core.perform(.desk(agent, DeskCommand(order), actor: actor)) {
        case .refused(let refusal): throw GatewayError(refusal)
        case .done, .edited, .records, .blob, .recording, .opened: break
        }
        guard let desk = try await desk(agent) else {
            throw GatewayError(.notFound, "There is no agent '\(agent.key)'.")
        }
        return desk
    }

    private func resource(_ view: DeskView) async throws -> DeskResource {
        let breaks = try await core.ask { $0.view.breaks }
        let (record, contacts) = try await storeReading {
            var contacts: [WebAPI.DeskContact] = []
            for contact in view.contacts { contacts.append(try await resource(contact)) }
            return (try await reader.agent(view.agent), contacts)
        }
        return DeskResource(
            agent: DeskAgent(
                id: view.agent.key,
                name: view.name,
                site: view.site.name,
                state: view.state.kind.name,
                reason: view.state.reason,
                since: Timestamp(view.since),
                stateExpiresAt: view.stateExpiresAt.map(Timestamp.init),
                phone: view.phoneIsRegistered ? .registered : .unregistered,
                answersOn: record.map { $0.answersOn.rawValue } ?? AnswerPlace.phone.rawValue,
                occupied: view.occupied,
                isOpen: view.isOpen,
                breakAhead: view.breakAhead
            ),
            contact: contacts.first { $0.id == view.contact?.id.key },
            contacts: contacts,
            breaks: breaks.map(DeskBreak.init),
            supervision: view.supervision.map(DeskSupervisionResource.init)
        )
    }

    /// A contact with the file and tickets that belong on the screen, read from this site's own disk.
    private func resource(_ contact: SiteCore.DeskContact) async throws -> WebAPI.DeskContact {
        let ticket = try await read(contact.ticket)
        let latest = try await read(contact.latestTicket)
        let file = try await customerWithHistory(contact.customer ?? ticket?.customer)
        // A conversation ends when people end it; the core's last resort for it is nothing to show.
        let ends = contact.state == .offered || contact.state == .wrapUp
        return WebAPI.DeskContact(
            id: contact.id.key,
            channel: contact.channel.rawValue,
            title: contact.title,
            queue: NamedResource(id: contact.queue.key, name: contact.queueName),
            callerNumber: contact.callerNumber,
            direction: contact.isOwnCall ? "outbound" : "inbound",
            state: contact.state.rawValue,
            since: Timestamp(contact.since),
            stateExpiresAt: ends ? Timestamp(contact.expiresAt) : nil,
            taken: contact.isTaken,
            originSite: contact.originSite.name,
            agentSite: contact.agentSite.name,
            ticket: ticket.map { TicketSummaryResource($0.file) },
            customer: file?.customer,
            latestTicket: latest.map(TicketResource.init),
            history: file?.history ?? [],
            call: contact.call.map(DeskCallResource.init)
        )
    }

    private func read(_ id: TicketID?) async throws -> TicketEntry? {
        guard let id else { return nil }
        return try await reader.ticket(id)
    }

    private func customerWithHistory(
        _ id: CustomerID?
    ) async throws -> (customer: CustomerResource, history: [TicketSummaryResource])? {
        guard let id, let found = try await reader.customerWithHistory(id) else { return nil }
        return (
            CustomerResource(found.customer.file, organisation: found.customer.organisationName),
            found.tickets.map(TicketSummaryResource.init)
        )
    }
}
