import Kernel

/// One address of a trunk.
struct SIPHop: Hashable, Sendable {
    let address: SIPAddress
    /// The bytes of its host, to compare with where packets come from.
    let host: [UInt8]?
    var probe = SIPProbe()
    /// It did not answer a call, or was too busy for one: others come first until then.
    var avoidedUntil: Instant?

    init(address: SIPAddress) {
        self.address = address
        host = SIPAddressRange.address(address.host)
    }
}

/// A trunk as it is now.
struct SIPTrunkState: Sendable {
    let trunk: SIPTrunk
    /// The best first.
    var hops: [SIPHop] = []
    /// Calls with it, both directions.
    var calls = 0
    /// Calls from it a second; nil for no bound.
    var rate: SIPTokenBucket?
    /// What the owner was last told.
    var isReportedUp: Bool?
    var queued: Instant?

    init(_ trunk: SIPTrunk) {
        self.trunk = trunk
        rate = trunk.callsPerSecondMax.map { SIPTokenBucket(perSecond: $0) }
    }

    /// Whether requests from an address are the trunk's: it is listed, or it is one that the trunk's name led to.
    func isSource(_ host: [UInt8]) -> Bool {
        trunk.sources.contains { $0.contains(host) } || hops.contains { $0.host == host }
    }

    /// Whether one more call fits.
    var hasRoom: Bool { trunk.callsMax.map { calls < $0 } ?? true }

    /// Whether the trunk can be used; nil while nobody knows.
    var isUp: Bool? {
        if hops.isEmpty { return false }
        // Without probes it is believed.
        if trunk.probeInterval <= .zero { return true }
        if hops.contains(where: { $0.probe.isUp && $0.probe.isKnown }) { return true }
        return hops.contains { !$0.probe.isKnown } ? nil : false
    }

    /// Where to go next, leaving out what was tried.
    func nextHop(excluding tried: [SIPAddress], now: Instant) -> SIPAddress? {
        let usable = hops.filter { $0.probe.isUp && !tried.contains($0.address) }
        let best = usable.first { hop in hop.avoidedUntil.map { $0 <= now } ?? true }
        return (best ?? usable.first)?.address
    }

    var nextProbe: Instant? {
        hops.reduce(nil) { earlier($0, $1.probe.at) }
    }
}

/// What a leg remembers of its trunk.
struct SIPTrunkLeg: Sendable {
    let name: String
    /// The number that is called; nil for calls that came from the trunk.
    var number: String?
    /// The addresses that had their turn, the last one has the call.
    var tried: [SIPAddress] = []
}

/// How a number is called by a trunk.
struct SIPTrunkTarget: Sendable {
    /// The Request-URI.
    let uri: [UInt8]
    /// The next hop.
    let destination: SIPDestination
    /// The host of From; nil for our own.
    let domain: String?
}
