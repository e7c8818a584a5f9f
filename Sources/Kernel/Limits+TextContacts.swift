extension Limits {
    /// Contacts that one agent has in hand at once, whatever they cost: more than fit on a desk, and the smallest
    /// share of capacity (5 of 100) that makes sense.
    package static let agentContactsMax = 20
    /// After an agent takes a text contact, the contact's site must agree within this: two slow round trips.
    package static let textAnswerMax = Span.seconds(5)
    /// How much longer than the ring time the contact's site waits for word from the agent's site: the reservation's
    /// own time, and two slow round trips.
    package static let textOfferMargin = Span.seconds(10)
    /// How long an accepted text contact stays with its agent while the two sites have no link.
    ///
    /// Most cuts and restarts are over by then, and a customer who writes does not notice two minutes.
    package static let textLinkGrace = Span.minutes(2)
    /// Endings told to a site without a link that are kept until it is back: every text contact of 400 full agents.
    package static let textEndingsMax = 2_000
    /// Characters of a text contact's title and sender.
    package static let textTitleCharactersMax = 200
}
