import Kernel

extension PlanningScenario {
    /// What keeps the scenario from being simulated, in words for the person who wrote it; nil when all is well.
    package var problem: String? {
        if sites.isEmpty { return "There must be at least one site." }
        if sites.count > Limits.planningSitesMax { return "There are more than \(Limits.planningSitesMax) sites." }
        if Set(sites.map(\.name)).count < sites.count { return "Two sites have the same name." }
        if ends <= begins { return "The day ends before it begins." }
        if interval < .minutes(1) { return "An interval must be a minute or longer." }
        if intervals > Limits.planningIntervalsMax {
            return "The day has more than \(Limits.planningIntervalsMax) intervals."
        }
        if handling.mean <= .zero { return "The handling time must be longer than nothing." }
        if let patience, patience <= .zero { return "The patience must be longer than nothing." }
        if latency < .zero || latency > .seconds(1) { return "The latency must be 0 to 1000 ms." }
        return problemOfSites ?? problemOfLoss
    }

    private var problemOfSites: String? {
        var agents = 0
        var calls = 0.0
        for site in sites {
            if site.calls.contains(where: { !$0.isFinite || $0 < 0 }) {
                return "\(site.name): calls of an interval must be 0 or more."
            }
            if site.calls.count > intervals {
                return "\(site.name): \(site.calls.count) intervals with calls, but the day has \(intervals)."
            }
            calls += site.calls.reduce(0, +)
            for shift in site.shifts {
                if shift.agents < 0 { return "\(site.name): a shift must have 0 agents or more." }
                if shift.to <= shift.from { return "\(site.name): a shift ends before it begins." }
                agents += min(shift.agents, Limits.planningAgentsMax + 1)
            }
        }
        if agents > Limits.planningAgentsMax { return "There are more than \(Limits.planningAgentsMax) agents." }
        if agents == 0 { return "Nobody works: there must be at least one agent." }
        if calls > Double(Limits.planningCallsMax) { return "There are more than \(Limits.planningCallsMax) calls." }
        return nil
    }

    private var problemOfLoss: String? {
        guard let loss else { return nil }
        if !sites.indices.contains(loss.site) { return "The site that is lost is none of the sites." }
        if sites.count < 2 { return "When the only site is lost nothing is left to simulate." }
        if loss.at < begins || loss.at >= ends { return "The loss must happen during the day." }
        if loss.representAfter < .zero || loss.detectAfter < .zero || (loss.reconnectAfter ?? .zero) < .zero {
            return "Times of the loss must be 0 or more."
        }
        return nil
    }
}
