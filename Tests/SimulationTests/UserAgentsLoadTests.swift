import Kernel
import SIP
import Simulation
import TestKit
import Testing

/// Callers and phones of a load run against a small switchboard.
@Suite struct UserAgentsLoadTests {
    private func plan(phones: Int, rate: Double, calls: Int) -> LoadPlan {
        var plan = LoadPlan(
            rate: rate,
            targets: [UserAgentsSwitchboard.address],
            dialled: ["5550100"],
            callers: ["1001", "1002", "1003"],
            media: SIPAddress(host: "10.0.0.2", port: 40_000)
        )
        plan.callsMax = calls
        plan.phones = (0..<phones).map {
            PhoneAgent.Account(
                user: "agent\($0)",
                password: "pw",
                registrar: UserAgentsSwitchboard.address,
                media: SIPAddress(host: "10.0.0.2", port: 40_002)
            )
        }
        plan.talk = .fixed(.seconds(3))
        plan.patience = .fixed(.seconds(60))
        return plan
    }

    private func balance(_ figures: LoadFigures, _ comment: Comment) {
        #expect(figures.answered == figures.endedByCaller + figures.endedByAgent + figures.lost, comment)
        #expect(figures.offered == figures.answered + figures.abandoned + figures.failed, comment)
        #expect(figures.open == 0 && figures.talking == 0, comment)
    }

    @Test("Enough phones answer every call, and the figures add up")
    func allAnswered() {
        var stage = UserAgentsStage(plan(phones: 20, rate: 3, calls: 100), seed: 1)
        stage.start()
        stage.pass(.minutes(3))
        let figures = stage.run.figures
        #expect(stage.run.isFinished)
        #expect(figures.offered == 100)
        #expect(figures.answered == 100)
        #expect(figures.endedByCaller == 100)
        #expect(figures.phonesRegistered == 20)
        #expect(figures.collisions == 0)
        #expect(figures.answerWaits.count == 100)
        #expect(figures.answerWaits.longest >= .milliseconds(500))
        balance(figures, "all answered")
        stage.stop()
        stage.pass(.seconds(64))
        #expect(stage.run.figures.phonesRegistered == 0)
        #expect(stage.board.endpoint.load == (0, 0))
    }

    @Test("Too few phones: impatient callers give up, and none of it is counted twice")
    func impatient() {
        var plan = plan(phones: 2, rate: 5, calls: 100)
        plan.patience = .exponential(mean: .seconds(4))
        plan.callerHangsUpPercent = 0
        plan.habits.hangUpAfter = 1_000...4_000
        plan.habits.ignoredPercent = 20
        var stage = UserAgentsStage(plan, seed: 2)
        stage.start()
        stage.pass(.minutes(5))
        let figures = stage.run.figures
        #expect(stage.run.isFinished)
        #expect(figures.abandoned > 20)
        #expect(figures.answered > 5)
        #expect(figures.endedByAgent == figures.answered)
        balance(figures, "impatient")
    }

    @Test("On a lossy wire every call still ends once", arguments: Seeds.first(10))
    func lossy(seed: UInt64) {
        var plan = plan(phones: 5, rate: 2, calls: 40)
        plan.habits.refusedPercent = 10
        plan.callerHangsUpPercent = 50
        plan.habits.hangUpAfter = 2_000...9_000
        var stage = UserAgentsStage(plan, seed: seed)
        stage.lossPercent = 15
        stage.start()
        stage.pass(.minutes(8))
        #expect(stage.run.isFinished, "seed \(seed): \(stage.run.figures)")
        balance(stage.run.figures, "seed \(seed)")
        stage.lossPercent = 0
        stage.stop()
        stage.pass(.minutes(2))
        #expect(stage.board.endpoint.load == (0, 0), "seed \(seed)")
    }

    @Test("The bound on open calls holds, the rest is counted as skipped")
    func openBound() {
        var plan = plan(phones: 0, rate: 10, calls: 50)
        plan.openMax = 7
        var stage = UserAgentsStage(plan, seed: 4)
        stage.start()
        stage.pass(.seconds(20))
        #expect(stage.run.figures.open == 7)
        #expect(stage.run.figures.skipped == 43)
        stage.stop()
        #expect(stage.run.isFinished)
        #expect(stage.run.figures.abandoned == 7)
    }

    @Test("Even arrivals come at their rate, a duration ends the dialling")
    func evenArrivals() {
        var plan = plan(phones: 0, rate: 100, calls: 1)
        plan.callsMax = nil
        plan.isRandomArrival = false
        plan.duration = .seconds(2)
        plan.patience = .fixed(.milliseconds(100))
        var stage = UserAgentsStage(plan, seed: 5)
        stage.start()
        stage.pass(.seconds(10))
        #expect((199...201).contains(stage.run.figures.offered))
        #expect(stage.run.isFinished)
    }
}
