import ContactCenter
import Kernel
import Routing

/// Those who work.
extension PlanningModel {
    /// A change in the book of a site goes to its router, to the other sites, and frees who is ready.
    mutating func follow(_ site: Int) {
        for agent in places[site].book.takeChanged() {
            places[site].router.follow(places[site].book, agent)
            let view = places[site].book.view(of: agent)
            publish(.agent(agent, view), from: site)
            if view?.state == .ready { work.append(.pull(agent, site: site)) }
        }
    }

    /// Counts who became busy or idle, came or went.
    mutating func count(_ events: [AgentEvent]) {
        for event in events {
            let before = event.from.kind
            let after = event.to.kind
            let busy = Int64(after.isBusy ? 1 : 0) - Int64(before.isBusy ? 1 : 0)
            let staffed = Int64(after.isAtWork ? 1 : 0) - Int64(before.isAtWork ? 1 : 0)
            if busy != 0 || staffed != 0 { meter.change(busy: busy, staffed: staffed, at: now) }
        }
    }

    mutating func order(_ order: AgentOrder, _ reservation: Reservation, at site: Int) {
        guard places[site].isUp else { return }
        if let events = try? places[site].book.follow(order, of: reservation, at: moment) { count(events) }
        follow(site)
        goHome(reservation.agent)
    }

    mutating func finish(_ id: ContactID, _ reservation: Reservation, at site: Int) {
        if case .talking(reservation, _)? = calls[id]?.stage { calls[id] = nil }
        order(.ended, reservation, at: site)
    }

    /// Promises that nobody went on with are over.
    mutating func expire(_ site: Int) {
        guard places[site].isUp else { return }
        count(places[site].book.expire(at: moment))
        follow(site)
    }

    // MARK: Shifts

    mutating func begin(_ person: Int) {
        let home = people[person].home
        let isMoved = scenario.loss?.reconnectAfter != nil
        guard people[person].site == nil, let site = places[home].isUp ? home : isMoved ? nextPlace() : nil,
            people[person].shift.to > Span(milliseconds: now.milliseconds) || !isOver(people[person].shift)
        else { return }
        let profile = AgentProfile(
            agent: people[person].id,
            name: people[person].id.key,
            tier: .consultant,
            skills: .none
        )
        guard let signedIn = try? places[site].book.signIn(profile, phoneRegistered: true, at: moment) else { return }
        count(signedIn)
        if let ready = try? places[site].book.setReady(people[person].id, at: moment) { count(ready) }
        people[person].site = site
        follow(site)
    }

    /// Shifts that last until closing go on until the last caller is served.
    private func isOver(_ shift: PlanningShift) -> Bool { shift.to < scenario.ends }

    mutating func leave(_ person: Int) {
        let agent = people[person].id
        guard let site = people[person].site, places[site].isUp else { return }
        if let events = try? places[site].book.setNotReady(agent, reason: "shift", at: moment) { count(events) }
        follow(site)
        goHome(agent)
    }

    /// Signs out whoever has nothing more to do.
    private mutating func goHome(_ agent: AgentID) {
        guard let person = personOf[agent], let site = people[person].site,
            people[person].shift.to <= Span(milliseconds: now.milliseconds), isOver(people[person].shift),
            places[site].book.view(of: agent)?.state.kind == .notReady,
            let events = try? places[site].book.signOut(agent, at: moment)
        else { return }
        count(events)
        people[person].site = nil
        follow(site)
    }
}

extension AgentStateKind {
    /// Free or busy: the time that occupancy is measured against.
    fileprivate var isAtWork: Bool { isBusy || self == .ready }
}
