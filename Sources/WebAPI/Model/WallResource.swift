/// How a site looks from the site that serves the page.
package enum SiteCondition: String, Codable, Hashable, Sendable, CaseIterable {
    /// The serving site.
    case itself = "self"
    /// Heard from in time.
    case up
    /// Overdue, not given up.
    case suspect
    /// Not heard from for longer than the bound.
    case unreachable
    /// Serves what it has and takes nothing new.
    case draining
}

/// How a link stands.
package enum LinkCondition: String, Codable, Hashable, Sendable, CaseIterable {
    /// Frames pass.
    case up
    /// No frames pass.
    case down
    /// Neither end can be asked.
    case unknown
}

/// Everything that the wall shows, of all sites.
package struct WallResource: Codable, Hashable, Sendable {
    /// When it was put together.
    package var asOf: Timestamp
    /// The site that put it together.
    package var servedBy: String
    /// All sites by name.
    package var sites: [WallSite]
    /// All links between sites.
    package var links: [WallLink]
    /// All queues, summed over the sites heard.
    package var queues: [WallQueue]
    /// All agents who are signed in, and stale ones.
    package var agents: [WallAgent]
    /// The teams with agents signed in, by name.
    package var teams: [WallGroup]
    /// The agents of each site, by site.
    package var staff: [WallGroup]
    /// All live contacts.
    package var contacts: [WallContact]
    /// The reasons for breaks that agents' states name.
    package var breaks: [DeskBreak]
    /// Of how many sites this tells.
    package var completeness: Completeness

    /// Puts one together.
    package init(
        asOf: Timestamp,
        servedBy: String,
        sites: [WallSite],
        links: [WallLink],
        queues: [WallQueue],
        agents: [WallAgent],
        teams: [WallGroup] = [],
        staff: [WallGroup] = [],
        contacts: [WallContact],
        breaks: [DeskBreak] = [],
        completeness: Completeness
    ) {
        self.asOf = asOf
        self.servedBy = servedBy
        self.sites = sites
        self.links = links
        self.queues = queues
        self.agents = agents
        self.teams = teams
        self.staff = staff
        self.contacts = contacts
        self.breaks = breaks
        self.completeness = completeness
    }
}

/// How many sites were heard in time.
package struct Completeness: Codable, Hashable, Sendable {
    /// Sites heard, the serving one included.
    package var heard: Int
    /// Sites of the cluster.
    package var of: Int

    /// Puts one together.
    package init(
        heard: Int,
        of: Int
    ) {
        self.heard = heard
        self.of = of
    }
}

/// A site on the wall.
package struct WallSite: Codable, Hashable, Sendable {
    /// The site.
    package var id: String
    /// Its display name.
    package var name: String
    /// How it looks from here.
    package var state: SiteCondition
    /// How old the news of it is, in milliseconds.
    package var ageMs: Int64
    /// Contacts waiting there.
    package var waiting: Int
    /// Agents who could take a contact.
    package var agentsReady: Int
    /// Agents with a contact or its paperwork.
    package var agentsBusy: Int
    /// Agents on a break or not responding.
    package var agentsNotReady: Int
    /// Where its pages are.
    package var url: String

    /// Puts one together.
    package init(
        id: String,
        name: String,
        state: SiteCondition,
        ageMs: Int64,
        waiting: Int,
        agentsReady: Int,
        agentsBusy: Int,
        agentsNotReady: Int,
        url: String
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.ageMs = ageMs
        self.waiting = waiting
        self.agentsReady = agentsReady
        self.agentsBusy = agentsBusy
        self.agentsNotReady = agentsNotReady
        self.url = url
    }
}

/// A link on the wall.
package struct WallLink: Codable, Hashable, Sendable {
    /// One end.
    package var from: String
    /// The other end.
    package var to: String
    /// How it stands.
    package var state: LinkCondition
    /// The round trip in milliseconds.
    @Nullable package var rttMs: Double?
    /// Since when it stands so.
    @Nullable package var since: Timestamp?

    /// Puts one together.
    package init(
        from: String,
        to: String,
        state: LinkCondition,
        rttMs: Double? = nil,
        since: Timestamp? = nil
    ) {
        self.from = from
        self.to = to
        self.state = state
        self.rttMs = rttMs
        self.since = since
    }
}

/// A queue on the wall.
package struct WallQueue: Codable, Hashable, Sendable {
    /// The queue.
    package var id: String
    /// Its display name.
    package var name: String
    /// Contacts waiting.
    package var waiting: Int
    /// The longest wait so far, in milliseconds.
    package var longestWaitMs: Int64
    /// Since when that contact waits.
    @Nullable package var longestSince: Timestamp?
    /// Skilled agents who are free.
    package var agentsReady: Int
    /// Skilled agents who are not.
    package var agentsBusy: Int
    /// Contacts answered since midnight UTC.
    package var answeredToday: Int
    /// Callers who gave up since midnight UTC.
    package var abandonedToday: Int
    /// Share answered in time, 0 to 1, who gave up in time left out; null before the first.
    @Nullable package var serviceLevel: Double?
    /// What the day came to, with every variant of the service level and each site's part.
    package var today: QueueFigures
    /// How long a contact that came now would probably wait; null when nobody who fits is signed in.
    @Nullable package var estimate: WallEstimate?
    /// How wrong the estimates were in the last hour.
    package var estimateErrors: WallEstimateErrors

    /// Puts one together.
    package init(
        id: String,
        name: String,
        waiting: Int,
        longestWaitMs: Int64,
        longestSince: Timestamp? = nil,
        agentsReady: Int,
        agentsBusy: Int,
        answeredToday: Int,
        abandonedToday: Int,
        serviceLevel: Double? = nil,
        today: QueueFigures = QueueFigures(),
        estimate: WallEstimate? = nil,
        estimateErrors: WallEstimateErrors = WallEstimateErrors()
    ) {
        self.id = id
        self.name = name
        self.waiting = waiting
        self.longestWaitMs = longestWaitMs
        self.longestSince = longestSince
        self.agentsReady = agentsReady
        self.agentsBusy = agentsBusy
        self.answeredToday = answeredToday
        self.abandonedToday = abandonedToday
        self.serviceLevel = serviceLevel
        self.today = today
        self.estimate = estimate
        self.estimateErrors = estimateErrors
    }
}
