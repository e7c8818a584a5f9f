import ContactCenter
import Kernel

/// Whom a call can be passed on to, for a dialog that searches while one types.
struct TargetRoutes: Sendable {
    let gateway: any SiteGateway
    let site: SiteID
    let clock: WebClock

    func add(to router: EndpointRouter) {
        router.on(.deskTargets) { call in
            var query = call.query()
            let text = query.text("q", max: Limits.deskTargetQueryBytesMax) ?? ""
            try query.finish()
            return try .json(try await targets(text, but: call.session.agent))
        }
    }

    private func targets(_ text: String, but own: AgentID?) async throws -> TargetsResource {
        let wall = try await gateway.wall()
        let search = TargetSearch(text)
        let agents = search.agents(wall.agents.filter { $0.id != own?.key })
        let queues = search.queues(wall.queues)
        var teams: [String: String] = [:]
        for agent in agents { teams[agent.id] = try await gateway.agent(AgentID(agent.id))?.team }
        let open = try await openQueues(Set(queues.map(\.id)))
        return TargetsResource(
            agents: agents.map { AgentTarget($0, team: teams[$0.id]) },
            queues: queues.map { QueueTarget($0, isOpen: open.contains($0.id)) }
        )
    }

    /// The queues, of these, that take calls at this site now; one without a calendar always does.
    private func openQueues(_ keys: Set<String>) async throws -> Set<String> {
        let now = clock.wall()
        var open: Set<String> = []
        for queue in try await gateway.documents(of: Schema.queue).compactMap({ Queue($0) })
        where keys.contains(queue.id.key) {
            let named = queue.siteCalendars.first { $0.site == site }?.calendar ?? queue.calendar
            guard let named, let document = try await gateway.document(named.documentID),
                let calendar = ContactCenter.Calendar(document),
                let zone = try await gateway.zone(calendar.zone, at: now)
            else {
                open.insert(queue.id.key)
                continue
            }
            if calendar.isOpen(at: now, zone: zone) { open.insert(queue.id.key) }
        }
        return open
    }
}

/// Finds agents and queues by what is typed: a part of the name or the login, whatever its case.
struct TargetSearch {
    private let words: [String]

    init(_ text: String) {
        words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Those that fit, the free ones first, then by name.
    func agents(_ all: [WallAgent]) -> [WallAgent] {
        let found = all.filter { fits($0.name, $0.id) && $0.state != "loggedOut" }
        return Array(found.sorted { order($0) < order($1) }.prefix(Limits.deskTargetsMax))
    }

    /// Those that fit, by name.
    func queues(_ all: [WallQueue]) -> [WallQueue] {
        let found = all.filter { fits($0.name, $0.id) }
        return Array(found.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.prefix(Limits.deskTargetsMax))
    }

    private func fits(_ name: String, _ id: String) -> Bool {
        let names = [name.lowercased(), id.lowercased()]
        return words.allSatisfy { word in names.contains { $0.contains(word) } }
    }

    private func order(_ agent: WallAgent) -> (Int, String, String) {
        let isFree = agent.state == "ready" && !agent.stale
        return (isFree ? 0 : agent.stale ? 2 : 1, agent.name, agent.id)
    }
}
