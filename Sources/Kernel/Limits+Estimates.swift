/// Bounds of the estimates of waiting.
extension Limits {
    /// Departures of a queue from which its pace is learnt: some minutes of a busy queue, and a mean that is known to
    /// an eighth.
    package static let paceDeparturesMax = 64
    /// The longest time without a departure that counts for the pace; a clock that stood still says nothing.
    package static let paceGapMax = Span.minutes(60)
    /// Contacts with an estimate at one site whose truth is not known yet: as many as may wait there.
    package static let estimatesMax = waitingContactsMax
    /// Queues with a pace of their own.
    package static let estimatedQueuesMax = 2_048
    /// Mean handling time while no contact has been handled; the default of the larger systems.
    package static let handlingUnknown = Span.seconds(90)
}
