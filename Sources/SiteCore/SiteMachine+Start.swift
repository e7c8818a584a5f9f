import ContactCenter
package import Kernel
import Replication
import Routing
import SIP

/// The first and the last steps of a site's life.
extension SiteMachine {
    /// Takes in what the disk says; closes in the books what a crash left open.
    package mutating func start(at now: Moment) -> [SiteDirective] {
        for document in boot.documents.sorted(by: { $0.id < $1.id }) { project(document, now) }
        router.agents.update(site, SiteKnowledge(isReachable: true, heardAt: now.instant))
        publish(SitePresence.key, SitePresence.fields(isDraining: false), now)
        for record in boot.contacts.compactMap({ ContactRecord($0) }).sorted(by: { $0.id < $1.id }) {
            recall(record, now)
        }
        for (queue, figures) in statistics.queues.sorted(by: { $0.key < $1.key }) {
            publish(PresenceKey(kind: PresenceKind.statistics, id: queue.key), figures.fields, now)
        }
        switch records.membership.state(of: site) {
        case .draining, .suspended, .retired: drain(now)
        case .active, nil: break
        }
        log(.info, "site.started", [("site", site.name), ("incarnation", "\(boot.incarnation)")])
        return settle(now)
    }

    /// Counts a contact of today anew, and ends one that was live when the site went down.
    private mutating func recall(_ record: ContactRecord, _ now: Moment) {
        let today = DayFigures.day(of: now.wall)
        let isToday = record.startedAt.map { DayFigures.day(of: $0) == today } ?? false
        if record.originSite == site, let queue = record.queue {
            if record.endedAt == nil, !reopen(record, queue, now) { closeLost(record, queue, now) }
            if isToday, let counted = record.countedQueue { count(record, of: definition(of: counted), now) }
        }
        if isToday, record.agentSite == site, !record.isOwnCall, let queue = record.queue, let wrapUp = record.wrapUpMs
        {
            statistics.count(queue, at: now.wall) {
                $0.counts.handle(talk: .zero, wrapUp: .milliseconds(wrapUp))
            }
        }
        if isToday, record.agentSite == site, let agent = record.agent, record.answeredAt != nil {
            var load = loads[agent]?.load ?? DayLoad()
            load.contacts += 1
            load.handling = load.handling + .milliseconds((record.talkMs ?? 0) + (record.wrapUpMs ?? 0))
            loads[agent] = (today, load)
        }
    }

    /// Counts a contact of today that arrived here, from its record.
    private mutating func count(_ record: ContactRecord, of queue: QueueDefinition, _ now: Moment) {
        let waited = Span(milliseconds: record.waitMs ?? 0)
        statistics.count(queue.id, at: now.wall) { figures in
            figures.counts.enter()
            guard record.answeredAt != nil else { return }
            figures.counts.answer(after: waited, threshold: queue.serviceLevel)
            figures.counts.handle(talk: .milliseconds(record.talkMs ?? 0), wrapUp: .zero)
        }
        guard record.answeredAt == nil, record.endedAt != nil else { return }
        statistics.unanswered(queue, record.outcome ?? .siteLost, after: waited, at: now.wall)
    }

    /// Lets a text contact wait on after a restart: nobody is on the line who could hang up.
    ///
    /// False when it cannot.
    private mutating func reopen(_ record: ContactRecord, _ queue: QueueID, _ now: Moment) -> Bool {
        guard record.channel != .voice, directory.queues[queue] != nil,
            contacts.count < boot.settings.contactsMax
        else { return false }
        func moment(_ wall: WallTime) -> Moment {
            Moment(instant: now.instant - max(.zero, now.wall - wall), wall: min(wall, now.wall))
        }
        var live = LiveContact(
            id: record.id,
            queue: queue,
            entryQueue: queue,
            dialled: record.number,
            callerNumber: record.callerNumber,
            callerName: "",
            arrived: moment(record.queuedAt ?? record.startedAt ?? now.wall),
            ticket: record.ticket,
            stage: .waiting,
            stageSince: now.wall
        )
        live.channel = record.channel
        live.tookPart = Set(record.agents)
        if let answeredAt = record.answeredAt, let agent = record.agent, let agentSite = record.agentSite {
            live.answer = LiveContact.Answer(
                agent: agent,
                site: agentSite,
                at: moment(answeredAt),
                queue: record.answeredQueue ?? queue
            )
        }
        if let root = record.root {
            live.root = root
            heirs[root] = live.id
            live.place = HeldPlace(
                contact: root,
                queue: queue,
                entryQueue: queue,
                since: live.arrived.wall,
                ticket: record.ticket,
                until: now.instant
            )
        }
        contacts[live.id] = live
        log(.info, "contact.reopened", [("contact", live.id.key)])
        enter(live, now)
        return true
    }

    private mutating func closeLost(_ record: ContactRecord, _ queue: QueueID, _ now: Moment) {
        let waited = record.waitMs.map { Span(milliseconds: $0) } ?? .zero
        let ending = ContactEdits.Ending(
            contact: record.id,
            ticket: record.ticket,
            agent: record.agent,
            agents: record.agents,
            startedAt: record.startedAt,
            endedAt: now.wall,
            by: .network,
            reason: "the site went down",
            outcome: .siteLost,
            waited: waited,
            talked: nil
        )
        pipeline.add(ContactEdits.ended(ending), for: .record(record.id))
        if record.answeredAt == nil, !record.isOwnCall {
            statistics.count(queue, at: now.wall) { $0.other += 1 }
            holdPlace(record, queue, now)
        }
        log(.warning, "contact.lost", [("contact", record.id.key)])
    }

    /// Begins the graceful stop.
    mutating func stop(_ now: Moment) {
        isStopping = true
        drain(now)
    }

    /// Takes in a decision about a member: what it says of this site is done here.
    mutating func decided(_ decision: MembershipDecision, _ now: Moment) {
        changedViews.insert(.wall)
        guard decision.site == site else { return }
        switch decision.change.state {
        case .draining, .suspended, .retired: drain(now)
        case .active: resume(now)
        }
    }

    /// Takes calls again after a decision that let it drain.
    private mutating func resume(_ now: Moment) {
        guard isDraining, !isStopping else { return }
        isDraining = false
        book.isDraining = false
        publish(SitePresence.key, SitePresence.fields(isDraining: false), now)
        changedViews.insert(.wall)
        log(.info, "site.resumed", [])
    }

    /// No new calls, no new reservations, everybody may know.
    private mutating func drain(_ now: Moment) {
        guard !isDraining else { return }
        isDraining = true
        book.isDraining = true
        publish(SitePresence.key, SitePresence.fields(isDraining: true), now)
        changedViews.insert(.wall)
        log(.info, "site.draining", [("contacts", "\(contacts.count)")])
    }

    /// Takes a document as it is now into what the core keeps in memory.
    mutating func project(_ document: Document, _ now: Moment) {
        if document.id.type == Schema.contact { return noteDials(in: document) }
        switch directory.apply(document) {
        case .agent(let id, let before, let after):
            changedViews.insert(.wall)
            if let before, before.sipUser != after?.sipUser || after?.isActive != true {
                push(sip.setCredential(user: before.sipUser, ha1: nil))
            }
            guard let after, after.isActive else { return dismiss(id, now) }
            let strong = boot.settings.offersSHA256 ? after.sipDigestSHA256 : nil
            push(sip.setCredential(user: after.sipUser, ha1: after.sipDigest, sha256: strong))
            book.update(AgentProfile(after))
            if book.view(of: id) != nil {
                push(book.phone(of: id, isRegistered: sip.isRegistered(after.sipUser), at: now))
            }
        case .queue, .site, .breakReason: changedViews.insert(.wall)
        case .calendar:
            changedViews.insert(.wall)
            readZones()
        case nil: break
        }
    }

    /// Asks for the offsets of zones that calendars name and that were not read yet.
    private mutating func readZones() {
        for name in directory.unreadZones where !zoneQueries.values.contains(name) {
            let token = newQuery()
            zoneQueries[token] = name
            outbox.append(.query(token, .readZone(name: name)))
        }
    }

    /// An agent's record says that the agent has left.
    private mutating func dismiss(_ agent: AgentID, _ now: Moment) {
        guard book.view(of: agent) != nil else { return }
        if let events = try? book.signOut(agent, at: now) { push(events) }
    }
}
