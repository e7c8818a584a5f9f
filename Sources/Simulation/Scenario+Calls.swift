import Kernel
import SIP

/// Calls that are passed on, asked about, and placed: what people do, and who hears whom.
extension Scenario {
    /// Says what people outside do when their phones ring.
    package mutating func teachOutside(_ habit: PhoneHabit) { cluster.trunk.habit = habit }

    /// An agent passes the call on with the phone's own button.
    package mutating func agentRefers(_ agent: Int, to target: String) {
        guard var phone = cluster.phones[cluster.agents[agent].phone] else { return }
        let packets = phone.refer(to: target, now: cluster.wireMoment)
        cluster.keep(phone, packets)
    }

    /// A caller presses the hold button of the phone, or releases it.
    package mutating func callerHolds(_ caller: Int, _ holds: Bool) {
        guard var party = cluster.callers[address(caller)] else { return }
        let packets = party.turn(holds: holds, now: cluster.wireMoment)
        cluster.keep(party, packets)
    }

    /// Everybody outside hangs up.
    package mutating func outsideHangsUp() {
        let packets = cluster.trunk.hangUp(now: cluster.wireMoment)
        cluster.sendOutside(packets)
    }

    /// How many people outside talk.
    package var outsideTalks: Int { cluster.trunk.people.values.count { $0.answeredAt != nil } }

    /// An agent's key, for commands.
    package func sipUser(_ agent: Int) -> String { cluster.agents[agent].sipUser }

    /// Whether a caller and an agent send sound to each other and listen to each other.
    package func hear(_ caller: Int, _ agent: Int) -> Bool {
        guard let caller = cluster.callers[address(caller)]?.line, let agent = phoneLine(agent) else { return false }
        return Scenario.agree(caller, agent)
    }

    /// Whether two agents send sound to each other and listen to each other.
    package func speak(_ one: Int, _ other: Int) -> Bool {
        guard let one = phoneLine(one), let other = phoneLine(other) else { return false }
        return Scenario.agree(one, other)
    }

    /// Whether an agent and somebody outside send sound to each other and listen to each other.
    package func hearsOutside(_ agent: Int) -> Bool {
        guard let agent = phoneLine(agent) else { return false }
        return cluster.trunk.people.values.contains { Scenario.agree($0.line, agent) }
    }

    /// Whether a caller sends no sound and hears none.
    package func isSilent(_ caller: Int) -> Bool {
        guard let line = cluster.callers[address(caller)]?.line else { return false }
        return line.sendsTo == nil && line.hears == nil
    }

    private func phoneLine(_ agent: Int) -> VirtualLine? { cluster.phones[cluster.agents[agent].phone]?.line }

    private static func agree(_ one: VirtualLine, _ other: VirtualLine) -> Bool {
        one.sendsTo == other.media && other.sendsTo == one.media && one.hears == other.media && other.hears == one.media
    }
}
