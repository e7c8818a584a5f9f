import ContactCenter
import Kernel
import Routing
import Testing

/// Sites, agents and contacts as the tests of this module need them.
enum Fixture {
    static let north = site("north")
    static let east = site("east")
    static let south = site("south")
    static let sites = [north, east, south]

    static func site(_ name: String) -> SiteID {
        guard let site = SiteID(name) else { preconditionFailure("bad site name \(name)") }
        return site
    }

    static func skills(_ texts: String...) -> SkillSet { SkillSet(texts.compactMap { Skill($0) }) }

    static func at(_ milliseconds: Int64) -> Moment {
        Moment(
            instant: Instant(milliseconds: milliseconds),
            wall: WallTime(milliseconds: 1_700_000_000_000 + milliseconds)
        )
    }

    static func profile(_ key: String, tier: AgentTier = .consultant, skills: SkillSet = .none) -> AgentProfile {
        AgentProfile(agent: AgentID(key), name: key, tier: tier, skills: skills)
    }

    static func view(
        _ key: String,
        site: SiteID = north,
        state: AgentState = .ready,
        since: Int64 = 0,
        tier: AgentTier = .consultant,
        skills: SkillSet = .none,
        handling: Int64 = 0,
        contacts: Int = 0,
        version: UInt64 = 1
    ) -> AgentView {
        AgentView(
            agent: AgentID(key),
            name: key,
            fence: LoginFence(epoch: 1, site: site),
            state: state,
            since: at(since).wall,
            tier: tier,
            skills: skills,
            handlingToday: .milliseconds(handling),
            contactsToday: contacts,
            version: version
        )
    }

    static func waiting(
        _ number: UInt64,
        site: SiteID = north,
        queue: QueueDefinition = QueueDefinition(id: QueueID("sales")),
        since: Int64 = 0,
        severity: Severity = .normal,
        tier: CustomerTier = .standard,
        score: Int = 0,
        channel: Channel = .voice,
        lastAgent: AgentID? = nil
    ) -> WaitingContact {
        WaitingContact(
            contact: ContactID(site: site, incarnation: 1, counter: number),
            site: site,
            queue: queue,
            since: at(since).wall,
            severity: severity,
            customerTier: tier,
            score: score,
            lastAgent: lastAgent,
            channel: channel
        )
    }

    static func router(_ views: [AgentView] = [], reachable: [SiteID] = sites, at now: Int64 = 0) -> Router {
        var router = Router(site: north)
        for site in sites {
            let isReachable = reachable.contains(site)
            router.agents.update(site, SiteKnowledge(isReachable: isReachable, heardAt: at(now).instant))
        }
        for view in views { router.agents.upsert(view) }
        return router
    }

    static func offer(_ number: UInt64, wrapUp: Span = .seconds(30)) -> ContactOffer {
        ContactOffer(
            contact: ContactID(site: north, incarnation: 1, counter: number),
            queue: QueueID("sales"),
            ringTime: .seconds(15),
            wrapUp: wrapUp
        )
    }
}

/// A book with one ready agent whose phone is registered.
struct OneAgentBook {
    static let agent = AgentID("ann")
    var book = AgentBook(site: Fixture.north)
    var fence: LoginFence

    init(at now: Int64 = 0) throws {
        _ = try book.signIn(Fixture.profile("ann"), phoneRegistered: true, at: Fixture.at(now))
        _ = try book.setReady(Self.agent, at: Fixture.at(now))
        fence = try #require(book.view(of: Self.agent)).fence
    }

    var state: AgentState? { book.view(of: Self.agent)?.state }

    mutating func reserve(_ number: UInt64, wrapUp: Span = .seconds(30), at now: Int64) throws -> Reservation {
        try book.reserve(Self.agent, fence: fence, for: Fixture.offer(number, wrapUp: wrapUp), at: Fixture.at(now))
            .reservation
    }
}
