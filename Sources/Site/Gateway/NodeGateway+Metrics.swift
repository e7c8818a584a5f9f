import ContactCenter
import Kernel
import SiteCore
import Transport
import WebAPI

extension NodeGateway {
    func metrics() async -> [MetricFamily] {
        guard let status = try? await status(), let seen = try? await core.ask({ (view: $0.view, alarms: $0.alarms) })
        else { return [] }
        let load = core.loop.takeLoad()
        return [
            MetricFamily(
                "tandem_up_seconds",
                help: "Since when the site runs.",
                kind: .gauge,
                samples: [
                    .init(Double(status.uptimeMs) / 1_000)
                ]
            ),
            MetricFamily(
                "tandem_documents",
                help: "Documents on disk.",
                kind: .gauge,
                samples: [
                    .init(Double(status.records.documents))
                ]
            ),
            MetricFamily(
                "tandem_ops_total",
                help: "Ops in the log.",
                kind: .counter,
                samples: [
                    .init(Double(status.records.ops))
                ]
            ),
            MetricFamily(
                "tandem_conflicts_open",
                help: "Overwritten values that wait for a decision.",
                kind: .gauge,
                samples: [.init(Double(status.records.conflicts))]
            ),
            MetricFamily(
                "tandem_store_bytes",
                help: "Size of the database.",
                kind: .gauge,
                samples: [
                    .init(Double(status.records.storeBytes))
                ]
            ),
            MetricFamily(
                "tandem_phones_registered",
                help: "Agents' phones registered here.",
                kind: .gauge,
                samples: [
                    .init(Double(status.phonesRegistered))
                ]
            ),
            MetricFamily(
                "tandem_alarms_total",
                help: "Alarms since the start; each is in the log.",
                kind: .counter,
                samples: [.init(Double(seen.alarms))]
            ),
            MetricFamily(
                "tandem_loop_longest_turn_seconds",
                help: "Longest turn of the core's loop since the last look.",
                kind: .gauge,
                samples: [.init(Double(load.longestTurnNanoseconds) / 1_000_000_000)]
            ),
            MetricFamily(
                "tandem_link_up",
                help: "Whether the direct link to a site is up.",
                kind: .gauge,
                samples: status.peers.map { .init($0.link == .up ? 1 : 0, labels: ["peer": $0.site]) }
            ),
            MetricFamily(
                "tandem_peer_ops_behind",
                help: "Ops that a peer lacks of ours, as far as known.",
                kind: .gauge,
                samples: status.peers.map { .init(Double($0.opsAhead), labels: ["peer": $0.site]) }
            ),
        ] + queueMetrics(seen.view) + agentMetrics(seen.view)
    }

    private func queueMetrics(_ view: SiteView) -> [MetricFamily] {
        func family(_ name: String, _ help: String, _ value: (SiteView.QueueRow) -> Int) -> MetricFamily {
            MetricFamily(
                name,
                help: help,
                kind: .gauge,
                samples: view.queues.map { .init(Double(value($0)), labels: ["queue": $0.id.key]) }
            )
        }
        return [
            family("tandem_queue_waiting", "Contacts waiting at all sites heard from.") { $0.waiting },
            family("tandem_queue_answered_today", "Contacts answered today (UTC), all sites.") { $0.answeredToday },
            family("tandem_queue_abandoned_today", "Contacts abandoned today (UTC), all sites.") { $0.abandonedToday },
        ]
    }

    private func agentMetrics(_ view: SiteView) -> [MetricFamily] {
        let here = view.agents.filter { $0.site == configuration.site }
        let states = Dictionary(grouping: here, by: \.state.kind.name).mapValues(\.count)
        return [
            MetricFamily(
                "tandem_agents",
                help: "Agents signed in here, by state.",
                kind: .gauge,
                samples: states.sorted { $0.key < $1.key }.map { .init(Double($0.value), labels: ["state": $0.key]) }
            )
        ]
    }
}
