package import ContactCenter
package import Kernel
package import SIP

/// What a call machine asks of the site around it, or tells it.
package enum CallOutput: Hashable, Sendable {
    /// Have the SIP endpoint do this.
    case sip(SIPCommand)
    /// Carry this to the other half's site.
    case bridge(BridgeMessage, to: SiteID)
    /// Have the mixer do this for the room of a contact; `mixOpened` answers `mixOpen`, the others need no answer.
    case mix(ContactID, MediaRequest)
    /// Something happened.
    case event(CallEvent)
}

/// What became of calls: the first group at the site where the caller arrived, the second at the agent's.
package enum CallEvent: Hashable, Sendable {
    /// The agent's phone rings.
    case progress(BridgeID)
    /// The agent answered and the caller has the answer: they talk.
    case joined(BridgeID)
    /// This agent does not take the call; the caller still waits, while others are being rung or at the head of the
    /// queue. With `answeredElsewhere` the caller has another agent, and `joined` follows.
    case offerFailed(BridgeID, OfferFailure)
    /// A caller whose call was answered waits with nobody on the line; `CallMachine.silence` tells the phone so.
    case alone(ContactID)
    /// The caller's leg is over; the last word on a contact, said once.
    case ended(ContactID, by: EndedBy, reason: String)

    /// An offer for an agent here has come: `CallMachine.ring` or `decline` must follow.
    case offered(BridgeOffer, from: SiteID)
    /// The agent's phone rings.
    case ringing(BridgeID)
    /// The agent answered; the caller's side has not confirmed yet.
    case answered(BridgeID)
    /// The caller's side confirmed: they talk.
    case connected(BridgeID)
    /// The agent's leg is over; said once per bridge that was rung.
    case agentLegOver(BridgeID, AgentID, AgentLegEnd)

    /// The agent has answered and the number outside is being called.
    case placing(BridgeID)
    /// The customer now talks with whoever was consulted, over that bridge.
    case handedOver(ContactID, HandOver)
    /// At the consulted agent's site: the bridge now leads to this site, and the customer is this one.
    case adopted(BridgeID, by: SiteID, number: String, name: String)
    /// At the consulting agent's site: the consulted transfer could not be done; all is as it was.
    case handOverRefused(BridgeID)
    /// The consulting agent's leg leads to the customer again, or to whoever is consulted.
    case swapped(BridgeID, isConsulting: Bool)
    /// The leg of somebody outside is over, who had been called for a contact.
    case outsideLegOver(BridgeID, AgentLegEnd)
    /// Somebody has joined or left a call of more than two.
    case partiesChanged(ContactID)
    /// A call cannot be mixed: whoever was to take part beside the two has been let go.
    case mixFailed(ContactID)
    /// A phone wants its other party joined with somebody else; `acceptReferral` or `rejectReferral` must follow.
    case referred(ReferredHalf, SIPLegID, SIPReferral)

    /// At both sites: one side holds the other, or no longer does.
    case held(BridgeID, Bool)
    /// At both sites: the other half's site was restarted and knows nothing of this call; it goes on by itself.
    case orphaned(BridgeID)
}

/// Whose phone wants its other party joined with somebody else.
package enum ReferredHalf: Hashable, Sendable {
    /// The one that called, as the caller of this contact.
    case caller(ContactID)
    /// The agent's of this bridge.
    case agent(BridgeID)
}

/// How an agent's leg ended.
package enum AgentLegEnd: Hashable, Sendable {
    /// They had talked; who hung up, as this site saw it.
    case finished(by: EndedBy, reason: String)
    /// The call was taken back before they talked: the caller gave up, or the link was lost.
    case withdrawn(reason: String)
    /// The agent did not take it.
    case failed(OfferFailure)
}
