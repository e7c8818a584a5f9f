import Kernel

extension SIPEndpoint {
    /// The owner takes a referral on.
    mutating func acceptReferral(_ id: SIPLegID, now: Instant) {
    }

    /// The owner tells how a referral goes.
    mutating func referralProgress(_ id: SIPLegID, status: Int, now: Instant) {
    }

    /// The owner refuses a referral.
    mutating func rejectReferral(_ id: SIPLegID, status: Int, now: Instant) {
    }
}
