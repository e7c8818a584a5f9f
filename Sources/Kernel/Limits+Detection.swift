// Bounds of presence on the wire and of failure detection.

extension Limits {
    /// Texts of one presence frame that later ones in it may refer to: every agent's own, and the skills of all.
    package static let presenceTextsMax = 4_096

    /// How many sites are asked whether they hear a silent one: two, so that one more fault changes nothing.
    package static let probeWitnessesMax = 2
    /// How long a witness waits for the target's answer before it says that there was none.
    ///
    /// Two round trips around the world, and shorter than the span between being suspect and being unreachable.
    package static let probeTimeout = Span.milliseconds(600)
    /// Questions of other sites that wait for a target's answer: each site may ask about each other.
    package static let probesPendingMax = sitesMax * 4
    /// What a site said of another one counts so long: by then it has been asked again several times.
    package static let testimonyValidity = Span.seconds(3)

    /// A timer later than this shows that this process is short of time; less is the scheduler's usual slack.
    package static let lagTolerance = Span.milliseconds(100)
    /// Lateness that costs one point of this process's own health.
    package static let lagPerPoint = Span.milliseconds(250)
    /// Points that a process can lose: spans of silence then count eightfold, as in memberlist's awareness.
    package static let lagPointsMax = 7
    /// A point comes back after so long without lateness: a process that slept is fit again within seconds.
    package static let lagRecovery = Span.milliseconds(500)
    /// How much of that scale applies before a peer is called unreachable: a real death must still be seen in time.
    package static let unreachableScaleMax = 2
    /// Gaps between heartbeats remembered of each peer, after which old ones fade: eight minutes of them.
    package static let heartbeatGapsMax = 1_000
}
