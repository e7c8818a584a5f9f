import Kernel

extension SIPEndpoint {
    /// Sends an INFO within an answered leg.
    mutating func sendInfo(_ id: SIPLegID, _ info: SIPInfo, now: Instant) {
    }
}
