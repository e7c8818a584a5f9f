import ContactCenter
import Kernel
import Simulation
import SiteCore
import Testing

@Suite("Links break while calls change")
struct HandOverScenarios {
    /// The customer's site, the agent's, and that of the colleague whom she asks.
    private static let customer = 1, agent = 0, colleague = 2
    /// How long after the command a link is cut: over all messages of a transfer between three sites.
    static let moments = (0..<14).map { Span.milliseconds(Int64($0) * 12) }

    /// The agent at site 0 talks with a customer of another site; her colleague at site 2 is there as well.
    private func talk() throws -> (scenario: Scenario, caller: Int, contact: ContactID) {
        var scenario = Scenario()
        for agent in [Self.agent, Self.colleague] {
            scenario.teach(agent, .answers(after: .milliseconds(300), talks: nil))
        }
        expect(scenario.seat(Self.agent, at: 0))
        let caller = scenario.dial(Self.customer, "100")
        expect(scenario.run(until: { $0.hear(caller, Self.agent) }))
        expect(scenario.run(until: { $0.desk(Self.agent)?.contact?.call != nil }))
        expect(scenario.seat(Self.colleague, at: 2))
        scenario.run(.seconds(1))
        return (scenario, caller, try #require(scenario.desk(Self.agent)?.contact?.id))
    }

    /// The colleague talks with the agent, and the customer waits.
    private func consult() throws -> (scenario: Scenario, caller: Int, contact: ContactID) {
        var (scenario, caller, contact) = try talk()
        scenario.ask(Self.agent, .consult(contact, with: .agent(AgentID("south0"))))
        expect(
            scenario.run(until: { $0.speak(Self.agent, Self.colleague) && $0.isSilent(caller) }, within: .seconds(10))
        )
        scenario.run(.seconds(1))
        return (scenario, caller, contact)
    }

    /// Whether everybody whose phone is off the hook has somebody to speak with; a customer may wait.
    private static func isWell(_ scenario: Scenario, _ caller: Int) -> Bool {
        [agent, colleague].allSatisfy { one in
            scenario.phone(one) != "talking" || scenario.hear(caller, one) || scenario.speak(agent, colleague)
        } && scenario.talks(caller)
    }

    @Test("a consulted transfer and a cut between the customer's site and the colleague's", arguments: moments)
    func customerFromColleague(moment: Span) throws {
        var (scenario, caller, contact) = try consult()
        scenario.ask(Self.agent, .completeTransfer(contact))
        scenario.run(moment)
        scenario.cut(Self.customer, 2)
        scenario.run(.seconds(25))
        #expect(Self.isWell(scenario, caller))
        scenario.heal(Self.customer, 2)
        scenario.run(.seconds(20))
        #expect(Self.isWell(scenario, caller))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test("a consulted transfer and a cut between the customer's site and the agent's", arguments: moments)
    func customerFromAgent(moment: Span) throws {
        var (scenario, caller, contact) = try consult()
        scenario.ask(Self.agent, .completeTransfer(contact))
        scenario.run(moment)
        scenario.cut(Self.customer, 0)
        scenario.run(.seconds(25))
        #expect(Self.isWell(scenario, caller))
        scenario.heal(Self.customer, 0)
        scenario.run(.seconds(20))
        #expect(Self.isWell(scenario, caller))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test("the phone's hold and a cut between the two sites of a call", arguments: moments)
    func hold(moment: Span) throws {
        var (scenario, caller, _) = try talk()
        scenario.agentHolds(Self.agent, true)
        scenario.run(moment)
        scenario.cut(Self.customer, 0)
        scenario.run(.seconds(10))
        scenario.heal(Self.customer, 0)
        scenario.run(.seconds(20))
        scenario.agentHolds(Self.agent, false)
        expect(scenario.run(until: { $0.hear(caller, Self.agent) }, within: .seconds(10)))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test("the desk's hold and a cut between the two sites of a call", arguments: moments)
    func deskHold(moment: Span) throws {
        var (scenario, caller, contact) = try talk()
        scenario.ask(Self.agent, .hold(contact))
        scenario.run(moment)
        scenario.cut(Self.customer, 0)
        scenario.run(.seconds(10))
        scenario.heal(Self.customer, 0)
        scenario.run(.seconds(20))
        let isHeld = scenario.desk(Self.agent)?.state == .held
        #expect(isHeld ? scenario.isSilent(caller) : scenario.hear(caller, Self.agent))
        if isHeld { scenario.ask(Self.agent, .resume(contact)) }
        expect(scenario.run(until: { $0.hear(caller, Self.agent) }, within: .seconds(10)))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test("whoever is passed on to a queue sends no more to the agent who has left, and is heard by the next")
    func waitsInSilence() throws {
        var (scenario, caller, contact) = try talk()
        for agent in [Self.agent, Self.colleague] { scenario.teach(agent, .ignores) }
        scenario.ask(Self.agent, .transfer(contact, to: .queue(QueueID("sales"))))
        expect(scenario.run(until: { $0.isSilent(caller) && $0.phone(Self.agent) != "talking" }, within: .seconds(3)))
        for agent in [Self.agent, Self.colleague] {
            scenario.teach(agent, .answers(after: .milliseconds(300), talks: nil))
        }
        expect(
            scenario.run(
                until: { $0.hear(caller, Self.agent) || $0.hear(caller, Self.colleague) },
                within: .seconds(90)
            )
        )
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }
}
