import Calls
package import ContactCenter
package import Kernel
import Routing
import SIP

/// What checkers and status commands look at; nothing here changes anything.
extension SiteMachine {
    /// A promise of an agent of this site to a contact.
    package struct Promise: Hashable, Sendable {
        /// The agent.
        package let agent: AgentID
        /// The login that it belongs to.
        package let loginEpoch: UInt64
        /// The contact.
        package let contact: ContactID
        /// How the contact came.
        package let channel: Channel
        /// What it takes of the agent's capacity.
        package let cost: Int
        /// What the agent is doing about it.
        package let state: AgentStateKind
    }

    /// The live promises of agents here, by agent and in the order of their grants.
    package var promises: [Promise] {
        book.views.flatMap { view in
            book.engagements(of: view.agent).map { engagement in
                Promise(
                    agent: view.agent,
                    loginEpoch: view.fence.epoch,
                    contact: engagement.contact,
                    channel: engagement.channel,
                    cost: engagement.cost,
                    state: engagement.phase.state.kind
                )
            }
        }
    }

    /// The contacts that an agent's leg here is joined with, and the try that it belongs to; sorted.
    package var joinedLegs: [(contact: ContactID, attempt: Int64, agent: AgentID)] {
        calls.agentBridges.compactMap { bridge in
            guard calls.agentPhase(of: bridge) == .joined, let reservation = bridges[bridge] else { return nil }
            return (bridge.contact, bridge.attempt, reservation.agent)
        }
    }

    /// The contacts that arrived here and have not ended; sorted.
    package var liveContacts: [ContactID] { contacts.keys.sorted() }

    /// The peers whose links are up and accepted; sorted.
    package var linkedPeers: [SiteID] { linked.sorted() }

    /// What has not come to an end, in words; empty when the site is at rest.
    package var unfinished: [String] {
        var reasons = contacts.values.sorted { $0.id < $1.id }.map { "contact \($0.id) is \($0.state.rawValue)" }
        reasons += book.views.filter { $0.state.kind.isBusy }.map { "\($0.agent) is \($0.state.kind.name)" }
        if calls.halfCount > 0 { reasons.append("\(calls.halfCount) half-calls are up") }
        if !desks.isEmpty { reasons.append("\(desks.count) contacts stand on desks") }
        let legs = sip.load.legs
        if legs > 0 { reasons.append("\(legs) legs of the telephone are up") }
        if !bridges.isEmpty { reasons.append("\(bridges.count) bridges are kept") }
        if !pipeline.isIdle { reasons.append("edits wait for the disk") }
        if !lookUps.isEmpty || !commands.isEmpty { reasons.append("answers are outstanding") }
        return reasons
    }

    /// The Call-IDs of legs that a half-call has, and of those that none has: the latter are a defect; sorted.
    package var callIDs: (known: Set<String>, stray: [String]) {
        let all = sip.callIDs
        let stray = all.filter { !calls.has($0.key) }.values.sorted()
        return (Set(all.values).subtracting(stray), stray)
    }

    /// The Call-IDs of all legs here, also of those whose end the other side has yet to confirm.
    package var allCallIDs: Set<String> { sip.allCallIDs }

    /// The Call-IDs of legs here that are in a call with somebody at another site.
    package func callIDs(with peer: SiteID) -> Set<String> {
        Set(sip.callIDs.filter { calls.leads($0.key, to: peer) }.values)
    }

    /// The Call-IDs of legs whose parties talk: joined, not held, nothing about their sessions open.
    package var talkingCalls: Set<String> {
        var talking: Set<String> = []
        for (leg, callID) in sip.callIDs where calls.isSettled(leg) {
            if let contact = calls.callerContact(of: leg) {
                switch contacts[contact]?.stage {
                case .talking(_, held: false), .outside(_, isJoined: true): talking.insert(callID)
                default: break
                }
            } else if let bridge = calls.agentBridge(of: leg), let reservation = bridges[bridge],
                book.engagement(of: reservation.agent, with: bridge.contact)?.phase == .talking
            {
                talking.insert(callID)
            }
        }
        return talking
    }

    /// Calls that wait while nobody looks for somebody to take them: always a defect; sorted.
    package var forgottenContacts: [ContactID] {
        contacts.values.filter { live in
            guard live.channel == .voice, live.stage == .waiting, passes[live.id] == nil else { return false }
            return live.wanted != nil || router.waiting.contact(live.id) == nil || router.waiting.isOffered(live.id)
        }
        .map(\.id).sorted()
    }

    /// How many contacts, agents and half-calls there are here; for metrics.
    package var gauges: (contacts: Int, agents: Int, halfCalls: Int, editsWaiting: Int) {
        (contacts.count, book.count, calls.halfCount, pipeline.count)
    }
}
