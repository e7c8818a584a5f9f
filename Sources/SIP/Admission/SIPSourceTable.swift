import Kernel

/// Counts new requests by the address they come from, in bounded room.
///
/// Two generations: when the young one is full it becomes the old one, and the old one is forgotten. What is
/// forgotten was not seen for longest; it starts again with a second's worth, so a flood gains nothing by it.
struct SIPSourceTable: Sendable {
    private let rate: Int
    private var young: [String: SIPTokenBucket] = [:]
    private var old: [String: SIPTokenBucket] = [:]

    init(perSecond rate: Int) {
        self.rate = rate
    }

    /// How many addresses are remembered.
    var count: Int { young.count + old.count }

    /// Whether a new request from an address may pass.
    mutating func take(_ host: String, now: Instant) -> Bool {
        let name = SIPSourceTable.name(host)
        if young[name] != nil { return young[name]?.take(now) ?? false }
        var bucket = old.removeValue(forKey: name) ?? SIPTokenBucket(perSecond: rate)
        let mayPass = bucket.take(now)
        if young.count >= Limits.sipSourcesMax / 2 {
            old = young
            young = [:]
        }
        young[name] = bucket
        return mayPass
    }

    /// One network of IPv6 counts as one address: its owner has 2^64 of them.
    private static func name(_ host: String) -> String {
        guard host.utf8.contains(ASCII.colon), let bytes = SIPAddressRange.address(host), bytes.count == 16
        else { return host }
        return ASCII.hex(bytes[..<8])
    }
}
