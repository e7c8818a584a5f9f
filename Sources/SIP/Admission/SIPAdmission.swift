import Kernel

/// The bounds that new requests must pass before anything is kept or hashed of them.
struct SIPAdmission: Sendable {
    /// New requests by source address.
    var sources: SIPSourceTable
    /// REGISTER requests over all.
    var registers = SIPTokenBucket(perSecond: Limits.sipRegistersPerSecondMax)
    /// New calls over all.
    var calls: SIPTokenBucket

    init(_ configuration: SIPConfiguration) {
        calls = SIPTokenBucket(perSecond: configuration.callsPerSecondMax)
        // Without trunks all calls may come from one SBC; a quarter stays for others.
        let rate = min(max(configuration.callsPerSecondMax, 0), Limits.sipRateMax)
        sources = SIPSourceTable(
            perSecond: configuration.trunks.isEmpty ? max(rate - rate / 4, 1) : Limits.sipSourceRequestsMax
        )
    }
}
