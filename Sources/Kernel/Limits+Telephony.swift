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
    /// SIP connections that one address may have open here: all phones of a large office behind one address, and
    /// an SBC that makes one for each call.
    package static let sipFlowsPerAddressMax = 4_096
    /// Of these, those on which no SIP has come yet; a whole office that reconnects at once does so within a second.
    package static let sipFlowsSilentPerAddressMax = 256
    /// A SIP connection on which nothing came for so long is probed by the kernel, this often and so many times: a
    /// phone that lost its power is noticed after two minutes.
    package static let sipFlowProbe = (after: Span.seconds(60), every: Span.seconds(15), times: 4)
    /// Places where one site listens for SIP: both internets and all transports, on a few networks.
    package static let sipListenPointsMax = 16
    /// Trunks of one site.
    package static let sipTrunksMax = 64
    /// Addresses of one trunk; after so many that do not answer, the caller has hung up.
    package static let sipTrunkAddressesMax = 16
    /// An answer of the name server stands at least so long, whatever it says itself.
    package static let sipNameLifeMin = Span.seconds(30)
    /// An answer of the name server is asked for again after this at the latest, so that a move is followed.
    package static let sipNameLifeMax = Span.minutes(60)
    /// How long an answer stands that comes with no time of its own, as from the hosts file.
    package static let sipNameLifeUnknown = Span.seconds(60)
    /// After a failure the name server is asked again; until then the last good answer stands.
    package static let sipNameRetry = Span.seconds(30)
}
