extension Limits {
    /// A registration without a time of its own: the usual hour of phones.
    package static let sipRegistrationDefault = Span.minutes(60)
    /// Shorter refreshes from a thousand phones would outnumber the calls.
    package static let sipRegistrationMin = Span.seconds(30)
    /// A phone that vanished is forgotten within two hours.
    package static let sipRegistrationMax = Span.minutes(120)
    /// 2,000 calls a second leave 128,000 transactions of 32 s each; twice that is room, and about 200 MB at most.
    package static let sipServerTransactionsMax = 262_144
    /// The largest UDP datagram; session descriptions of browsers take a tenth of it.
    package static let sipMessageBytesMax = 65_535
    /// Messages that crossed a dozen proxies have about 60 headers.
    package static let sipHeadersMax = 256
    /// Tags, branches and Call-IDs are kept as long as a call lasts; no phone makes longer ones.
    package static let sipIdentifierBytesMax = 256
    /// Proxies that a message passed: Max-Forwards starts at 70 (RFC 3261 §8.1.1.6).
    package static let sipViasMax = 70
    /// Routes are kept as long as a call lasts; nobody chains more proxies.
    package static let sipRoutesMax = 16
    /// Round-trip estimate T1 of RFC 3261 §17.1.1.1: the first repetition.
    package static let sipT1 = Span.milliseconds(500)
    /// The longest gap between repetitions of a non-INVITE request or an INVITE's response, T2.
    package static let sipT2 = Span.seconds(4)
    /// How long a message may stay in the network, T4.
    package static let sipT4 = Span.seconds(5)
    /// How long anything is repeated or awaited: timers B, D, F, H, J, L, M, 64 × T1.
    package static let sipTransactionTime = Span.seconds(32)
    /// An INVITE that only ever made progress; callers may wait long in a queue, but not for ever.
    package static let sipInviteTime = Span.minutes(180)
    /// Proxies drop a call that makes no progress for three minutes; one reminder a minute (RFC 3261 §13.3.1.1).
    package static let sipProgressRefresh = Span.seconds(60)
    /// How long the owner may take to answer a new offer before it is refused for it; below timer F.
    package static let sipReofferTime = Span.seconds(24)
    /// How often a new offer that crossed one of the peer's, or met an open INVITE, is tried again.
    package static let sipReofferAttemptsMax = 8
    /// A phone whose connection broke has this long to come back before its call counts as lost.
    package static let sipFlowGrace = Span.seconds(10)
    /// Answers of other phones to one forked INVITE that are acknowledged and hung up.
    package static let sipForksMax = 8
    /// Phones of one user at one time; the one that registered longest ago makes room.
    package static let sipContactsMax = 8
    /// A nonce older than this is stale: the phone computes a new response with a fresh one.
    package static let sipNonceLife = Span.minutes(5)
    /// Nonces of one user whose counters are remembered against replay.
    package static let sipNoncesMax = 8
    /// Streams whose unfinished messages are kept; a thousand phones and a hundred trunks fit many times.
    package static let sipFlowsMax = 16_384
    /// What a refused caller is told to wait, in seconds.
    package static let sipRetryAfterSeconds = 5
    /// A registration of ours that failed is tried again after this long.
    package static let sipRegistrationRetry = Span.seconds(30)
    /// What one INFO may carry; digits take fifty bytes.
    package static let sipInfoBytesMax = 4_096
    /// New calls a second; above what one node was measured to set up, so that it protects and does not hinder.
    package static let sipCallsPerSecondMax = 4_000
    /// Legs at one time; 8,000 calls held at once are 16,000 legs.
    package static let sipLegsMax = 65_536
    /// The session timer asked for: RFC 4028 §4 recommends half an hour.
    package static let sipSessionExpires = Span.minutes(30)
    /// The shortest session timer that we accept (RFC 4028 §5).
    package static let sipSessionMin = Span.seconds(90)
    /// A phone on UDP that lost its power is noticed within two of these.
    package static let sipPhoneProbeInterval = Span.seconds(30)
}
