package import Kernel

extension SIPEndpoint {
    /// Learns where a trunk can be reached.
    mutating func aimTrunk(_ name: String, _ addresses: [SIPAddress], now: Instant) {
        guard let state = trunks[name] else { return }
        var hops: [SIPHop] = []
        for address in addresses.prefix(Limits.sipTrunkHopsMax) where !hops.contains(where: { $0.address == address }) {
            var hop = state.hops.first { $0.address == address } ?? SIPHop(address: address)
            if state.trunk.probeInterval > .zero, hop.probe.at == nil { hop.probe.at = now }
            hops.append(hop)
        }
        trunks[name]?.hops = hops
        probeTrunk(name, now: now)
        reportTrunk(name)
        registerTrunk(name, now: now)
    }

    /// Asks the hops whose turn it is.
    mutating func probeTrunk(_ name: String, now: Instant) {
        guard let state = trunks[name] else { return }
        for (index, hop) in state.hops.enumerated() where hop.probe.at.map({ $0 <= now }) == true {
            trunks[name]?.hops[index].probe.at = now + state.trunk.probeInterval
            probe(hop.address, of: state.trunk, now: now)
        }
        var queued = state.queued
        deadlines.schedule(.trunk(name), at: trunks[name]?.nextProbe, queued: &queued)
        trunks[name]?.queued = queued
    }

    private mutating func probe(_ address: SIPAddress, of trunk: SIPTrunk, now: Instant) {
        sendProbe(
            .hop(trunk: trunk.name, address),
            uri: Array("sip:\(trunk.domain.isEmpty ? address.description : trunk.domain)\(trunk.suffix)".utf8),
            path: [],
            to: SIPDestination(transport: trunk.transport, remote: address),
            within: min(trunk.probeInterval, Limits.sipProbeTime),
            now: now
        )
    }

    /// A probe of a hop was answered, or not; one that is too busy to serve is as good as away.
    mutating func hopProbed(_ name: String, _ address: SIPAddress, status: Int?, now: Instant) {
        guard let state = trunks[name], let index = state.hops.firstIndex(where: { $0.address == address })
        else { return }
        let wasUp = state.hops[index].probe.isUp
        if let status, status != 503 {
            trunks[name]?.hops[index].probe.heard()
            trunks[name]?.hops[index].avoidedUntil = nil
        } else {
            trunks[name]?.hops[index].probe.missed()
            // One that was there is asked again at once; one that answered 503 at its next turn.
            if status == nil, wasUp, trunks[name]?.hops[index].probe.isUp == true {
                probe(address, of: state.trunk, now: now)
            }
        }
        reportTrunk(name)
    }

    /// Tells the owner when a trunk comes or goes.
    private mutating func reportTrunk(_ name: String) {
        guard let state = trunks[name], let isUp = state.isUp, isUp != state.isReportedUp else { return }
        trunks[name]?.isReportedUp = isUp
        outputs.append(.event(.trunk(name, isUp: isUp)))
    }

    /// The best way to a number by a trunk now, leaving out what was tried.
    func trunkTarget(
        _ name: String,
        number: String,
        excluding tried: [SIPAddress] = [],
        now: Instant
    ) throws(SIPRefusal) -> SIPTrunkTarget {
        guard let state = trunks[name] else { throw SIPRefusal(503, "No Such Trunk") }
        guard state.hasRoom || !tried.isEmpty else { throw SIPRefusal(503, "Trunk Full") }
        guard let hop = state.nextHop(excluding: tried, now: now) else { throw SIPRefusal(503, "Trunk Unreachable") }
        let domain = state.trunk.domain.isEmpty ? nil : state.trunk.domain
        return SIPTrunkTarget(
            uri: Array("sip:\(escapedUser(number))@\(domain ?? hop.description)\(state.trunk.suffix)".utf8),
            destination: SIPDestination(transport: state.trunk.transport, remote: hop),
            domain: domain
        )
    }

    /// Counts a leg with its trunk.
    mutating func joinTrunk(_ id: SIPLegID, _ leg: SIPTrunkLeg) {
        guard trunks[leg.name] != nil, trunkLegs[id] == nil else { return }
        trunkLegs[id] = leg
        trunks[leg.name]?.calls += 1
    }

    /// A leg is gone.
    mutating func leaveTrunk(_ id: SIPLegID) {
        guard let leg = trunkLegs.removeValue(forKey: id) else { return }
        trunks[leg.name]?.calls -= 1
    }

    /// How long an INVITE may hear nothing: short while another hop is left.
    func patience(_ id: SIPLegID, now: Instant) -> Span {
        guard let leg = trunkLegs[id], leg.number != nil,
            trunks[leg.name]?.nextHop(excluding: leg.tried, now: now) != nil
        else { return Limits.sipTransactionTime }
        return Limits.sipHopTime
    }

    /// Tries an INVITE that got nowhere at the next hop of its trunk; false when there is none.
    mutating func tryNextHop(_ transaction: ClientTransaction, now: Instant) -> Bool {
        guard case .invite(let id) = transaction.owner, var leg = trunkLegs[id], let number = leg.number,
            !transaction.hasProgress, legs[id]?.phase == .outgoing(transaction.key)
        else { return false }
        avoid(transaction.destination.remote, of: leg.name, now: now)
        guard let target = try? trunkTarget(leg.name, number: number, excluding: leg.tried, now: now)
        else { return false }
        leg.tried.append(target.destination.remote)
        trunkLegs[id] = leg
        legs[id]?.dialog.target = target.uri
        legs[id]?.dialog.remoteParty = Array("<".utf8) + target.uri + Array(">".utf8)
        pin(id, to: target.destination)
        resendInvite(
            id,
            request: transaction.request,
            changing: [(.to, "<\(target.uri[...].text)>")],
            uri: target.uri,
            now: now
        )
        return true
    }

    mutating func avoid(_ address: SIPAddress, of name: String, now: Instant) {
        guard let index = trunks[name]?.hops.firstIndex(where: { $0.address == address }) else { return }
        trunks[name]?.hops[index].avoidedUntil = now + Limits.sipHopAvoidance
    }

    /// Learns that a packet could not be sent: no connection could be made, or the network has no way there.
    ///
    /// A request fails as if 503 had come (RFC 3261 §8.1.3.1) or goes to the trunk's next hop; for the rest there
    /// are timers.
    package mutating func notSent(_ packet: SIPPacket, now: Moment) -> [SIPOutput] {
        guard case .request(let envelope, _) = SIPEnvelope.open(packet.bytes), envelope.method != .ack,
            let key = ClientTransactionKey(envelope), let client = clients[key], client.state == .calling,
            client.destination.remote == packet.remote, client.destination.transport == packet.transport
        else { return advance(now: now) }
        if !client.isCancelWanted, fallBack(client, now: now.instant) { return advance(now: now) }
        if tryNextHop(client, now: now.instant) {
            clients[key]?.abandon(now: now.instant)
        } else {
            clients[key] = nil
            gaveUp(client, status: 503, reason: "Connection Failed", now: now.instant)
        }
        return advance(now: now)
    }
}

extension SIPTrunk {
    /// What URIs in requests to it end with.
    var suffix: String {
        transport == .udp ? "" : ";transport=\(transport.viaName.lowercased())"
    }
}
