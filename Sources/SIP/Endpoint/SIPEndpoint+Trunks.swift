import Kernel

extension SIPEndpoint {
    /// Learns where a trunk can be reached.
    mutating func aimTrunk(_ name: String, _ addresses: [SIPAddress], now: Instant) {
    }
}
