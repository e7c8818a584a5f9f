import ContactCenter
import Kernel
import SiteCore
import Transport
import WebAPI

extension NodeGateway {
    func metrics() async -> [MetricFamily] {
        guard let status = try? await status(),
            let seen = try? await core.ask({ (view: $0.view, alarms: $0.alarms, sip: $0.machine.telephoneLoad) }),
            let mesh = try? await core.ask({ MeshFigures($0) })
        else { return [] }
        let longest = Double(core.loop.takeLoad().longestTurnNanoseconds) / 1_000_000_000
        let records = status.records
        return [
            gauge("tandem_up_seconds", "For how long the site runs.", Double(status.uptimeMs) / 1_000),
            gauge("tandem_documents", "Documents on disk.", Double(records.documents)),
            counter("tandem_ops_total", "Ops in the log.", Double(records.ops)),
            gauge("tandem_conflicts_open", "Overwritten values that wait for a decision.", Double(records.conflicts)),
            gauge("tandem_store_bytes", "Size of the database.", Double(records.storeBytes)),
            gauge("tandem_phones_registered", "Agents' phones registered here.", Double(status.phonesRegistered)),
            gauge("tandem_sip_legs", "Legs of calls that are up.", Double(seen.sip.legs)),
            gauge("tandem_sip_transactions", "SIP transactions, and those just over.", Double(seen.sip.transactions)),
            counter("tandem_alarms_total", "Alarms since the start; each is in the log.", Double(seen.alarms)),
            gauge("tandem_loop_longest_turn_seconds", "Longest turn of the core's loop since the last look.", longest),
        ] + mesh.families(at: core.loop.now.wall) + linkMetrics(status) + queueMetrics(seen.view)
            + agentMetrics(seen.view)
    }

    private func gauge(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily(name, help: help, kind: .gauge, samples: [.init(value)])
    }

    private func counter(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily(name, help: help, kind: .counter, samples: [.init(value)])
    }

    private func linkMetrics(_ status: SiteStatusResource) -> [MetricFamily] {
        [
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
        ]
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
