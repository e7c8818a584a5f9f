import Synchronization
import HTTPTypes
import Kernel
import Testing
import WebAPI

@Suite("Cluster, checks and backups over the API")
struct ClusterRouteTests {
    @Test("The cluster is told with members, clocks and checks")
    func cluster() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.get, "/api/v1/cluster", as: "susan")
            #expect(reply["members.0.state"] == "active")
            #expect(reply["members.0.decision"] == "null")
            #expect(reply["health.clock.basis"] == "alone")
            #expect(reply["health.lag.east"] == "2")
        }
    }

    @Test("A decision is made, or refused with its sentence")
    func decisions() async throws {
        try await Harness().run { (site) async throws in
            func decide(_ body: String) async throws -> Reply {
                try await site.ask(.post, "/api/v1/cluster/decisions", as: "admin", body: body)
            }
            let drained = try await decide(#"{"site":"east","change":"drain"}"#)
            #expect(drained.status == 201)
            #expect(drained["number"] == "1" && drained["by"] == "admin")
            let refused = try await decide(#"{"site":"east","change":"suspend"}"#)
            #expect(refused.status == 409)
            #expect(refused["detail"] == "east was not suspended: 1 of 3 voters answered; 2 needed.")
            #expect(try await decide(#"{"site":"east","change":"suspend","forced":true}"#).status == 201)
            let asked = site.harness.gateway.state.withLock { $0.decisions.map(\.isForced) }
            #expect(asked == [false, true])
            let wrong = try await decide(#"{"site":"East!","change":"marry"}"#)
            #expect(wrong.status == 422)
            #expect(wrong.fieldsAtFault == ["change", "site"])
        }
    }

    @Test("A check is begun by an administrator, and its findings are read by supervisors")
    func verification() async throws {
        try await Harness().run { (site) async throws in
            let begun = try await site.ask(.post, "/api/v1/site/verification", as: "admin")
            #expect(begun.status == 202)
            #expect(begun["rounds"] == "2")
            #expect(site.harness.gateway.state.withLock { $0.verifications } == 1)
            let found = try await site.ask(.get, "/api/v1/site/verification", as: "susan")
            #expect(found["damagedOps"] == "0 items")
        }
    }

    @Test("A backup has a name or gets one")
    func backup() async throws {
        try await Harness().run { (site) async throws in
            let named = try await site.ask(.post, "/api/v1/site/backups", as: "admin", body: #"{"name":"before-1-2"}"#)
            #expect(named.status == 202)
            #expect(named["name"] == "before-1-2")
            #expect(try await site.ask(.post, "/api/v1/site/backups", as: "admin").status == 202)
            #expect(site.harness.gateway.state.withLock { $0.backups } == ["before-1-2", "north-now"])
            #expect(try await site.ask(.get, "/api/v1/site/backups", as: "susan")["folder"] == "/var/backups")
        }
    }

    @Test(
        "What is no name of a backup is refused",
        arguments: ["../x", "/etc/passwd", "A", "a.b", "-x", "a b", "ä", String(repeating: "a", count: 65)]
    )
    func badName(name: String) async throws {
        try await Harness().run { (site) async throws in
            let reply = try await site.ask(.post, "/api/v1/site/backups", as: "admin", body: #"{"name":"\#(name)"}"#)
            #expect(reply.status == 422)
            #expect(reply.fieldsAtFault == ["name"])
            #expect(site.harness.gateway.state.withLock { $0.backups.isEmpty })
        }
    }
}
