// Bounds of membership, acknowledgements, agreement on time and forgetting.

extension Limits {
    /// Decisions on membership in the life of a cluster: one a day for eleven years.
    ///
    /// All of them are kept, as each is a few dozen bytes and a joining site checks them from the first.
    package static let membershipDecisionsMax = 4_096
    /// Decisions in one message: about 30 kB, so that a heartbeat never waits for them.
    package static let membershipDecisionsPerPieceMax = 256
    /// Bytes of the name of who asked for a decision: as long as a document's key, which names accounts.
    package static let membershipActorBytesMax = 128
    /// Proposals of one site that wait for their turn: a person types them.
    package static let membershipProposalsMax = 8
    /// Rounds of voting that a ballot may count: far beyond what retries reach, far from where numbers overflow.
    package static let ballotRoundMax: UInt64 = 1 << 40

    /// How long a proposal is pursued: a person waits for the answer.
    package static let proposalPatience = Span.seconds(10)
    /// How long a forced proposal looks for a majority before it is decided alone: several rounds.
    package static let forcePatience = Span.seconds(3)
    /// How long one round of voting may take: two round trips around the earth and five slow disks.
    package static let ballotPatience = Span.seconds(1)
    /// The longest first wait between two rounds; it doubles up to `ballotBackoffMax`, and chance takes a part of
    /// it, so that two proposers do not overtake each other for ever.
    package static let ballotBackoffMin = Span.milliseconds(200)
    /// The longest wait between two rounds: still several rounds in `proposalPatience`.
    package static let ballotBackoffMax = Span.milliseconds(1_600)
    /// Between two questions for decisions to one peer: it tells its number with every beacon, and one answer is
    /// enough.
    package static let decisionAskSpacing = Span.milliseconds(500)
    /// Answers that wait for the disk: beyond, the oldest are dropped and asked for again.
    package static let decisionAnswersMax = 1_024

    /// Commands that wait for other sites' disks: the fastest site commits some 10,000 a second and waits for a
    /// few seconds at most.
    package static let acknowledgementsMax = 65_536

    /// How long a sample of a peer's clock is used: twenty heartbeats.
    package static let clockSampleLife = Span.seconds(10)
    /// Samples of one peer among which the one with the shortest round trip is taken (NTP's filter has eight).
    package static let clockSamplesMax = 8
    /// A round trip longer than this tells nothing about a clock.
    package static let clockRoundTripMax = Span.seconds(4)
    /// How exactly clocks are expected to be set: sites whose time service works differ by less than half of it.
    package static let clockSlack = Span.milliseconds(250)
    /// How much a quartz may gain or lose, in millionths: what was measured some time ago is less sure by this.
    package static let clockDriftPerMillion: Int64 = 200
    /// A correction below this is no correction: the site's own clock is used.
    package static let clockCorrectionMin = Span.milliseconds(500)
    /// A clock that was off counts as right again only below this, so that it does not change its mind at each
    /// sample.
    package static let clockRightBelow = Span.milliseconds(2_500)

    /// A member not heard for so long holds back forgetting by its silence, not by being slow.
    package static let memberSilentAfter = Span.minutes(5)
    /// A member silent for so long should be suspended: a long holiday weekend and the days to get a part.
    package static let memberSuspendAfter = Span.minutes(7 * 24 * 60)
}
