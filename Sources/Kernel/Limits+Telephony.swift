// Bounds of the SIP sockets.

extension Limits {
    /// Packets that wait for an outgoing SIP connection to be made; a peer has a few transactions under way.
    package static let sipPacketsAwaitingFlowMax = 64
    /// A SIP connection on which nothing came for so long is closed: longer than the longest registration, after
    /// which a phone that is alive has spoken.
    package static let sipFlowIdleTimeout = Span.minutes(130)
    /// A SIP connection that never said anything is closed sooner: somebody is looking for open ports.
    package static let sipFlowSilentTimeout = Span.seconds(30)
    /// How often idle SIP connections are looked for; a thousand take well under a millisecond.
    package static let sipFlowSweepInterval = Span.seconds(10)
    /// Unsent bytes of one SIP connection.
    ///
    /// A phone that leaves so many messages unread is gone.
    package static let sipFlowPendingBytesMax = 256 * 1_024
    /// Tries to find a port that is free for UDP and TCP when any will do, as in tests.
    package static let sipPortAttemptsMax = 16
}
