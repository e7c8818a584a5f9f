import ContactCenter
import Kernel
import Routing

/// Those who call.
extension PlanningModel {
    /// Plans a site's next arrival: a Poisson process whose rate changes from interval to interval.
    mutating func planArrival(_ site: Int, from start: Instant) {
        let length = Double(max(1, scenario.interval.milliseconds))
        let begins = Double(scenario.begins.milliseconds)
        let calls = scenario.sites[site].calls
        var at = Double(start.milliseconds) - begins
        // Without memory: what is left of a gap at the end of an interval is drawn anew at the next one's rate.
        for interval in min(calls.count, max(0, Int(at / length)))..<calls.count {
            let end = Double(interval + 1) * length
            guard calls[interval] > 0 else {
                at = end
                continue
            }
            at += drawUnitExponential(&arrivals[site]) * length / calls[interval]
            if at < end {
                let instant = Instant(milliseconds: Int64(begins + at))
                if instant.milliseconds < scenario.ends.milliseconds { plan(.arrival(site: site), at: instant) }
                return
            }
            at = end
        }
    }

    mutating func arrive(_ site: Int) {
        planArrival(site, from: now)
        let handling = scenario.handling.draw(&lengths)
        let patience = scenario.patience.map {
            Span.milliseconds(
                min(
                    Int64(Double($0.milliseconds) * drawUnitExponential(&self.patience)),
                    Limits.planningSpanMax.milliseconds
                )
            )
        }
        let id = ContactID("c\(arrived)")
        guard let place = places[site].isUp ? site : nextPlace() else { return }
        log?.arrive(site, now, handling, patience)
        let call = PlanningCall(
            id: id,
            number: arrived,
            interval: meter.interval(of: now),
            arrived: now,
            handling: handling,
            site: place
        )
        arrived += 1
        result.intervals[call.interval].counts.enter()
        if let patience { plan(.giveUp(id), at: now + patience) }
        calls[id] = call
        enqueue(call)
    }

    /// A site that is up, in turn.
    mutating func nextPlace() -> Int? {
        let up = places.indices.filter { places[$0].isUp }
        guard !up.isEmpty else { return nil }
        turn += 1
        return up[turn % up.count]
    }

    /// Puts a contact into the queue of its site and looks for an agent.
    private mutating func enqueue(_ call: PlanningCall) {
        let waiting = waitingContact(call)
        guard (try? places[call.site].router.waiting.add(waiting)) != nil else {
            // The site holds as many as it can: the caller hears busy.
            abandon(call)
            return
        }
        work.append(.route(call.id))
    }

    func waitingContact(_ call: PlanningCall) -> WaitingContact {
        WaitingContact(
            contact: call.id,
            site: places[call.site].id,
            queue: definition,
            since: PlanningModel.midnight + Span(milliseconds: call.arrived.milliseconds)
        )
    }

    mutating func giveUp(_ id: ContactID) {
        guard let call = calls[id] else { return }
        if case .talking = call.stage { return }
        abandon(call)
    }

    mutating func abandon(_ call: PlanningCall) {
        let wait = now - call.arrived
        result.intervals[call.interval].counts.abandon(
            after: wait,
            threshold: scenario.threshold,
            shortAbandonMax: scenario.shortAbandonMax
        )
        log?.ended(call.number, wait, gaveUp: true)
        calls[call.id] = nil
        guard places[call.site].isUp else { return }
        if places[call.site].router.waiting.remove(call.id) != nil { publish(.gone(call.id), from: call.site) }
    }

    /// The contact is answered: the wait is over.
    mutating func answer(_ call: PlanningCall, by reservation: Reservation, at agentSite: Int) {
        var call = call
        let wait = now - call.arrived
        result.intervals[call.interval].counts.answer(after: wait, threshold: scenario.threshold)
        result.intervals[call.interval].counts.handle(talk: call.handling, wrapUp: .zero)
        if agentSite != call.site { result.acrossSites += 1 }
        log?.ended(call.number, wait, gaveUp: false)
        call.stage = .talking(reservation, agentSite: agentSite)
        calls[call.id] = call
        places[call.site].router.waiting.remove(call.id)
    }

    /// A caller of the lost site is presented at another one, with the old place.
    mutating func represent(_ id: ContactID) {
        guard var call = calls[id], case .moving = call.stage, let site = nextPlace() else { return }
        call.site = site
        call.stage = .waiting
        calls[id] = call
        enqueue(call)
    }
}
