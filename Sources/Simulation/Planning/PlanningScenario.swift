package import Kernel

/// A day of a contact centre as planning simulates it: who calls, who works, and what is lost.
package struct PlanningScenario: Hashable, Sendable {
    /// The sites.
    package var sites: [PlanningSite]
    /// How long an agent is busy with a contact: talking, hold and paperwork.
    package var handling: HandlingTime
    /// The mean of callers' exponential patience; nil: nobody hangs up.
    package var patience: Span?
    /// How long a message between two sites takes, one way.
    package var latency = Span.milliseconds(20)
    /// Whether the sites form one contact centre; else each is alone.
    package var isLinked = true
    /// An answer within this time counts for the service level.
    package var threshold = Span.seconds(20)
    /// The service level wanted, 0…1; shown beside the figures.
    package var target = 0.8
    /// Who hangs up before this is not counted as abandoned.
    package var shortAbandonMax = Span.seconds(5)
    /// When the day begins, from midnight.
    package var begins: Span
    /// When calls stop, from midnight; who waits then is still served.
    package var ends: Span
    /// The length of the intervals of profile and report.
    package var interval = Span.minutes(30)
    /// A site that is lost on the way.
    package var loss: PlanningLoss?

    /// Makes a scenario of linked sites.
    package init(sites: [PlanningSite], handling: HandlingTime, begins: Span, ends: Span) {
        self.sites = sites
        self.handling = handling
        self.begins = begins
        self.ends = ends
    }

    /// How many intervals the day has.
    package var intervals: Int {
        let length = max(1, interval.milliseconds)
        return Int(max(0, (ends - begins).milliseconds + length - 1) / length)
    }

    /// The same day without the loss.
    package var withoutLoss: PlanningScenario {
        var other = self
        other.loss = nil
        return other
    }
}

/// One site of a planned day.
package struct PlanningSite: Hashable, Sendable {
    /// Its name.
    package var name: SiteID
    /// Calls expected in each interval from the beginning of the day; intervals that are not named have none.
    package var calls: [Double]
    /// Who works there.
    package var shifts: [PlanningShift]

    /// Makes a site.
    package init(name: SiteID, calls: [Double], shifts: [PlanningShift]) {
        self.name = name
        self.calls = calls
        self.shifts = shifts
    }
}

/// Agents who come and go together; times are from midnight.
package struct PlanningShift: Hashable, Sendable {
    /// How many.
    package var agents: Int
    /// When they begin.
    package var from: Span
    /// When they stop; whoever is busy then ends the contact first.
    package var to: Span

    /// Makes a shift.
    package init(agents: Int, from: Span, to: Span) {
        self.agents = agents
        self.from = from
        self.to = to
    }
}

/// The loss of a site, and what follows.
package struct PlanningLoss: Hashable, Sendable {
    /// Which site, by its place in the scenario.
    package var site: Int
    /// When, from midnight.
    package var at: Span
    /// After how long its agents work at other sites; nil: they are gone.
    package var reconnectAfter: Span?
    /// After how long its waiting callers are presented at other sites, with their old place.
    package var representAfter = Span.seconds(5)
    /// After how long other sites know.
    package var detectAfter = Span.seconds(3)

    /// Makes a loss whose agents are gone.
    package init(site: Int, at: Span) {
        self.site = site
        self.at = at
    }
}
