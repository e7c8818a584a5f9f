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
}
