import ContactCenter
import HTTPTypes
import Kernel

/// Who belongs to the cluster, and how far ops have got in it.
struct ClusterRoutes: Sendable {
    let gateway: any SiteGateway

    func add(to router: EndpointRouter) {
        router.on(.cluster) { _ in try .json(try await gateway.cluster()) }
        router.on(.decideMembership) { call in try await decide(call) }
        router.on(.acknowledgement) { call in try await acknowledgement(call) }
    }

    private func decide(_ call: Call) async throws -> Answer {
        var fields = try call.fields()
        let name = fields.require("site", fields.line("site"))
        let change = fields.require("change", fields.choice("change", MembershipWish.Change.self))
        let isForced = fields.bool("forced").value ?? false
        let site = name.flatMap { SiteID($0) }
        if name != nil, site == nil { fields.fail("site", "is no name of a site") }
        try fields.finish()
        guard let site, let change else { throw Problem.failed }
        let wish = MembershipWish(site: site, change: change, isForced: isForced)
        return try .json(try await gateway.decide(wish, by: call.session.actor), status: .created)
    }

    private func acknowledgement(_ call: Call) async throws -> Answer {
        var query = call.query()
        let wish = try query.acknowledgement(named: "level")
        try query.finish()
        guard let dot = Dot(text: try call.variable("dot")) else {
            throw Problem.notFound("That is no name of an op; it looks like north.1.42.")
        }
        return try .json(try await gateway.acknowledgement(of: dot, wish))
    }
}
