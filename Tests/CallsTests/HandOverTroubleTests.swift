import Calls
import ContactCenter
import Kernel
import SIP
import Testing

@Suite("A consulted transfer while links break")
struct HandOverTroubleTests {
    /// More steps than a transfer takes.
    static let steps = 0..<24

    @Test("With all links it joins customer and consulted agent, and the agent who asked is out of it")
    func whole() throws {
        var sites = try ThreeSites()
        sites.handOver()
        sites.run()
        #expect(sites.speak(ThreeSites.customer, ThreeSites.boris))
        #expect(!sites.isUp(ThreeSites.anna))
        #expect(sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.other)
        #expect(sites.machines[sites.south]?.halfCount == 0)
        #expect(sites.events[sites.far]?.contains { if case .adopted = $0 { true } else { false } } == true)
        sites.pass(.minutes(2))
        #expect(sites.speak(ThreeSites.customer, ThreeSites.boris))
    }

    @Test(
        "The customer's site loses the consulted one's at any step: within seconds nobody is left on a silent line",
        arguments: steps
    )
    func customerFromConsulted(step: Int) throws {
        var sites = try ThreeSites()
        sites.handOver()
        for _ in 0..<step { _ = sites.step() }
        sites.cut(sites.north, sites.far)
        sites.run()
        sites.pass(Limits.callHandOverMax + Limits.callConfirmMax)
        #expect(sites.forgotten.isEmpty)
        if step == 0 || step == Self.steps.last { #expect(sites.isUp(ThreeSites.boris)) }
        sites.heal(sites.north, sites.far)
        sites.pass(.minutes(2))
        #expect(sites.forgotten.isEmpty)
    }

    @Test(
        "The customer's site loses the agent's at any step: the transfer comes about, or nothing of it",
        arguments: steps
    )
    func customerFromAgent(step: Int) throws {
        var sites = try ThreeSites()
        sites.handOver()
        for _ in 0..<step { _ = sites.step() }
        sites.cut(sites.north, sites.south)
        sites.run()
        sites.pass(Limits.callHandOverMax + Limits.callConfirmMax)
        #expect(sites.forgotten.isEmpty)
        #expect(sites.speak(ThreeSites.customer, ThreeSites.boris) != sites.speak(ThreeSites.anna, ThreeSites.boris))
        sites.heal(sites.north, sites.south)
        sites.pass(.minutes(2))
        #expect(sites.forgotten.isEmpty)
    }

    @Test("The agent's site loses the consulted one's at any step: the transfer comes about", arguments: steps)
    func agentFromConsulted(step: Int) throws {
        var sites = try ThreeSites()
        sites.handOver()
        for _ in 0..<step { _ = sites.step() }
        sites.cut(sites.south, sites.far)
        sites.run()
        sites.pass(Limits.callHandOverMax)
        #expect(sites.forgotten.isEmpty)
        #expect(sites.speak(ThreeSites.customer, ThreeSites.boris))
        sites.heal(sites.south, sites.far)
        sites.pass(.minutes(2))
        #expect(sites.speak(ThreeSites.customer, ThreeSites.boris))
        #expect(sites.machines[sites.south]?.halfCount == 0)
    }

    @Test("All links of one site break at any step: within a bound nobody is left on a silent line", arguments: steps)
    func consultedAlone(step: Int) throws {
        var sites = try ThreeSites()
        sites.handOver()
        for _ in 0..<step { _ = sites.step() }
        sites.cut(sites.north, sites.far)
        sites.cut(sites.south, sites.far)
        sites.run()
        sites.pass(Limits.callAdoptionMax + .seconds(2))
        // Whose last word was on its way has no witness: Boris learns of it with the first link.
        #expect(!sites.forgotten.contains("customer"))
        sites.heal(sites.north, sites.far)
        sites.pass(.seconds(2))
        sites.heal(sites.south, sites.far)
        sites.pass(.minutes(2))
        #expect(sites.forgotten.isEmpty)
    }

    @Test(
        "Customer and agent at one site, the consulted one's link breaks at any step: the customer is never forgotten",
        arguments: steps
    )
    func twoSites(step: Int) throws {
        var sites = try ThreeSites(anna: "north")
        sites.handOver()
        for _ in 0..<step { _ = sites.step() }
        sites.cut(sites.north, sites.far)
        sites.run()
        sites.pass(Limits.callAdoptionMax + .seconds(2))
        #expect(!sites.forgotten.contains("customer"))
        #expect(!sites.forgotten.contains("anna"))
        sites.heal(sites.north, sites.far)
        sites.pass(.seconds(2))
        #expect(sites.forgotten.isEmpty)
    }

    @Test("The consulted one hangs up at any step: the customer waits or has the agent", arguments: steps)
    func consultedHangsUp(step: Int) throws {
        var sites = try ThreeSites()
        sites.handOver()
        for _ in 0..<step { _ = sites.step() }
        if sites.isUp(ThreeSites.boris) {
            let leg = sites.phones[ThreeSites.boris].leg
            sites.phones[ThreeSites.boris].isUp = false
            let far = sites.far
            sites.at(far) { $0.handle(.ended(leg, .remoteHangUp(nil)), now: $1) }
        }
        sites.run()
        sites.pass(.seconds(20))
        let isOver = sites.machines[sites.north]?.hasCaller(sites.contact) == false
        let isHers = sites.machines[sites.north]?.joinedBridge(of: sites.contact) == sites.bridge
        #expect(isOver || isHers || sites.waits)
        #expect(sites.machines[sites.far]?.halfCount == 0)
    }

    @Test("A hand-over that comes to nothing can be asked for again")
    func again() throws {
        var sites = try ThreeSites()
        sites.cut(sites.north, sites.far)
        sites.handOver()
        sites.run()
        #expect(sites.events[sites.south]?.last == .handOverRefused(sites.bridge))
        #expect(sites.speak(ThreeSites.anna, ThreeSites.boris))
        sites.heal(sites.north, sites.far)
        sites.handOver()
        sites.run()
        #expect(sites.speak(ThreeSites.customer, ThreeSites.boris))
    }
}
