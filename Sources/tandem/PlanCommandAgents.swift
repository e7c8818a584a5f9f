import ArgumentParser
import Foundation
import Kernel
import Routing

/// `tandem plan agents`.
struct PlanAgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "How many agents a service level needs, and what a few more or fewer would do.",
        discussion: """
            By Erlang C, where callers wait as long as it takes; with --patience by Erlang A, where they give up. The \
            service level is the share of all calls that are answered in time. With --sites the same agents are also \
            shown split over sites that are not linked, each with its share of the calls: what pooling is worth.

            Examples:
              tandem plan agents --calls 240/h --aht 180 --target 80/20
              tandem plan agents --calls 12/m --aht 240 --target 90/10 --patience 120 --max-occupancy 85 --json
            """
    )

    @Option(help: "Calls that come: 240/h, 4/m or 0.1/s.")
    var calls: CallRate
    @Option(help: "Mean handling time in seconds: talking, hold and paperwork.")
    var aht: Double
    @Option(help: "Percent of all calls to answer within seconds: 80/20.")
    var target: ServiceTarget
    @Option(help: "Mean patience of callers in seconds; default: nobody gives up.")
    var patience: Double?
    @Option(help: "The most that agents may be busy, in percent.")
    var maxOccupancy = 100.0
    @Option(help: "Percent of paid time that goes to breaks, training, leave and illness.")
    var shrinkage = 0.0
    @Option(help: "Compare with so many sites that are not linked.")
    var sites = 1
    @Option(help: "Rows above and below the answer.")
    var rows = 4
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard aht > 0, aht <= 86_400 else { throw ValidationError("--aht must be above 0 and at most 86400 s.") }
        if let patience, !(patience > 0 && patience <= 86_400) {
            throw ValidationError("--patience must be above 0 and at most 86400 s.")
        }
        guard maxOccupancy > 0, maxOccupancy <= 100 else {
            throw ValidationError("--max-occupancy must be above 0 and at most 100.")
        }
        guard (0..<100).contains(shrinkage) else { throw ValidationError("--shrinkage must be 0 to below 100.") }
        guard (1...Limits.planningSitesMax).contains(sites) else {
            throw ValidationError("--sites must be 1 to \(Limits.planningSitesMax).")
        }
        guard (0...50).contains(rows) else { throw ValidationError("--rows must be 0 to 50.") }
    }

    func run() async throws {
        try await reporting {
            let all = demand(share: 1)
            let wanted = StaffingTarget(
                share: target.percent / 100,
                seconds: target.seconds,
                occupancyMax: maxOccupancy / 100
            )
            guard let needed = all.agentsNeeded(for: wanted) else {
                throw CommandFailure(
                    code: .failed,
                    message: "Not even \(Limits.erlangAgentsMax) agents reach this target."
                )
            }
            let apart = demand(share: 1 / Double(sites)).agentsNeeded(for: wanted).map { $0 * sites }
            if json {
                try Terminal.json(answer(needed, apart))
            } else {
                show(needed, apart)
            }
        }
    }

    private func demand(share: Double) -> StaffingDemand {
        StaffingDemand(
            arrivalsPerSecond: calls.perSecond * share,
            handlingSeconds: aht,
            patienceSeconds: patience
        )
    }

    private func figures(_ needed: Int) -> [StaffingFigures] {
        (max(1, needed - rows)...(needed + rows)).compactMap {
            StaffingFigures(demand(share: 1), agents: $0, within: target.seconds)
        }
    }

    private func show(_ needed: Int, _ apart: Int?) {
        let load = PlanText.fixed(demand(share: 1).load, 2)
        var lines = [
            "\(load) erlangs, \(patience == nil ? "Erlang C" : "Erlang A"): \(needed) agents answer "
                + "\(PlanText.fixed(target.percent, 0)) % of all calls within \(PlanText.fixed(target.seconds, 0)) s."
        ]
        if shrinkage > 0, let rostered = StaffingDemand.rostered(needed, shrinkage: shrinkage / 100) {
            lines.append("With \(PlanText.fixed(shrinkage, 0)) % shrinkage that is \(rostered) people on the roster.")
        }
        if sites > 1, let apart {
            let more = apart - needed
            lines.append("\(sites) sites that are not linked would need \(apart): \(more) more.")
        }
        lines.append("")
        var table = [["agents", "service level", "mean wait", "occupancy", "give up", ""]]
        for row in figures(needed) {
            table.append([
                "\(row.agents)", PlanText.percent(row.serviceLevel), PlanText.seconds(row.meanWait),
                PlanText.percent(row.occupancy), PlanText.percent(row.abandonment), row.agents == needed ? "<" : " ",
            ])
        }
        lines.append(PlanText.table(table))
        Terminal.say(lines.joined(separator: "\n"))
    }

    private func answer(_ needed: Int, _ apart: Int?) -> Answer {
        Answer(
            model: patience == nil ? "erlangC" : "erlangA",
            erlangs: demand(share: 1).load,
            agents: needed,
            rostered: StaffingDemand.rostered(needed, shrinkage: shrinkage / 100),
            agentsOfSitesApart: sites > 1 ? apart : nil,
            rows: figures(needed).map(Row.init)
        )
    }

    private struct Answer: Encodable {
        var model: String
        var erlangs: Double
        var agents: Int
        var rostered: Int?
        var agentsOfSitesApart: Int?
        var rows: [Row]
    }

    private struct Row: Encodable {
        var agents: Int
        var serviceLevel: Double
        var meanWaitSeconds: Double
        var occupancy: Double
        var abandonment: Double

        init(_ figures: StaffingFigures) {
            agents = figures.agents
            serviceLevel = figures.serviceLevel
            meanWaitSeconds = figures.meanWait
            occupancy = figures.occupancy
            abandonment = figures.abandonment
        }
    }
}
