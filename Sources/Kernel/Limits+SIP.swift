extension Limits {
    /// A registration without a time of its own: the usual hour of phones.
    package static let sipRegistrationDefault = Span.minutes(60)
    /// Shorter refreshes from a thousand phones would outnumber the calls.
    package static let sipRegistrationMin = Span.seconds(30)
    /// A phone that vanished is forgotten within two hours.
    package static let sipRegistrationMax = Span.minutes(120)
    /// 2,000 calls a second leave 128,000 transactions of 32 s each; twice that is room, and about 200 MB at most.
    package static let sipServerTransactionsMax = 262_144
}
