extension Limits {
    /// Nobody waits longer than this on the line; a leg that nothing ends is a leak.
    package static let callWaitMax = Span.minutes(120)
    /// A leg that is still up after a working day has been forgotten by its phone.
    package static let callTalkMax = Span.minutes(8 * 60)
    /// How long after the ring time the caller's site waits for word from the agent's site: two slow mesh round trips.
    package static let callOfferMargin = Span.seconds(5)
    /// How long an answered agent waits for the caller's side to confirm: a link that comes back within this is
    /// no reason to drop the call; longer silence is.
    package static let callConfirmMax = Span.seconds(5)
    /// A change of session that is not answered in the 32 s of a SIP transaction never will be.
    package static let callReofferMax = Span.seconds(32)
    /// How many ended bridges a site remembers to tell a peer how they ended: an hour of 1 call a second.
    package static let callEndedRemembered = 4_096
    /// Messages between the halves of one site's calls that one event may set off; more would be a loop.
    package static let callLocalMessagesMax = 1_024
}
