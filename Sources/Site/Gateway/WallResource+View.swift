import ContactCenter
import Kernel
import Routing
import SiteCore
import WebAPI

extension WallResource {
    /// Writes a snapshot of the core in the form of the API; `urls` are where the sites' pages are.
    init(_ view: SiteView, urls: [SiteID: String]) {
        self.init(
            asOf: Timestamp(view.asOf),
            servedBy: view.servedBy.name,
            sites: view.sites.map { WallSite($0, url: urls[$0.id] ?? "") },
            links: view.links.map(WallLink.init),
            queues: view.queues.map { WallQueue($0, asOf: view.asOf) },
            agents: view.agents.map { WallAgent($0, contacts: view.contacts) },
            teams: view.teams.map(WallGroup.init),
            staff: view.staff.map(WallGroup.init),
            contacts: view.contacts.map(WallContact.init),
            breaks: view.breaks.map(DeskBreak.init),
            completeness: Completeness(heard: view.heard, of: view.of)
        )
    }
}

extension SiteCondition {
    init(_ state: SiteView.SiteState) {
        self =
            switch state {
            case .self: .itself
            case .up: .up
            case .suspect: .suspect
            case .unreachable: .unreachable
            case .draining: .draining
            }
    }
}

extension LinkCondition {
    init(_ state: SiteView.LinkState) {
        self =
            switch state {
            case .up: .up
            case .down: .down
            case .unknown: .unknown
            }
    }
}

extension WallSite {
    fileprivate init(_ row: SiteView.SiteRow, url: String) {
        self.init(
            id: row.id.name,
            name: row.name,
            state: SiteCondition(row.state),
            ageMs: row.age?.milliseconds ?? Int64(Int32.max),
            waiting: row.waiting,
            agentsReady: row.agentsReady,
            agentsBusy: row.agentsBusy,
            agentsNotReady: row.agentsNotReady,
            url: url
        )
    }
}

extension WallLink {
    fileprivate init(_ row: SiteView.LinkRow) {
        self.init(
            from: row.from.name,
            to: row.to.name,
            state: LinkCondition(row.state),
            rttMs: row.roundTrip.map { Double($0.milliseconds) },
            since: row.since.map(Timestamp.init)
        )
    }
}

extension WallQueue {
    fileprivate init(_ row: SiteView.QueueRow, asOf: WallTime) {
        self.init(
            id: row.id.key,
            name: row.name,
            waiting: row.waiting,
            longestWaitMs: row.longestSince.map { max(0, (asOf - $0).milliseconds) } ?? 0,
            longestSince: row.longestSince.map(Timestamp.init),
            agentsReady: row.agentsReady,
            agentsBusy: row.agentsBusy,
            answeredToday: row.answeredToday,
            abandonedToday: row.abandonedToday,
            serviceLevel: row.serviceLevel,
            today: QueueFigures(row),
            estimate: row.estimate.map(WallEstimate.init),
            estimateErrors: WallEstimateErrors(row.estimateErrors)
        )
    }
}

extension WallAgent {
    fileprivate init(_ row: SiteView.AgentRow, contacts: [SiteView.ContactRow]) {
        self.init(
            id: row.id.key,
            name: row.name,
            site: row.site.name,
            state: row.state.kind.name,
            reason: row.state.reason,
            since: Timestamp(row.since),
            queueContact: row.contact.flatMap { id in contacts.first { $0.id == id }?.queue.key },
            contact: row.contact?.key,
            ageMs: row.age.milliseconds,
            stale: row.isStale,
            handlingTodayMs: row.handlingToday.milliseconds
        )
    }
}

extension WallContact {
    fileprivate init(_ row: SiteView.ContactRow) {
        self.init(
            id: row.id.key,
            channel: row.channel.rawValue,
            queue: row.queue.key,
            site: row.site.name,
            callerNumber: row.callerNumber,
            customerName: row.customerName,
            state: row.state.rawValue,
            since: Timestamp(row.since),
            agent: row.agent?.key,
            agentSite: row.agentSite?.name,
            position: row.position,
            estimate: row.estimate.map(WallEstimate.init),
            callbackOffered: row.callbackIsOffered
        )
    }
}

extension WallGroup {
    fileprivate init(_ row: SiteView.GroupRow) {
        self.init(
            name: row.name,
            agents: row.agents,
            agentsReady: row.agentsReady,
            agentsBusy: row.agentsBusy,
            agentsNotReady: row.agentsNotReady,
            contacts: row.contacts,
            handlingMs: row.handling.milliseconds,
            idleMs: row.idle.milliseconds,
            occupancy: row.occupancy
        )
    }
}

extension WallEstimate {
    fileprivate init(_ estimate: WaitEstimate) {
        self.init(lowMs: estimate.low.milliseconds, highMs: estimate.high.milliseconds)
    }
}

extension WallEstimateErrors {
    fileprivate init(_ errors: EstimateErrors) {
        self.init(
            count: errors.count,
            meanAbsoluteMs: errors.meanAbsolute?.milliseconds,
            biasMs: errors.bias?.milliseconds,
            shareInside: errors.shareInside
        )
    }
}
