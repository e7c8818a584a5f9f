extension Limits {
    /// A peer that is asked by OPTIONS has this long to answer: five datagrams, so that loss is no silence.
    package static let sipProbeTime = Span.seconds(8)
    /// Probes without an answer, one after the other, after which a peer counts as gone; one may be an overload.
    package static let sipProbeMissesMax = 2
    /// An INVITE that hears nothing from one address of a trunk in this time is tried at the next: four datagrams.
    package static let sipHopTime = Span.seconds(4)
    /// An address of a trunk that did not answer, or said 503, comes last for this long; more than the time after
    /// which a registration is tried again, so that this goes elsewhere.
    package static let sipHopAvoidance = Span.seconds(60)
    /// Addresses of one trunk; carriers name two to eight.
    package static let sipTrunkHopsMax = 16
    /// Nonces of one trunk whose counters are remembered: the INVITEs of a second at the highest rate.
    package static let sipTrunkNoncesMax = 4_096
    /// Challenges to one request that are answered: the first, and one more when its nonce was stale.
    package static let sipChallengesMax = 2
    /// New requests a second from one address that is no trunk's while trunks are configured: an office full of
    /// phones behind one address, after a power cut.
    package static let sipSourceRequestsMax = 200
    /// Addresses whose new requests are counted; those not seen for longest make room.
    package static let sipSourcesMax = 8_192
    /// REGISTER requests a second over all; a thousand phones in half a second, and no more hashing than that.
    package static let sipRegistersPerSecondMax = 2_000
    /// Rates above this are no bound, and keep the arithmetic far from overflow.
    package static let sipRateMax = 1_000_000
    /// Values of Path kept with a phone.
    package static let sipPathsMax = 8
    /// The headers of one message on a stream; what SIP peers send is a tenth of it.
    package static let sipStreamHeadBytesMax = 24_576
    /// The longest method name that a stream may start a message with; those of RFC 4475 stay below.
    package static let sipMethodBytesMax = 64
    /// Unfinished messages of all streams together.
    package static let sipStreamBytesMax = 67_108_864
    /// A message on a stream must be whole this long after its first byte.
    package static let sipStreamMessageTime = Span.seconds(32)
}
