import HTTPTypes
import Kernel

/// The sites, and for machines: health, readiness, figures.
struct SiteRoutes: Sendable {
    let services: WebServices
    private var gateway: any SiteGateway { services.gateway }

    init(services: WebServices) {
        self.services = services
    }

    func add(to router: EndpointRouter) {
        router.on(.sites) { _ in try .json(ListResource(items: try await gateway.sites())) }
        router.on(.siteStatus) { _ in
            var status = try await gateway.status()
            status.eventStreams = services.live.streams
            return try .json(status)
        }
        router.on(.siteLink) { call in try await setLink(call) }
        router.open(.health) { _ in try .json(["status": "ok"]) }
        router.open(.readiness) { _ in
            let readiness = await gateway.readiness()
            return try .json(readiness, status: readiness.ready ? .ok : .serviceUnavailable)
        }
        router.open(.metrics) { _ in
            let families = await gateway.metrics() + services.counters.families() + services.live.families()
            return .text(MetricsText.write(families), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private func setLink(_ call: Call) async throws -> Answer {
        let peer = try call.variable("peer")
        var fields = try call.fields()
        let cut = fields.require("cut", fields.bool("cut"))
        try fields.finish()
        guard let cut else { throw Problem.failed }
        guard peer != services.configuration.site.name,
            try await gateway.sites().contains(where: { $0.id == peer })
        else { throw Problem.notFound("There is no link to a site \(peer) here.") }
        try await gateway.setLink(to: peer, cut: cut)
        return try .json(LinkResource(peer: peer, cut: cut))
    }

    private struct LinkResource: Encodable {
        var peer: String
        var cut: Bool
    }
}
