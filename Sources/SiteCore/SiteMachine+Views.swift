package import ContactCenter
package import Kernel
import Replication
import Routing
import SIP

/// Snapshots for pages. They cost time linear in agents and contacts; the shell takes them a few times a second.
extension SiteMachine {
    /// What the wall shows.
    package func view(at now: Moment) -> SiteView {
        let rows = agentRows(at: now)
        let contactRows = contactRows(at: now)
        let siteRows = siteRows(rows, contactRows, at: now)
        return SiteView(
            asOf: now.wall,
            servedBy: site,
            sites: siteRows,
            links: linkRows(at: now),
            queues: queueRows(rows, contactRows, at: now),
            agents: rows.filter { $0.state != .loggedOut },
            teams: groups(of: rows) { directory.agents[$0.id]?.team ?? "" },
            staff: groups(of: rows) { $0.site.name },
            contacts: contactRows,
            breaks: directory.breaks,
            heard: siteRows.count { $0.state == .self || $0.state == .up || $0.state == .draining },
            of: siteRows.count
        )
    }

    /// What an agent's desk shows; nil when the agent is not signed in here.
    package func desk(_ agent: AgentID, at now: Moment) -> DeskView? {
        guard let view = book.view(of: agent) else { return nil }
        let expiry = book.stateExpiry(of: agent).map { now.wall + ($0 - now.instant) }
        let shown = book.reservation(of: agent)
        let engagements = book.engagements(of: agent)
        return DeskView(
            agent: agent,
            name: view.name,
            site: site,
            state: view.state,
            since: view.since,
            stateExpiresAt: expiry,
            phoneIsRegistered: book.isPhoneRegistered(agent),
            contact: engagements.first { $0.reservation == shown }.flatMap { deskContact($0, at: now) },
            contacts: engagements.compactMap { deskContact($0, at: now) },
            isOpen: view.isOpen,
            occupied: view.occupied,
            breakAhead: book.breakAhead(of: agent),
            supervision: deskSupervision(agent, at: now)
        )
    }

    /// The agents who are signed in here, sorted.
    package var signedIn: [AgentID] { book.views.map(\.agent) }

    private func deskContact(_ engagement: Engagement, at now: Moment) -> DeskContact? {
        guard let desk = desks[engagement.reservation.number] else { return nil }
        let state: ContactState =
            switch engagement.phase {
            case .reserved, .ringing: .offered
            case .talking: .talking
            case .held: .held
            case .wrapUp: .wrapUp
            }
        return DeskContact(
            id: engagement.contact,
            queue: desk.brief.queue,
            queueName: directory.queues[desk.brief.queue]?.name ?? desk.brief.queue.key,
            callerNumber: desk.brief.callerNumber,
            channel: engagement.channel,
            title: desk.brief.title,
            isOwnCall: desk.brief.isOwnCall,
            state: state,
            isTaken: engagement.isTaken,
            since: engagement.since.wall,
            expiresAt: now.wall + (engagement.deadline - now.instant),
            originSite: desk.originSite,
            agentSite: site,
            ticket: desk.brief.ticket,
            customer: desk.brief.customer,
            latestTicket: desk.brief.latestTicket,
            call: deskCall(engagement, desk)
        )
    }

    private func siteRows(
        _ agents: [SiteView.AgentRow],
        _ contacts: [SiteView.ContactRow],
        at now: Moment
    ) -> [SiteView.SiteRow] {
        let standings = Dictionary(detector.peers.map { ($0.site, $0.standing) }, uniquingKeysWith: { $1 })
        return ([site] + boot.peers).sorted().map { each in
            let here = agents.filter { $0.site == each }
            let gauge = presence.entry(SitePresence.key, of: each, at: now.instant)
            let drains = gauge.map { SitePresence.isDraining($0.fields) } ?? false
            let state: SiteView.SiteState =
                if each == site { drains ? .draining : .self } else {
                    switch standings[each] {
                    case .up: drains ? .draining : .up
                    case .suspect: .suspect
                    case .unreachable, nil: .unreachable
                    }
                }
            return SiteView.SiteRow(
                id: each,
                name: directory.siteNames[each] ?? each.name,
                state: state,
                age: each == site ? .zero : presence.age(of: each, at: now.instant),
                waiting: contacts.count { $0.site == each && ($0.state == .waiting || $0.state == .offered) },
                agentsReady: here.count { $0.state == .ready },
                agentsBusy: here.count { $0.state.kind.isBusy },
                agentsNotReady: here.count { $0.state.kind == .notReady || $0.state == .notResponding }
            )
        }
    }

    private func linkRows(at now: Moment) -> [SiteView.LinkRow] {
        detector.links().map { link in
            let state: SiteView.LinkState =
                switch link.state {
                case .up: .up
                case .down: .down
                case .unknown: .unknown
                }
            return SiteView.LinkRow(
                from: link.from,
                to: link.to,
                state: state,
                roundTrip: link.roundTrip,
                since: now.wall + (link.since - now.instant)
            )
        }
    }

    /// All agents in presence; where two sites claim one, the higher login stands.
    private func agentRows(at now: Moment) -> [SiteView.AgentRow] {
        let day = DayFigures.day(of: now.wall)
        let standings = Dictionary(detector.peers.map { ($0.site, $0.standing) }, uniquingKeysWith: { $1 })
        var best: [AgentID: (view: AgentView, entry: PresenceView)] = [:]
        for entry in presence.entries(kind: PresenceKind.agent, at: now.instant) {
            guard let view = AgentPresence.view(entry.key, entry.fields, site: entry.site, day: day) else { continue }
            if let known = best[view.agent], known.view.fence > view.fence { continue }
            best[view.agent] = (view, entry)
        }
        let rows = best.values.map { view, entry in
            let isUnreachable = view.site != site && standings[view.site] == .unreachable
            return SiteView.AgentRow(
                id: view.agent,
                name: view.name,
                site: view.site,
                state: isUnreachable && view.state != .loggedOut ? .unreachable : view.state,
                since: view.since,
                contact: view.contact,
                age: entry.site == site ? .zero : entry.age,
                isStale: entry.site != site && (entry.isStale || isUnreachable),
                handlingToday: view.handlingToday,
                contactsToday: view.contactsToday,
                idleToday: view.idleToday
            )
        }
        return rows.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    private func contactRows(at now: Moment) -> [SiteView.ContactRow] {
        var rows: [SiteView.ContactRow] = []
        for entry in presence.entries(kind: PresenceKind.contact, at: now.instant) {
            guard let contact = ContactPresence(entry.key, entry.fields) else { continue }
            rows.append(
                SiteView.ContactRow(
                    id: contact.contact,
                    queue: contact.queue,
                    site: entry.site,
                    callerNumber: contact.callerNumber,
                    customerName: contact.customerName,
                    state: contact.state,
                    since: contact.answeredAt == nil ? contact.arrivedAt : contact.since,
                    agent: contact.agent,
                    agentSite: contact.agentSite,
                    channel: contact.channel,
                    position: router.waiting.position(of: contact.contact),
                    callbackIsOffered: contact.callbackIsOffered
                )
            )
        }
        rows.sort { ($0.since, $0.id) < ($1.since, $1.id) }
        // Estimating may fill an index; the copy keeps a snapshot from changing what it is taken of.
        var copy = self
        var left = Limits.estimatesShownMax
        for place in rows.indices where left > 0 && rows[place].position != nil {
            rows[place].estimate = copy.estimate(for: rows[place].id, at: now)
            left -= 1
        }
        return rows
    }
}
