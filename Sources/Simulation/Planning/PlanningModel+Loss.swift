import ContactCenter
import Kernel
import Routing

/// The loss of a site.
extension PlanningModel {
    mutating func lose() {
        guard let loss = scenario.loss, places[loss.site].isUp else { return }
        let lost = loss.site
        places[lost].isUp = false
        for view in places[lost].book.views {
            guard let person = personOf[view.agent] else { continue }
            people[person].site = nil
            let isBusy = view.state.kind.isBusy
            let isStaffed = isBusy || view.state == .ready
            meter.change(busy: isBusy ? -1 : 0, staffed: isStaffed ? -1 : 0, at: now)
            if let span = loss.reconnectAfter { plan(.begin(person: person), at: now + span) }
        }
        let id = places[lost].id
        places[lost] = place(id)
        places[lost].isUp = false
        for call in calls.values.sorted(by: { $0.number < $1.number }) { lose(call, loss) }
        plan(.detect, at: now + loss.detectAfter)
        for site in places.indices where places[site].isUp {
            // A promise to a contact of the lost site is not gone on with.
            plan(.expire(site: site), at: now + AgentBookSettings().reservedMax + scenario.latency * 2)
        }
    }

    private mutating func lose(_ call: PlanningCall, _ loss: PlanningLoss) {
        switch call.stage {
        case .talking(let reservation, let agentSite):
            guard call.site == loss.site || agentSite == loss.site else { return }
            result.intervals[meter.interval(of: now)].cutOff += 1
            calls[call.id] = nil
            if agentSite != loss.site { severed.append((agentSite, reservation)) }
        case .waiting, .reserving:
            guard call.site == loss.site else { return }
            calls[call.id]?.stage = .moving
            calls[call.id]?.isPublished = false
            plan(.represent(call.id), at: now + loss.representAfter)
        case .moving: return
        }
    }

    /// The other sites know: its agents are unknown, its callers forgotten, conversations with it over.
    mutating func detect() {
        guard let loss = scenario.loss else { return }
        let lost = places[loss.site].id
        for site in places.indices where places[site].isUp {
            places[site].router.agents.update(lost, SiteKnowledge(isReachable: false, heardAt: now))
            places[site].router.waiting.forget(lost)
        }
        let ended = severed
        severed = []
        for (site, reservation) in ended { order(.ended, reservation, at: site) }
    }
}
