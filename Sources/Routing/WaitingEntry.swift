import ContactCenter
import Kernel

extension WaitingRoom {
    /// A recent refusal by an agent's site.
    struct Exclusion: Hashable, Sendable {
        let fence: LoginFence
        let version: UInt64

        /// True while nothing newer is known of the agent.
        func covers(_ view: AgentView) -> Bool { fence == view.fence && view.version <= version }
    }

    /// A contact in the room, and where it is filed.
    struct Entry: Sendable {
        var waiting: WaitingContact
        var rank: ServiceRank
        /// True while an agent is being asked or rings: it keeps its rank but nobody else may take it.
        var isOffered = false
        /// How many of its steps are in force.
        var step = 0
        /// True while it waits for its last agent, and only she may take it.
        var isHeld = false
        /// True once it no longer waits for its last agent, or never did.
        var isPatienceOver = true
        /// When `step` or `isPatienceOver` changes next, in Unix milliseconds: its place among the dues.
        var due: Int64?
        var exclusions: [AgentID: Exclusion] = [:]
        /// Refusals in a row.
        var refusals = 0
        var pausedUntil: Instant?

        init(_ waiting: WaitingContact) {
            self.waiting = waiting
            rank = ServiceRank(waiting)
            isPatienceOver = waiting.lastAgent == nil || waiting.affinity <= .zero
        }

        /// What an agent must bring now.
        var requirement: Requirement {
            step > 0 && step <= waiting.steps.count ? waiting.steps[step - 1].requirement : waiting.requirement
        }

        /// The order in which it stands while anybody may take it.
        var order: OrderKey {
            OrderKey(requirement: requirement, cost: waiting.cost, only: waiting.onlyThere ? waiting.sites : [])
        }

        /// Follows the time: which step is in force, whether patience is over, and when that changes next.
        ///
        /// A step once reached stays, should the wall clock be set back.
        mutating func follow(_ wall: Int64?) {
            let since = waiting.since.milliseconds
            if let wall {
                while step < waiting.steps.count, since + waiting.steps[step].after.milliseconds <= wall { step += 1 }
                if since + waiting.affinity.milliseconds <= wall { isPatienceOver = true }
            }
            due = step < waiting.steps.count ? since + waiting.steps[step].after.milliseconds : nil
            if !isPatienceOver {
                let end = since + waiting.affinity.milliseconds
                due = min(due ?? end, end)
            }
        }
    }

    /// Contacts that the same agents may take stand in one order.
    struct OrderKey: Hashable, Sendable {
        let requirement: Requirement
        let cost: Int
        /// The sites whose agents alone may serve; empty for all.
        let only: [SiteID]

        func admits(_ view: AgentView) -> Bool {
            view.takes(cost: cost) && (only.isEmpty || only.contains(view.site))
                && requirement.admits(tier: view.tier, skills: view.skills)
        }
    }

    struct Arrival: Hashable, Comparable, Sendable {
        let since: Int64
        let contact: ContactID

        static func < (left: Arrival, right: Arrival) -> Bool {
            (left.since, left.contact) < (right.since, right.contact)
        }
    }

    struct Line: Sendable {
        var service = OrderedIndex<ServiceRank>()
        var arrival = OrderedIndex<Arrival>()
    }

    /// When something of a contact changes by itself.
    struct Due: Hashable, Comparable, Sendable {
        let at: Int64
        let contact: ContactID

        static func < (left: Due, right: Due) -> Bool {
            (left.at, left.contact) < (right.at, right.contact)
        }
    }
}
