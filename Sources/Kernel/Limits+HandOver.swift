extension Limits {
    /// How long whoever was consulted may take to say that the customer can come: two slow mesh round trips.
    ///
    /// The agent who wants to hand over talks on meanwhile.
    package static let callHandOverMax = Span.seconds(5)
    /// How long a consulted one waits for a customer who was announced.
    ///
    /// That is the question above, the change of session at the customer's phone and its confirmation, with some
    /// seconds to spare; longer than that it can only be silence.
    package static let callAdoptionMax = Span.seconds(45)
    /// How often a session that a broken link may have cut is repeated while the line is busy with something else.
    package static let callRepetitionsMax = 8
    /// The pause between these; some round trips to a phone.
    package static let callRepeatAfter = Span.seconds(2)
}
