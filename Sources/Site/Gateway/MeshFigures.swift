import Kernel
import Mesh
import WebAPI

/// What the metrics say of the links to other sites, gathered on the loop.
struct MeshFigures: Sendable {
    private let sent: [String: UInt64]
    private let dropped: [String: UInt64]
    private let ignored: [String: UInt64]
    private let held: UInt64
    private let failures: [MeshTally.Line]
    private let links: [MeshLinkStatus]
    private let ends: [CoreShell.CertificateEnd]

    init(_ shell: CoreShell) {
        sent = shell.framesSent
        dropped = shell.framesDropped
        ignored = shell.framesIgnored
        held = shell.requests.heldCount
        failures = shell.mesh?.tally.lines ?? []
        links = shell.mesh?.status ?? []
        ends = shell.certificateEnds
    }

    func families(at now: WallTime) -> [MetricFamily] {
        [
            byLabel("tandem_mesh_frames_sent_total", "Frames handed to the links, by kind.", sent, "kind"),
            byLabel(
                "tandem_mesh_frames_dropped_total",
                "Frames that found no room on their link, by kind; they are repaired later.",
                dropped,
                "kind"
            ),
            byLabel(
                "tandem_mesh_frames_ignored_total",
                "Frames received that changed nothing, by reason.",
                ignored,
                "reason"
            ),
            MetricFamily(
                "tandem_mesh_requests_held_total",
                help: "Requests for ops that waited for room on the link.",
                kind: .counter,
                samples: [.init(Double(held))]
            ),
            MetricFamily(
                "tandem_mesh_link_failures_total",
                help: "Links refused, broken or not reached, by reason and by which end found it.",
                kind: .counter,
                samples: failures.map { line in
                    let by = line.isToldByPeer ? "peer" : "here"
                    return .init(Double(line.count), labels: ["reason": line.kind.rawValue, "by": by])
                }
            ),
            MetricFamily(
                "tandem_mesh_queued_bytes",
                help: "Bytes that wait to be sent to a site.",
                kind: .gauge,
                samples: links.map { .init(Double($0.queuedBytes), labels: ["peer": $0.site.name]) }
            ),
            MetricFamily(
                "tandem_certificate_days_left",
                help: "Days until a certificate in use runs out: this site's, its authority's, linked peers'.",
                kind: .gauge,
                samples: ends.map { end in
                    .init(Double((end.expiresAt - now).milliseconds) / 86_400_000, labels: ["holder": end.holder])
                }
            ),
        ]
    }

    private func byLabel(_ name: String, _ help: String, _ counts: [String: UInt64], _ label: String) -> MetricFamily {
        MetricFamily(
            name,
            help: help,
            kind: .counter,
            samples: counts.sorted { $0.key < $1.key }.map { .init(Double($0.value), labels: [label: $0.key]) }
        )
    }
}
