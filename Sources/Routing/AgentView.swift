package import ContactCenter
package import Kernel

/// One login of an agent: a later one, wherever it is, is greater and makes the earlier void.
///
/// The epoch is the time of the login in Unix milliseconds, or one above the highest that was seen, if that is more;
/// for two sites that could not see each other and granted the same one, the site's name decides.
package struct LoginFence: Hashable, Comparable, Sendable {
    /// Grows with each login of this agent.
    package let epoch: UInt64
    /// Where the agent is logged in.
    package let site: SiteID

    /// Makes a fence.
    package init(epoch: UInt64, site: SiteID) {
        self.epoch = epoch
        self.site = site
    }

    /// Orders by epoch, then site.
    package static func < (left: LoginFence, right: LoginFence) -> Bool {
        (left.epoch, left.site) < (right.epoch, right.site)
    }
}

/// What routing knows of one logged-in agent: the truth at the agent's own site, a hint everywhere else.
package struct AgentView: Hashable, Sendable {
    /// Who.
    package var agent: AgentID
    /// The name that people see.
    package var name: String
    /// The login that this is about; its site is where the agent is.
    package var fence: LoginFence
    /// What the agent is doing.
    package var state: AgentState
    /// Since when; the idle time of a free agent counts from here.
    package var since: WallTime
    /// Experience.
    package var tier: AgentTier
    /// Skills with levels.
    package var skills: SkillSet
    /// Time on contacts today: talking, hold and wrap-up, at whichever site.
    package var handlingToday: Span
    /// Contacts answered today.
    package var contactsToday: Int
    /// Time ready with nothing in hand today, up to the last change.
    package var idleToday: Span
    /// The contact that the agent is reserved for or busy with.
    package var contact: ContactID?
    /// The queue of that contact.
    package var queue: QueueID?
    /// Whether the agent takes a further contact beside those in hand, if it fits; false when nothing fits.
    package var isOpen: Bool
    /// Points of capacity that contacts in hand and promises take, of `Channel.fullCapacity`.
    package var occupied: Int
    /// Counts changes of this agent's state at its site; a refusal is good until this grows.
    package var version: UInt64

    /// Makes a view.
    package init(
        agent: AgentID,
        name: String,
        fence: LoginFence,
        state: AgentState,
        since: WallTime,
        tier: AgentTier,
        skills: SkillSet,
        handlingToday: Span = .zero,
        contactsToday: Int = 0,
        idleToday: Span = .zero,
        contact: ContactID? = nil,
        queue: QueueID? = nil,
        isOpen: Bool? = nil,
        occupied: Int? = nil,
        version: UInt64 = 0
    ) {
        self.agent = agent
        self.name = name
        self.fence = fence
        self.state = state
        self.since = since
        self.tier = tier
        self.skills = skills
        self.handlingToday = handlingToday
        self.contactsToday = contactsToday
        self.idleToday = idleToday
        self.contact = contact
        self.queue = queue
        self.isOpen = isOpen ?? Self.isOpen(in: state)
        self.occupied = occupied ?? Self.occupied(in: state)
        self.version = version
    }

    /// True when a further contact of this cost fits.
    package func takes(cost: Int) -> Bool { isOpen && occupied + cost <= Channel.fullCapacity }

    /// Whether an agent in this state takes contacts, when nothing else is said.
    static func isOpen(in state: AgentState) -> Bool { state == .ready }

    /// What an agent in this state has in hand, when nothing else is said.
    static func occupied(in state: AgentState) -> Int { state.kind.isBusy ? Channel.fullCapacity : 0 }

    /// Where the agent is logged in.
    package var site: SiteID { fence.site }
}
