import ContactCenter
import Kernel
import WebAPI

/// Live state for the fake site.
enum Samples {
    static let sites = [
        SiteResource(id: "north", name: "North", url: "http://127.0.0.1:8081", zone: "Europe/Oslo", state: .itself),
        SiteResource(id: "east", name: "East", url: "http://127.0.0.1:8082", zone: nil, state: .up),
    ]

    static func wall(at now: WallTime) -> WallResource {
        WallResource(
            asOf: Timestamp(now),
            servedBy: "north",
            sites: [],
            links: [],
            queues: [],
            agents: [],
            contacts: [
                WallContact(
                    id: "north-1-1",
                    queue: "billing",
                    site: "north",
                    callerNumber: "+4712345678",
                    state: "talking",
                    since: Timestamp(now),
                    agent: "anna",
                    agentSite: "north"
                )
            ],
            completeness: Completeness(heard: 2, of: 2)
        )
    }

    static func desk(_ agent: AgentID, at now: WallTime) -> DeskResource {
        DeskResource(
            agent: DeskAgent(
                id: agent.key,
                name: "Anna",
                site: "north",
                state: "ready",
                since: Timestamp(now),
                phone: .registered
            ),
            contacts: [
                DeskContact(
                    id: "north-7-1",
                    channel: "chat",
                    title: "No light on port 2",
                    queue: NamedResource(id: "billing", name: "Billing"),
                    callerNumber: "",
                    direction: "inbound",
                    state: "offered",
                    since: Timestamp(now),
                    stateExpiresAt: Timestamp(now),
                    originSite: "north",
                    agentSite: "north",
                    history: []
                )
            ],
            breaks: BreakReason.defaults.map(DeskBreak.init)
        )
    }

    static func status(at now: WallTime) -> SiteStatusResource {
        SiteStatusResource(
            site: "north",
            name: "North",
            state: "serving",
            version: "0.1.0",
            incarnation: 7,
            startedAt: Timestamp(now),
            uptimeMs: 0,
            peers: [],
            records: RecordsStatus(documents: 1, ops: 1, conflicts: 0, origins: ["north/1": 1], storeBytes: 4_096),
            agentsSignedIn: 0,
            phonesRegistered: 0,
            contactsLive: 0,
            eventStreams: 0
        )
    }
}
