extension Limits {
    /// Sites of a planned contact centre: more than the largest known has.
    package static let planningSitesMax = 32
    /// Agents of a planned contact centre, all sites and shifts together: a simulated day of more takes minutes.
    package static let planningAgentsMax = 20_000
    /// Calls of one simulated day that planning takes on: about a minute of one core.
    package static let planningCallsMax = 2_000_000
    /// Half hours of a planned day, and a few more for nights that do not end at midnight.
    package static let planningIntervalsMax = 96
    /// Repetitions of a day: the interval of confidence shrinks with the square root only.
    package static let planningReplicationsMax = 1_000
    /// How long after closing callers in the queue are still served before the day is over.
    package static let planningOvertime = Span.minutes(120)
    /// Events of one run: each call takes about thirty, presence of many sites several hundred.
    package static let planningStepsMax = 2_000_000_000
    /// What one event may set off at once before it counts as a circle.
    package static let planningWorkMax = 1_000_000
    /// A handling or patience time drawn longer than this is taken for this: nobody talks for half a day.
    package static let planningSpanMax = Span.minutes(12 * 60)
}
