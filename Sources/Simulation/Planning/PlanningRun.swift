import Kernel

/// One simulated day of a planned contact centre.
package struct PlanningRun: Sendable {
    private var model: PlanningModel

    /// Prepares a day; equal seeds give equal days, and the same callers also when only a loss differs.
    package init(_ scenario: PlanningScenario, seed: UInt64) {
        model = PlanningModel(scenario, seed: seed)
    }

    /// Runs to the end of the day; an unsound scenario (see `PlanningScenario.problem`) gives an empty day.
    package mutating func run() -> PlanningResult {
        guard model.scenario.problem == nil else { return model.result }
        while model.step() {}
        model.close()
        return model.result
    }
}
