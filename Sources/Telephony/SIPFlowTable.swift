import Kernel
import SIP

/// The open SIP connections, by number, by the address that a new packet goes to, and by who made them.
struct SIPFlowTable {
    /// What one address has open here.
    private struct Tally {
        var open = 0
        /// Of these, connections on which no SIP has come yet.
        var unproven = 0
    }

    private struct Way: Hashable {
        var transport: SIPTransport
        var remote: SIPAddress
    }

    private(set) var all: [UInt64: SIPFlow] = [:]
    private var newest: [Way: UInt64] = [:]
    private var tallies: [String: Tally] = [:]
    private var last: UInt64 = 0

    /// The number of the next connection.
    mutating func nextNumber() -> UInt64 {
        last += 1
        return last
    }

    /// Why an address may not connect now; nil when it may.
    func refusal(of host: String) -> String? {
        if all.count >= Limits.sipFlowsMax { return "Too many connections are open." }
        let tally = tallies[host] ?? Tally()
        if tally.open >= Limits.sipFlowsPerAddressMax { return "\(host) has too many connections open." }
        if tally.unproven >= Limits.sipFlowsSilentPerAddressMax {
            return "\(host) has too many connections on which it said nothing."
        }
        return nil
    }

    /// Adds a connection.
    ///
    /// One that came in over TLS is used for what belongs to it and for nothing else: who made it is not proved.
    mutating func add(_ flow: SIPFlow) {
        all[flow.number] = flow
        if flow.transport == .tcp || !flow.isIncoming {
            newest[Way(transport: flow.transport, remote: flow.remote)] = flow.number
        }
        guard flow.isIncoming else { return }
        tallies[flow.remote.host, default: Tally()].open += 1
        tallies[flow.remote.host, default: Tally()].unproven += 1
    }

    /// The connection to use for a new packet to an address.
    func newest(to remote: SIPAddress, _ transport: SIPTransport) -> SIPFlow? {
        newest[Way(transport: transport, remote: remote)].flatMap { all[$0] }
    }

    /// SIP came on a connection for the first time.
    mutating func proved(_ flow: SIPFlow) {
        if flow.isIncoming { tallies[flow.remote.host]?.unproven -= 1 }
    }

    /// Removes a connection; false when it was gone already.
    mutating func remove(_ flow: SIPFlow) -> Bool {
        guard all.removeValue(forKey: flow.number) != nil else { return false }
        let way = Way(transport: flow.transport, remote: flow.remote)
        if newest[way] == flow.number { newest[way] = nil }
        guard flow.isIncoming, var tally = tallies[flow.remote.host] else { return true }
        tally.open -= 1
        if flow.lastHeard == nil { tally.unproven -= 1 }
        tallies[flow.remote.host] = tally.open > 0 ? tally : nil
        return true
    }

    /// Forgets all connections.
    mutating func removeAll() {
        all = [:]
        newest = [:]
        tallies = [:]
    }
}
