import Kernel
import SIP
import SiteCore

/// The virtual SIP wire: datagrams that are late, out of order, or lost.
extension SimulatedCluster {
    mutating func send(_ packet: SIPPacket, from: SIPAddress) {
        guard Int.random(in: 0..<1_000, using: &random) >= sipLoss else { return note("sip.lost") }
        let delay = Span.milliseconds(Int64.random(in: 1...20, using: &random))
        queue.plan(.sip(to: packet.remote, from: from, packet.bytes), at: now + delay)
    }

    mutating func arrive(_ bytes: [UInt8], from: SIPAddress, to: SIPAddress) {
        hash.add(bytes)
        let packet = SIPPacket(transport: .udp, local: to, remote: from, flow: nil, bytes: bytes)
        if let index = sites.firstIndex(where: { $0.address == to }) {
            tell(index, .sipReceived(packet))
        } else if var caller = callers[to] {
            let packets = caller.receive(packet, now: wireMoment)
            keep(caller, packets)
        } else if var phone = phones[to] {
            let packets = phone.receive(packet, now: wireMoment)
            keep(phone, packets)
        } else if trunk.address == to {
            let packets = trunk.receive(packet, now: wireMoment)
            sendOutside(packets)
        }
    }

    mutating func partyTimer(_ address: SIPAddress) {
        guard partyTimers[address] == now || (partyTimers[address].map { $0 <= now } ?? false) else { return }
        partyTimers[address] = nil
        if var caller = callers[address] {
            let packets = caller.advance(now: wireMoment)
            keep(caller, packets)
        } else if var phone = phones[address] {
            let packets = phone.advance(now: wireMoment)
            keep(phone, packets)
        } else if trunk.address == address {
            let packets = trunk.advance(now: wireMoment)
            sendOutside(packets)
        }
    }

    /// Phones have their own clocks; theirs is right.
    var wireMoment: Moment {
        Moment(instant: now, wall: SimulatedSite.noon + Span(milliseconds: now.milliseconds))
    }

    mutating func keep(_ caller: VirtualCaller, _ packets: [SIPPacket]) {
        callers[caller.address] = caller
        for packet in packets { send(packet, from: caller.address) }
        // Once the person has left and the phone has nothing to repeat, the caller is forgotten.
        if case .over(let status) = caller.state, caller.nextDeadline == nil {
            farewells[caller.address] = status
            callers[caller.address] = nil
        }
        planParty(caller.address, caller.nextDeadline)
    }

    mutating func keep(_ phone: VirtualPhone, _ packets: [SIPPacket]) {
        phones[phone.address] = phone
        for packet in packets { send(packet, from: phone.address) }
        planParty(phone.address, phone.nextDeadline)
    }

    /// Sends what the carrier has to say.
    mutating func sendOutside(_ packets: [SIPPacket]) {
        for packet in packets { send(packet, from: trunk.address) }
        planParty(trunk.address, trunk.nextDeadline)
    }

    private mutating func planParty(_ address: SIPAddress, _ deadline: Instant?) {
        guard let deadline else { return }
        let at = max(deadline, now)
        if let planned = partyTimers[address], planned <= at { return }
        partyTimers[address] = at
        queue.plan(.partyTimer(address), at: at)
    }
}
