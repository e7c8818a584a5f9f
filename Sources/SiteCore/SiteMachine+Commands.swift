import Calls
import ContactCenter
import Kernel
import Replication
import Routing
import SIP

/// What desks and the API ask for; each command is answered exactly once.
extension SiteMachine {
    mutating func perform(_ command: SiteCommand, _ token: CommandToken, _ now: Moment) {
        switch command {
        case .edit(let requests): edit(requests, token, isDeskCommand: false)
        case .openContact(let opening):
            do { try open(opening, token, now) } catch { reply(token, .refused(error)) }
        case .callBack(let contact, let number):
            do { try callBack(contact, number: number, token, now) } catch { reply(token, .refused(error)) }
        case .closeContact(let contact, let by, let reason):
            do {
                try close(contact, by, reason)
                reply(token, .done)
            } catch {
                reply(token, .refused(error))
            }
        case .records(let command):
            follow(records.handle(.command(RecordsCommandToken(token.number), command), at: now), now)
        case .fetchBlob(let blob, let patience): fetch(blob, patience: patience, token, now)
        case .recording(let wish, let patience): want(wish, patience: patience, token, now)
        case .desk(let agent, let command, let actor):
            do {
                try perform(command, agent, actor, token, now)
            } catch {
                reply(token, .refused(error))
            }
        }
    }

    private mutating func edit(_ requests: [EditRequest], _ token: CommandToken, isDeskCommand: Bool) {
        guard !requests.isEmpty else { return reply(token, isDeskCommand ? .done : .edited([])) }
        guard commands.count < Limits.commandsWaitingMax,
            pipeline.count + requests.count <= Limits.commitWaitingMax
        else { return reply(token, .refused(Refusal(.unavailable, "Too many changes are waiting for the disk."))) }
        commands[token] = PendingCommand(missing: requests.count, isDeskCommand: isDeskCommand)
        for request in requests { pipeline.add(request, for: .command(token)) }
    }

    mutating func reply(_ token: CommandToken, _ answer: CommandReply) {
        outbox.append(.reply(token, answer))
    }

    private mutating func perform(
        _ command: DeskCommand,
        _ agent: AgentID,
        _ actor: Actor,
        _ token: CommandToken,
        _ now: Moment
    ) throws(Refusal) {
        switch command {
        case .signIn: try signIn(agent, now)
        case .signOut: try signOut(agent, now)
        case .ready:
            push(try allowed { book throws(AgentRefusal) in try book.setReady(agent, at: now) })
            // Open for more beside the contacts in hand: no change of state says so.
            if let view = book.view(of: agent), view.isOpen, view.occupied > 0 { work.append(.pull(agent)) }
        case .notReady(let reason):
            let text = try checked(breakReason: reason)
            push(
                try allowed { book throws(AgentRefusal) in try book.setNotReady(agent, reason: text, at: now) }
            )
        case .finishWrapUp:
            push(try allowed { book throws(AgentRefusal) in try book.finishWrapUp(agent, at: now) })
        case .extendWrapUp:
            push(try allowed { book throws(AgentRefusal) in try book.extendWrapUp(agent, at: now) })
        case .finishWrapUpOf(let contact):
            push(
                try allowed { book throws(AgentRefusal) in
                    try book.finishWrapUp(agent, contact: contact, at: now)
                }
            )
        case .extendWrapUpOf(let contact):
            push(
                try allowed { book throws(AgentRefusal) in
                    try book.extendWrapUp(agent, contact: contact, at: now)
                }
            )
        case .accept(let contact): if try !answerCall(contact, agent, now) { try accept(contact, agent, now) }
        case .decline(let contact): try decline(contact, agent, now)
        case .finish(let contact): try finish(contact, agent, now)
        case .hangUp(let contact): try hangUp(contact, agent, now)
        case .linkCustomer(let contact, let customer):
            return try link(contact, customer, agent, actor, token, now)
        case .hold, .resume, .transfer, .consult, .swap, .completeTransfer, .endConsult, .conference, .dial,
            .sendDigits, .pauseRecording, .supervise, .stopSupervising:
            return try handleCall(command, agent, actor, token, now)
        }
        changedViews.insert(.desk(agent))
        reply(token, .done)
    }

    /// A reason of the managed list; none given stands for the first of it.
    private func checked(breakReason: String) throws(Refusal) -> String {
        let known = directory.breaks.map(\.id.key)
        if breakReason.isEmpty { return known.first ?? "break" }
        guard known.contains(breakReason) else {
            let asked = breakReason.prefix(Limits.breakReasonCharactersMax)
            throw Refusal(
                .invalid,
                "'\(asked)' is no reason for a break; the reasons are: \(known.joined(separator: ", "))."
            )
        }
        return breakReason
    }

    /// Runs a change of the book and says its refusal in words.
    private mutating func allowed(
        _ change: (inout AgentBook) throws(AgentRefusal) -> [AgentEvent]
    ) throws(Refusal) -> [AgentEvent] {
        do {
            return try change(&book)
        } catch {
            throw Refusal(error)
        }
    }

    private mutating func signIn(_ agent: AgentID, _ now: Moment) throws(Refusal) {
        guard let record = directory.agents[agent], record.isActive else {
            throw Refusal(.notFound, "There is no active agent \(agent.key).")
        }
        let day = DayFigures.day(of: now.wall)
        var elsewhere: UInt64 = 0
        var load = loads[agent].flatMap { $0.day == day ? $0.load : nil } ?? DayLoad()
        for peer in boot.peers {
            guard let entry = presence.entry(AgentPresence.key(agent), of: peer, at: now.instant),
                let view = AgentPresence.view(entry.key, entry.fields, site: peer, day: day)
            else { continue }
            if view.state != .loggedOut { elsewhere = max(elsewhere, view.fence.epoch) }
            load.handling = max(load.handling, view.handlingToday)
            load.contacts = max(load.contacts, view.contactsToday)
            load.idle = max(load.idle, view.idleToday)
        }
        // The wall clock makes a later login the higher one even when this site cannot see the others.
        let present = book.view(of: agent)?.fence.epoch
        let isHere = present.map { $0 > elsewhere } ?? false
        let above = isHere ? 0 : max(elsewhere, UInt64(max(0, now.wall.milliseconds)))
        let isRegistered = sip.isRegistered(record.sipUser)
        push(
            try allowed { book throws(AgentRefusal) in
                try book.signIn(
                    AgentProfile(record),
                    above: above,
                    carried: load,
                    phoneRegistered: isRegistered,
                    at: now
                )
            }
        )
    }

    private mutating func signOut(_ agent: AgentID, _ now: Moment) throws(Refusal) {
        let isTalking = book.engagements(of: agent).contains { $0.phase.isConversation }
        if !isTalking, book.engagements(of: agent).contains(where: { $0.phase == .wrapUp }) {
            // So that the paperwork's time is counted.
            push(try allowed { book throws(AgentRefusal) in try book.finishWrapUp(agent, at: now) })
            for changed in book.takeChanged() { show(changed, now) }
        }
        push(try allowed { book throws(AgentRefusal) in try book.signOut(agent, at: now) })
    }

    private mutating func hangUp(_ contact: ContactID, _ agent: AgentID, _ now: Moment) throws(Refusal) {
        guard let engagement = book.engagement(of: agent, with: contact),
            desks[engagement.reservation.number] != nil
        else { throw Refusal(.notFound, "The contact \(contact.key) is not on this desk.") }
        guard engagement.channel == .voice else { return try finishText(contact, agent, now) }
        // Other agents here may be rung for the same contact.
        let mine = calls.agentBridges(of: contact).first { bridges[$0] == engagement.reservation }
        guard let bridge = mine else { return }
        push(calls.endAgentLeg(of: bridge, by: .agent, reason: "hung up at the desk", now: now))
    }

    /// Ends the work on a contact of any channel.
    private mutating func finish(_ contact: ContactID, _ agent: AgentID, _ now: Moment) throws(Refusal) {
        if book.engagement(of: agent, with: contact)?.channel == .voice {
            try hangUp(contact, agent, now)
        } else {
            try finishText(contact, agent, now)
        }
    }

    private mutating func link(
        _ contact: ContactID,
        _ customer: CustomerID,
        _ agent: AgentID,
        _ actor: Actor,
        _ token: CommandToken,
        _ now: Moment
    ) throws(Refusal) {
        guard let number = book.engagement(of: agent, with: contact)?.reservation.number, let desk = desks[number]
        else { throw Refusal(.notFound, "The contact \(contact.key) is not on this desk.") }
        desks[number]?.brief.customer = customer
        let request = ContactEdits.linked(contact, ticket: desk.brief.ticket, customer: customer, actor: actor)
        changedViews.insert(.desk(agent))
        edit([request], token, isDeskCommand: true)
    }
}

extension Refusal {
    /// Says in words why the book of agents refused.
    init(_ refusal: AgentRefusal) {
        switch refusal {
        case .notLoggedIn: self.init(.notSignedIn, "The agent is not signed in at this site.")
        case .staleLogin(let present):
            self.init(.notSignedIn, "The agent has a later session at \(present.site.name).")
        case .wrongState(let state): self.init(.conflict, "That is not possible in the state \(state.name).")
        case .phoneUnregistered: self.init(.conflict, "The agent's phone is not registered.")
        case .draining: self.init(.unavailable, "The site is about to stop.")
        case .full: self.init(.unavailable, "The site has as many agents as it can hold.")
        case .reservedFor(let contact): self.init(.conflict, "The agent is busy with \(contact.key).")
        case .contactPlaced(let other): self.init(.conflict, "The contact is with \(other.key).")
        case .staleReservation: self.init(.conflict, "That contact is over.")
        }
    }

    /// Says in words why the ledger refused an edit.
    init(_ rejection: CommitRejection) {
        switch rejection {
        case .unknownDocument(let id), .deletedDocument(let id):
            self.init(.notFound, "There is no \(id.key).")
        case .unknownConflict: self.init(.notFound, "That conflict is settled already.")
        case .joining: self.init(.unavailable, "This site is taking in a snapshot; it can write when that is complete.")
        case .tooNew:
            self.init(
                .unavailable,
                "Not every site has said since this one started that it understands this change: one is away, or its "
                    + "node is too old. Try again when all are connected; upgrade those that are older."
            )
        case .originHalted: self.init(.unavailable, "This site may not write: its log disagrees with another's.")
        case .empty: self.init(.invalid, "There is nothing to change.")
        case .unusableKey(let id): self.init(.invalid, "'\(id.key)' cannot be a key.")
        case .documentTooLarge(let id, _, let limit):
            self.init(.invalid, "'\(id.key)' would grow past \(limit) bytes.")
        case .tooManyChanges(_, let limit): self.init(.invalid, "More than \(limit) changes at once.")
        case .requestTooLarge(_, let limit): self.init(.invalid, "The change is larger than \(limit) bytes.")
        default: self.init(.invalid, "A value does not fit its field.")
        }
    }
}
