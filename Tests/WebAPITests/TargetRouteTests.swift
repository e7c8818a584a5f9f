import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("Whom a call can be passed on to")
struct TargetRouteTests {
    private func agent(_ id: String, _ name: String, _ state: String = "ready", stale: Bool = false) -> WallAgent {
        let since = Timestamp(WallTime(milliseconds: 5_000))
        return WallAgent(
            id: id,
            name: name,
            site: "north",
            state: state,
            since: since,
            ageMs: stale ? 60_000 : 40,
            stale: stale,
            handlingTodayMs: 0
        )
    }

    private func queue(_ id: String, _ name: String, waiting: Int = 0) -> WallQueue {
        WallQueue(
            id: id,
            name: name,
            waiting: waiting,
            longestWaitMs: 0,
            agentsReady: 0,
            agentsBusy: 0,
            answeredToday: 0,
            abandonedToday: 0
        )
    }

    private func fill(_ site: Site) {
        site.harness.gateway.state.withLock { state in
            state.wallAgents = [
                agent("anna", "Anna"), agent("bo", "Bo Stale", stale: true), agent("carl", "Carl Berg", "talking"),
                agent("dora", "Dora Berg"), agent("emil", "\u{C9}mil \u{5F20}"),
            ]
            state.wallQueues = [queue("billing", "Billing", waiting: 3), queue("night", "Night desk")]
        }
    }

    @Test("Free agents come first, overdue ones last, oneself not at all")
    func order() async throws {
        try await Harness().run { (site) async throws in
            fill(site)
            let all = try await site.ask(.get, "/api/v1/desk/targets")
            #expect(all.status == 200, "\(all.text)")
            let ids = (0..<5).compactMap { all["agents.\($0).id"] }
            #expect(ids == ["dora", "emil", "carl", "bo"])
            #expect(all["agents.2.state"] == "talking" && all["agents.2.site"] == "north")
            #expect(all["agents.3.ageMs"] == "60000" && all["agents.0.team"] == "null")
            #expect(all["queues.0.waiting"] == "3" && all["queues"] == "2 items")
        }
    }

    @Test(
        "Each word that is typed narrows by name or login, whatever its case",
        arguments: [
            ("berg", ["dora", "carl"], 0), ("BERG%20car", ["carl"], 0), ("%E5%BC%A0", ["emil"], 0), ("bill", [], 1),
            ("desk", [], 1), ("nobody", [], 0), ("do", ["dora"], 0),
        ]
    )
    func search(text: String, agents: [String], queues: Int) async throws {
        try await Harness().run { (site) async throws in
            fill(site)
            let found = try await site.ask(.get, "/api/v1/desk/targets?q=\(text)")
            #expect((0..<5).compactMap { found["agents.\($0).id"] } == agents)
            #expect(found["queues"] == "\(queues) items")
        }
    }

    @Test("There are 20 of each at most; a long or unknown parameter is refused")
    func bounds() async throws {
        try await Harness().run { (site) async throws in
            site.harness.gateway.state.withLock { state in
                state.wallAgents = (0..<30).map { agent("a\($0)", "A \($0)") }
                state.wallQueues = (0..<30).map { queue("q\($0)", "Q \($0)") }
            }
            let all = try await site.ask(.get, "/api/v1/desk/targets?q=")
            #expect(all["agents"] == "20 items" && all["queues"] == "20 items")
            let long = String(repeating: "x", count: 101)
            #expect(try await site.ask(.get, "/api/v1/desk/targets?q=\(long)").fieldsAtFault == ["q"])
            #expect(try await site.ask(.get, "/api/v1/desk/targets?p=1").fieldsAtFault == ["p"])
        }
    }

    @Test("A queue whose calendar is closed says so; without one it is always open")
    func closed() async throws {
        try await Harness().run { (site) async throws in
            let never = #"{"name":"Never","zone":"UTC"}"#
            let calendar = try await site.ask(.put, "/api/v1/calendars/never", as: "admin", body: never)
            #expect(calendar.status == 201, "\(calendar.text)")
            let night = #"{"name":"Night desk","calendar":"never"}"#
            let made = try await site.ask(.put, "/api/v1/queues/night", as: "admin", body: night)
            #expect(made.status == 201, "\(made.text)")
            _ = try await site.ask(.put, "/api/v1/queues/billing", as: "admin", body: #"{"name":"Billing"}"#)
            fill(site)
            let all = try await site.ask(.get, "/api/v1/desk/targets")
            #expect(["1", "true"].contains(all["queues.0.open"] ?? ""))
            #expect(["0", "false"].contains(all["queues.1.open"] ?? ""))
        }
    }
}
