import Calls
import ContactCenter
import Kernel
import Routing
import SIP

/// What an agent does with a call that she has: hold, pass on, ask somebody, call somebody.
extension SiteMachine {
    mutating func handleCall(
        _ command: DeskCommand,
        _ agent: AgentID,
        _ actor: Actor,
        _ token: CommandToken,
        _ now: Moment
    ) throws(Refusal) {
        failedConsults[agent] = nil
        changedViews.insert(.desk(agent))
        switch command {
        case .hold(let contact):
            let bridge = try bridge(of: contact, agent)
            try done(calls.hold(bridge, now: now), token)
        case .resume(let contact):
            let bridge = try bridge(of: contact, agent)
            if calls.consultation(of: bridge)?.leads == true { return try done(calls.swap(bridge, now: now), token) }
            try done(calls.resume(bridge, now: now), token)
        case .swap(let contact):
            let bridge = try consulting(contact, agent)
            try done(calls.swap(bridge, now: now), token)
        case .endConsult(let contact):
            push(calls.endConsult(try consulting(contact, agent), now: now))
            reply(token, .done)
        case .completeTransfer(let contact): try completeTransfer(contact, agent, isConference: false, token, now)
        case .transfer(let contact, let target):
            try askToPass(try bridge(of: contact, agent), to: target, for: .desk(token), now)
        case .consult(let contact, let target): try consult(contact, with: target, agent, token, now)
        case .dial(let number, let ticket, let customer):
            try dial(number, ticket: ticket, customer: customer, agent, token, now)
        case .sendDigits(let contact, let digits):
            push(calls.sendDigits(try bridge(of: contact, agent), digits, now: now))
            reply(token, .done)
        case .pauseRecording(let contact, let isPaused):
            try askForPause(try bridge(of: contact, agent), isPaused, now)
            reply(token, .done)
        case .conference(let contact): try completeTransfer(contact, agent, isConference: true, token, now)
        case .supervise(let contact, let mode): try supervise(contact, mode, agent, token, now)
        case .stopSupervising:
            try stopSupervising(agent, now)
            reply(token, .done)
        default: throw Refusal(.invalid, "That is no command for a call.")
        }
    }

    /// Takes a call that rings on the desk; false when it is none.
    mutating func answerCall(_ contact: ContactID, _ agent: AgentID, _ now: Moment) throws(Refusal) -> Bool {
        guard let engagement = book.engagement(of: agent, with: contact), engagement.channel == .voice else {
            return false
        }
        let bridge = calls.agentBridges(of: contact).first { bridges[$0] == engagement.reservation }
        guard let bridge, calls.awaitsDesk(bridge) else {
            throw Refusal(.conflict, "This call rings on the phone; answer it there.")
        }
        push(calls.answerAtDesk(bridge, now: now))
        return true
    }

    /// The bridge of a call that an agent talks on.
    func bridge(of contact: ContactID, _ agent: AgentID) throws(Refusal) -> BridgeID {
        guard let engagement = book.engagement(of: agent, with: contact), engagement.channel == .voice else {
            throw Refusal(.notFound, "The call \(contact.key) is not on this desk.")
        }
        guard engagement.phase.isConversation,
            let bridge = calls.agentBridges(of: contact).first(where: { bridges[$0] == engagement.reservation })
        else { throw Refusal(.conflict, "Nobody is on the line of \(contact.key).") }
        return bridge
    }

    private func consulting(_ contact: ContactID, _ agent: AgentID) throws(Refusal) -> BridgeID {
        let bridge = try bridge(of: contact, agent)
        guard calls.consultation(of: bridge) != nil else {
            throw Refusal(.conflict, "Nobody is being asked beside this call.")
        }
        return bridge
    }

    /// Carries out what the call machine made of a command, or says that it could not.
    mutating func done(_ result: (isDone: Bool, outputs: [CallOutput]), _ token: CommandToken) throws(Refusal) {
        push(result.outputs)
        guard result.isDone else {
            throw Refusal(
                .conflict,
                "The call is changing, or the other site cannot be reached; try again in a moment."
            )
        }
        reply(token, .done)
    }

    private mutating func completeTransfer(
        _ contact: ContactID,
        _ agent: AgentID,
        isConference: Bool,
        _ token: CommandToken,
        _ now: Moment
    ) throws(Refusal) {
        let bridge = try consulting(contact, agent)
        guard let consultation = calls.consultation(of: bridge), consultation.isTalking else {
            throw Refusal(.conflict, "Whoever is asked has not answered yet.")
        }
        let asked = contacts[consultation.contact]?.answer?.agent
        let result = calls.handOver(
            bridge,
            to: consultation.contact,
            agent: asked,
            isConference: isConference,
            now: now
        )
        try done(result, token)
    }

    // MARK: Passing on at once

    /// Asks the site of the contact to pass a call on; `passed` tells what became of it.
    mutating func askToPass(
        _ bridge: BridgeID,
        to target: CallTarget,
        for waiter: PassWaiter,
        _ now: Moment
    ) throws(Refusal) {
        guard let reservation = bridges[bridge], let origin = desks[reservation.number]?.originSite else {
            throw Refusal(.notFound, "That call is over.")
        }
        guard passWaiters.count < Limits.commandsWaitingMax else {
            throw Refusal(.unavailable, "Too many calls are being passed on.")
        }
        requestCounter += 1
        let request = PassRequest(request: requestCounter, bridge: bridge, target: target)
        passWaiters[request.request] = waiter
        guard origin != site else { return pass(request, for: site, now) }
        guard linked.contains(origin) else {
            passWaiters[request.request] = nil
            throw Refusal(.unavailable, "The site where the call arrived cannot be reached.")
        }
        timers.set(.pass(request.request), now.instant + Limits.passAnswerMax)
        send(.pass(request), to: origin)
    }

    /// The contact's site has passed the call on, or says why not.
    mutating func passed(_ request: Int64, _ refusal: String?, _ now: Moment) {
        timers.set(.pass(request), nil)
        switch passWaiters.removeValue(forKey: request) {
        case .desk(let token):
            reply(token, refusal.map { .refused(Refusal(.conflict, $0)) } ?? .done)
        case .phone(let leg):
            push(sip.perform(.referralProgress(leg, status: refusal == nil ? 200 : 503), now: now))
        case nil: break
        }
    }
}
