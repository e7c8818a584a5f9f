package import ContactCenter
package import Kernel
import SIP

/// Passing a call on: the customer's leg stays, the other one changes.
extension CallMachine {
    /// Ends the agents' legs of a contact whose caller stays on the line and can be offered anew.
    ///
    /// Nothing happens unless they talk.
    package mutating func release(_ contact: ContactID, by: EndedBy, reason: String, now: Moment) -> [CallOutput] {
        guard var half = callers[contact], case .joined(let bridge, let peer) = half.phase else { return settle(now) }
        dropHandOver(&half, tellsAgent: false)
        dropReoffer(&half.reoffer, half.leg)
        closeRoom(&half, by: by, reason: reason)
        forgetAdopted(bridge)
        endings.remember(bridge, by: by, reason: reason)
        tell(.agent, at: peer, .end(bridge, by: by, reason: reason))
        if half.borrowed == nil { emit(.event(.alone(contact))) }
        half.isUnsure = false
        half.phase = .waiting
        half.waitUntil = now.instant + Limits.callWaitMax
        half.expiresAt = half.waitUntil
        store(half)
        return settle(now)
    }

    /// Calls somebody outside for a contact that waits here; joined as an agent would be.
    ///
    /// `shown` is the number to show in place of the caller's, which an agent's own phone has not. The bridge is nil
    /// when the caller is gone or is being offered.
    package mutating func offer(
        _ contact: ContactID,
        toNumber number: String,
        by trunk: String,
        shown: String? = nil,
        firstDialled: String?,
        ringTime: Span,
        now: Moment
    ) -> (bridge: BridgeID?, outputs: [CallOutput]) {
        guard var half = callers[contact], half.takesOffer(besideOthers: false) else { return (nil, []) }
        half.attempts += 1
        let bridge = BridgeID(contact: contact, attempt: half.attempts)
        let limit = now.instant + ringTime + Limits.callOfferMargin
        half.add(bridge, at: site, until: limit)
        store(half)
        var invitation = SIPInvitation(
            target: .trunk(trunk, number: number),
            from: shown ?? half.callerNumber,
            displayName: shown == nil ? half.callerName : "",
            sdp: half.line == .unanswered ? half.session : nil,
            ringTimeout: ringTime
        )
        invitation.firstDialled = firstDialled
        openAgentHalf(AgentHalf(bridge: bridge, agent: nil, peer: site, leg: newLeg(), expiresAt: limit), invitation)
        return (bridge, settle(now))
    }

    /// Passes digits on to the other party of an agent's bridge, by INFO (`Signal=5`).
    package mutating func sendDigits(_ bridge: BridgeID, _ digits: String, now: Moment) -> [CallOutput] {
        guard let half = agents[bridge], half.phase == .joined else { return settle(now) }
        for digit in digits {
            let body = Array("Signal=\(digit)\r\nDuration=\(Limits.digitMilliseconds)\r\n".utf8)
            let info = SIPInfo(contentType: "application/dtmf-relay", body: body)
            tell(.caller, at: half.peer, .info(bridge, info))
        }
        return settle(now)
    }
}
