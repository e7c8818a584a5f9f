import ArgumentParser
import Foundation
import Kernel
import Simulation
import Site

/// What day to simulate: from a file, or an even one from the command line.
struct PlanDayOptions: ParsableArguments {
    @Option(help: "A YAML file that describes the day.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String?
    @Option(help: "Sites with their agents: north:20,east:15.")
    var sites: String?
    @Option(help: "Calls of all sites together, shared out by agents: 900/h.")
    var calls: CallRate?
    @Option(help: "Mean handling time in seconds.")
    var aht: Double?
    @Option(help: "Mean patience in seconds; default: nobody gives up.")
    var patience: Double?
    @Option(help: "The service level: 80/20.")
    var target: ServiceTarget?
    @Option(help: "When the day begins.")
    var from = "08:00"
    @Option(help: "When calls stop.")
    var to = "18:00"
    @Option(help: "The site that is lost.")
    var lose: String?
    @Option(help: "When it is lost.")
    var at: String?
    @Option(help: "Its agents work at other sites after so many seconds; default: they are gone.")
    var reconnect: Int64?

    init() {}

    func check() throws {
        if scenario != nil {
            guard sites == nil, calls == nil, aht == nil, patience == nil else {
                throw ValidationError("Give --scenario, or --sites with --calls and --aht, not both.")
            }
        } else {
            guard sites != nil, let aht, calls != nil else {
                throw ValidationError("Give --scenario, or --sites with --calls and --aht.")
            }
            guard aht > 0, aht <= 36_000 else { throw ValidationError("--aht must be above 0 and at most 36000 s.") }
            if let patience, !(patience > 0 && patience <= 36_000) {
                throw ValidationError("--patience must be above 0 and at most 36000 s.")
            }
            _ = try pairs()
        }
        for (name, text) in [("from", from), ("to", to), ("at", at ?? "00:00")]
        where PlanFile.timeOfDay(text) == nil {
            throw ValidationError("--\(name) is '\(text)'; it must be a time of day from 00:00 to 24:00.")
        }
        if let reconnect, !(0...86_400).contains(reconnect) {
            throw ValidationError("--reconnect must be 0 to 86400 s.")
        }
        if lose == nil, at != nil || reconnect != nil {
            if scenario == nil { throw ValidationError("--at and --reconnect need --lose.") }
        }
    }

    /// The day as planning takes it.
    func planned() throws -> PlanningScenario {
        do {
            var day: PlanningScenario
            if let scenario {
                day = try PlanningScenario(try PlanFile.load(path: scenario))
            } else {
                day = try evenDay()
            }
            if let lose { day.loss = try loss(of: lose, in: day) }
            if lose == nil, let time = at.flatMap(PlanFile.timeOfDay) { day.loss?.at = .seconds(Int64(time)) }
            if let reconnect { day.loss?.reconnectAfter = .seconds(reconnect) }
            if let target {
                day.threshold = .milliseconds(Int64(target.seconds * 1_000))
                day.target = target.percent / 100
            }
            return day
        } catch let error as ConfigurationError {
            throw CommandFailure(code: .data, message: error.description)
        }
    }

    private func loss(of name: String, in day: PlanningScenario) throws -> PlanningLoss {
        guard let site = day.sites.firstIndex(where: { $0.name.name == name }) else {
            let known = day.sites.map(\.name.name).joined(separator: ", ")
            throw CommandFailure(code: .data, message: "There is no site '\(name)' to lose; there are \(known).")
        }
        guard let time = at.flatMap(PlanFile.timeOfDay) ?? day.loss.map({ Int($0.at.milliseconds / 1_000) }) else {
            throw CommandFailure(code: .data, message: "Say when '\(name)' is lost: --at 10:00.")
        }
        var loss = PlanningLoss(site: site, at: .seconds(Int64(time)))
        loss.reconnectAfter = day.loss?.reconnectAfter
        return loss
    }

    private func pairs() throws -> [(SiteID, Int)] {
        try (sites ?? "").split(separator: ",", omittingEmptySubsequences: false).map { text in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let name = SiteID(String(parts[0])), let agents = Int(parts[1]),
                (1...Limits.planningAgentsMax).contains(agents)
            else { throw ValidationError("'\(text)' is no site with agents; write north:20.") }
            return (name, agents)
        }
    }

    private func evenDay() throws -> PlanningScenario {
        let pairs = try pairs()
        let begins = Span.seconds(Int64(PlanFile.timeOfDay(from) ?? 0))
        let ends = Span.seconds(Int64(PlanFile.timeOfDay(to) ?? 0))
        var day = PlanningScenario(
            sites: [],
            handling: .exponential(mean: .milliseconds(Int64((aht ?? 0) * 1_000))),
            begins: begins,
            ends: ends
        )
        day.patience = patience.map { .milliseconds(Int64($0 * 1_000)) }
        let all = Double(pairs.reduce(0) { $0 + $1.1 })
        let perInterval = (calls?.perSecond ?? 0) * day.interval.seconds
        day.sites = pairs.map { name, agents in
            PlanningSite(
                name: name,
                calls: Array(repeating: perInterval * Double(agents) / all, count: day.intervals),
                shifts: [PlanningShift(agents: agents, from: begins, to: ends)]
            )
        }
        return day
    }
}

extension PlanningScenario {
    /// Takes a day from its file.
    init(_ file: PlanFile) throws {
        let mean = Span.seconds(Int64(file.handling))
        self.init(
            sites: [],
            handling: file.deviation.map { .lognormal(mean: mean, deviation: .seconds(Int64($0))) }
                ?? .exponential(mean: mean),
            begins: .seconds(Int64(file.from)),
            ends: .seconds(Int64(file.to))
        )
        patience = file.patience.map { .seconds(Int64($0)) }
        threshold = .seconds(Int64(file.targetSeconds))
        target = Double(file.targetPercent) / 100
        latency = .milliseconds(Int64(file.latency))
        for site in file.sites {
            guard let name = SiteID(site.name) else {
                throw CommandFailure(
                    code: .data,
                    message: "'\(site.name)' is no name of a site: small letters, digits and '-'."
                )
            }
            sites.append(
                PlanningSite(
                    name: name,
                    calls: (0..<intervals).map { calls(of: site, in: $0) },
                    shifts: site.shifts.map {
                        PlanningShift(agents: $0.agents, from: .seconds(Int64($0.from)), to: .seconds(Int64($0.to)))
                    }
                )
            )
        }
        if let lost = file.loss {
            guard let index = sites.firstIndex(where: { $0.name.name == lost.site }) else {
                throw CommandFailure(code: .data, message: "'lose.site' is '\(lost.site)', which is none of the sites.")
            }
            var loss = PlanningLoss(site: index, at: .seconds(Int64(lost.at)))
            loss.reconnectAfter = lost.reconnectAfter.map { .seconds(Int64($0)) }
            self.loss = loss
        }
    }

    /// Calls expected in one interval: each entry's rate for as long as it covers the interval.
    private func calls(of site: PlanFile.Site, in index: Int) -> Double {
        let from = begins.seconds + Double(index) * interval.seconds
        let to = min(from + interval.seconds, ends.seconds)
        return site.calls.reduce(0) { sum, calls in
            let covered = max(0, min(to, Double(calls.to)) - max(from, Double(calls.from)))
            return sum + Double(calls.perHour) / 3_600 * covered
        }
    }
}
