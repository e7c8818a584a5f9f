extension Limits {
    /// INFO and NOTIFY requests of one call that wait for the one before; fast digits come ten a second.
    package static let sipErrandsMax = 32
    /// How often an INFO or NOTIFY that was overtaken on its way is sent again; each time needs a loss and a new offer.
    package static let sipErrandRepeatsMax = 4
    /// A BYE waits this long for the NOTIFY that tells a phone how its transfer went.
    package static let sipNotifyGrace = Span.seconds(2)
    /// How long the subscription to a referral is promised to last; a transfer rings shorter than a queue waits.
    package static let sipReferralExpires = Span.minutes(10)
    /// Provisional responses that wait for the caller to confirm the one before; the newest makes room.
    package static let sipProgressQueueMax = 4
    /// Entries of History-Info or Diversion that are kept; more diversions are a loop.
    package static let sipHistoryMax = 16
    /// A refresh that failed without ending the call is tried again after this long, or an eighth of the timer.
    package static let sipSessionRetry = Span.seconds(5)
    /// A larger request over UDP goes by TCP (RFC 3261 §18.1.1: the path's largest packet is not known).
    package static let sipDatagramBytesMax = 1_300
    /// A large request that hears nothing by TCP in this time goes by UDP: a connection takes one round trip, and
    /// an INVITE is confirmed at once.
    package static let sipLargeTime = Span.seconds(2)
    /// A peer that took no large request by TCP is asked no more for this long: somebody waits each time.
    package static let sipWithoutTCPTime = Span.minutes(10)
    /// Such peers that are remembered; one forgotten costs one call `sipLargeTime`.
    package static let sipPeersWithoutTCPMax = 1_024
}
