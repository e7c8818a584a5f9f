import ContactCenter
import Kernel
import Replication
import Routing

/// What the wall shows of each queue: who waits, who could serve, and the figures of the day with their parts.
extension SiteMachine {
    func queueRows(
        _ agents: [SiteView.AgentRow],
        _ contacts: [SiteView.ContactRow],
        at now: Moment
    ) -> [SiteView.QueueRow] {
        let today = DayFigures.day(of: now.wall)
        var parts: [QueueID: [(SiteView.QueuePart, other: Int64)]] = [:]
        for entry in presence.entries(kind: PresenceKind.statistics, at: now.instant) {
            guard let part = DayFigures(fields: entry.fields), part.day == today else { continue }
            let row = SiteView.QueuePart(
                site: entry.site,
                age: entry.site == site ? .zero : entry.age,
                isStale: entry.site != site && entry.isStale,
                counts: part.counts
            )
            parts[QueueID(entry.key.id), default: []].append((row, part.other))
        }
        let waiting = Dictionary(
            grouping: contacts.filter { $0.state == .waiting || $0.state == .offered },
            by: \.queue
        )
        var copy = self
        return directory.queues.values.map { queue in
            let waiting = waiting[queue.id] ?? []
            let able = agents.filter { row in
                guard let record = directory.agents[row.id] else { return false }
                return record.skills.satisfies(queue.requiredSkills)
            }
            let own = parts[queue.id] ?? []
            return SiteView.QueueRow(
                id: queue.id,
                name: queue.name,
                waiting: waiting.count,
                longestSince: waiting.map(\.since).min(),
                agentsReady: able.count { $0.state == .ready },
                agentsBusy: able.count { $0.state.kind.isBusy },
                counts: own.reduce(QueueStatistics()) { $0 + $1.0.counts },
                otherToday: Int(clamping: own.reduce(0) { $0 + $1.other }),
                overdue: waiting.count { now.wall - $0.since > queue.serviceLevel },
                estimate: copy.estimate(entering: queue, at: now),
                estimateErrors: estimator.errors(of: queue.id, at: now.instant),
                parts: own.map(\.0).sorted { $0.site < $1.site }
            )
        }
        .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }
}
