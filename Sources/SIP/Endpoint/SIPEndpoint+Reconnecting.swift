import Kernel

/// Calls whose connection is closed.
extension SIPEndpoint {
    /// Where requests of a call go when its connection is closed, which by itself ends no call (RFC 3261 §12): to the
    /// first route or the Contact, by a connection that the next request makes.
    ///
    /// Nil when there is no such way: a registered phone, or one behind address translation, is reached by its own
    /// connections alone. `leg` is as it was with the connection.
    func wayWithoutFlow(_ leg: SIPLeg, now: Instant) -> SIPDestination? {
        guard leg.user == nil else { return nil }
        var source = leg.dialog.destination
        source.flow = nil
        let trunk = trunkLegs[leg.id].flatMap { trunks[$0.name] }
        // The connection was one that we had made.
        if let trunk, trunk.hops.contains(where: { $0.address == source.remote }) { return source }
        var dialog = leg.dialog
        if dialog.aim(viaCount: dialog.routes.isEmpty ? 1 : 2, source: source) { return dialog.destination }
        guard let trunk, trunk.trunk.transport == source.transport,
            let hop = trunk.nextHop(excluding: [], now: now)
        else { return nil }
        return SIPDestination(transport: source.transport, remote: hop)
    }
}
