import Kernel

/// Who could serve what: holds a queue's demands against the agents there are.
struct StaffedSkills {
    private let agents: [Agent]
    private let skills: Set<String>

    init(_ agents: [Agent]) {
        self.agents = agents
        skills = Set(agents.flatMap { $0.skills.skills.map(\.name) })
    }

    /// What a queue asks for and nobody can give.
    func findings(_ queue: Queue) -> [RoutingFinding] {
        let about = FindingWriter(queue)
        var found = harder(queue, about)
        guard !agents.isEmpty else {
            let message = "There are no agents, so nobody can serve the queue \(queue.id)."
            return found + [about.finding(.noAgents, "requiredSkills", message)]
        }
        for skill in queue.requiredSkills.skills where !skills.contains(skill.name) {
            let message = "The queue \(queue.id) asks for \(skill.name), a skill that no agent has."
            found.append(about.finding(.unknownSkill, "requiredSkills", message, ["skill": skill.name]))
        }
        let fitting = agents.filter { $0.skills.satisfies(queue.requiredSkills) }
        if fitting.isEmpty {
            found.append(nobody(queue, about))
        } else {
            found += tiers(queue, among: fitting, about)
        }
        return found
    }

    /// A step that asks for more makes people wait longer who have waited long.
    private func harder(_ queue: Queue, _ about: FindingWriter) -> [RoutingFinding] {
        var before = queue.requiredSkills
        var found: [RoutingFinding] = []
        for (index, step) in queue.relaxation.enumerated() {
            if let more = before.firstGap(to: step.skills) {
                found.append(
                    about.finding(
                        .relaxationAsksMore,
                        "relaxation[\(index)].requiredSkills",
                        "After \(step.seconds) s the queue \(queue.id) asks for \(more), which it did not before.",
                        ["seconds": "\(step.seconds)", "skill": more.description]
                    )
                )
            }
            before = step.skills
        }
        return found
    }

    private func nobody(_ queue: Queue, _ about: FindingWriter) -> RoutingFinding {
        let relaxed = queue.relaxation.first { step in
            agents.contains { $0.skills.satisfies(step.skills) }
        }
        if let relaxed {
            return about.finding(
                .fitsOnlyRelaxed,
                "requiredSkills",
                "Nobody can serve the queue \(queue.id) until its demands relax after \(relaxed.seconds) s.",
                ["seconds": "\(relaxed.seconds)"]
            )
        }
        let demand = queue.requiredSkills
        let nearest = agents.map { (gap: gap($0, demand), agent: $0) }
            .min { ($0.gap, $0.agent.id) < ($1.gap, $1.agent.id) }
        let gaps = demand.skills.filter { (nearest?.agent.skills.level(of: $0.name) ?? 0) < $0.level }
            .map(\.description).joined(separator: ", ")
        let name = nearest?.agent.name ?? ""
        return about.finding(
            .noFittingAgent,
            "requiredSkills",
            "No agent has all that the queue \(queue.id) asks for. Nearest is \(name), who lacks \(gaps).",
            ["agent": name, "gaps": gaps]
        )
    }

    /// Levels that an agent lacks, added up.
    private func gap(_ agent: Agent, _ demand: SkillSet) -> Int {
        demand.skills.reduce(0) { $0 + max(0, Int($1.level) - Int(agent.skills.level(of: $1.name))) }
    }

    /// One finding for each range of tiers that no fitting agent is in, with the first case that asks for it.
    private func tiers(_ queue: Queue, among fitting: [Agent], _ about: FindingWriter) -> [RoutingFinding] {
        let present = Set(fitting.map(\.tier))
        let last = queue.relaxation.last { $0.tiers != nil }?.tiers
        if let last, present.contains(where: last.contains) { return [] }
        var told: Set<ClosedRange<AgentTier>> = []
        var found: [RoutingFinding] = []
        for severity in Severity.allCases {
            for customer in CustomerTier.allCases.reversed() {
                let range = queue.tiers.permitted(severity: severity, customer: customer)
                guard !present.contains(where: range.contains), told.insert(range).inserted else { continue }
                let tiers = TierTable.text(range)
                found.append(
                    about.finding(
                        .noAgentOfTier,
                        "tiers",
                        "No agent of tier \(tiers) fits the queue \(queue.id), as \(severity.name) trouble of "
                            + "\(customer.name) customers needs.",
                        ["tiers": tiers, "severity": severity.name, "customer": customer.name]
                    )
                )
            }
        }
        return found
    }
}
