package import ContactCenter
import Kernel

extension WaitingRoom.Entry {
    /// The pool of the agents that this contact may be given to now.
    var pool: PoolKey { PoolKey(requirement: requirement, strategy: waiting.strategy, cost: waiting.cost) }
}

extension Router {
    /// The choice among those that stand in a pool; nil when nobody does.
    mutating func choose(in pool: Int, for entry: WaitingRoom.Entry) -> Decision? {
        let contact = entry.waiting.contact
        switch entry.waiting.strategy {
        case .leastHandlingTime, .longestIdle, .fewestContacts, .roundRobin, .ordered:
            let (first, second) = firstTwo(in: pool, for: entry)
            guard let first, let view = agents.views[first.agent] else { return nil }
            let rule = rule(of: first, before: second, strategy: entry.waiting.strategy)
            return Decision(contact, Candidate(view, rule: rule))
        case .weightedRandom:
            return drawn(in: pool, for: entry).map { Decision(contact, Candidate($0, rule: .weightedRandom)) }
        case .ringAll:
            let views = standing(Limits.ringAllMax, in: pool, for: entry).compactMap { agents.views[$0.agent] }
            guard let first = views.first else { return nil }
            let rule: ChoiceRule = views.count == 1 ? .onlyOne : .ringAll
            let others = views.dropFirst().map { Candidate($0, rule: .ringAll) }
            return Decision(contact, Candidate(first, rule: rule), others: others)
        }
    }

    /// The best two of all reachable sites.
    ///
    /// Within a site the distance is the same for all, so the head of its index is its best; nothing is allocated.
    private func firstTwo(in pool: Int, for entry: WaitingRoom.Entry) -> (Standing?, Standing?) {
        var best: (place: Standing, site: SiteID, next: Int)?
        var second: Standing?
        for (other, index) in agents.pools[pool].sites where isOpen(other, to: entry) {
            guard let (free, next) = head(of: index, from: 0, entry) else { continue }
            let place = place(of: free, at: other, entry)
            guard let leader = best, !(place < leader.place) else {
                if let leader = best?.place, second.map({ leader < $0 }) ?? true { second = leader }
                best = (place, other, next)
                continue
            }
            if second.map({ place < $0 }) ?? true { second = place }
        }
        guard let best, let index = agents.pools[pool].sites[best.site] else { return (nil, nil) }
        if let (free, _) = head(of: index, from: best.next, entry) {
            let place = place(of: free, at: best.site, entry)
            if second.map({ place < $0 }) ?? true { second = place }
        }
        return (best.place, second)
    }

    /// The first from a place on who did not refuse lately, and the place after.
    private func head(
        of index: OrderedIndex<FreeAgent>,
        from place: Int,
        _ entry: WaitingRoom.Entry
    ) -> (FreeAgent, next: Int)? {
        if entry.exclusions.isEmpty {
            return (place == 0 ? index.first : index.element(at: place)).map { ($0, place + 1) }
        }
        // Each step past the head is one of the few refusals noted.
        var place = place
        while let free = index.element(at: place) {
            place += 1
            if !isExcluded(free.agent, entry) { return (free, place) }
        }
        return nil
    }

    private func isExcluded(_ agent: AgentID, _ entry: WaitingRoom.Entry) -> Bool {
        guard let exclusion = entry.exclusions[agent], let view = agents.views[agent] else { return false }
        return exclusion.covers(view)
    }

    private func place(of free: FreeAgent, at other: SiteID, _ entry: WaitingRoom.Entry) -> Standing {
        let strategy = entry.waiting.strategy
        return Standing(free, isRemote: other != site, strategy: strategy, distance: settings.distance)
    }

    /// The first few free and fit agents of all reachable sites in their order.
    func standing(_ limit: Int, in pool: Int, for entry: WaitingRoom.Entry) -> [Standing] {
        var ranked: [Standing] = []
        for (other, index) in agents.pools[pool].sites where isOpen(other, to: entry) {
            var next = 0
            for _ in 0..<limit {
                guard let (free, after) = head(of: index, from: next, entry) else { break }
                ranked.append(place(of: free, at: other, entry))
                next = after
            }
        }
        ranked.sort()
        return Array(ranked.prefix(limit))
    }

    /// One by lot: the chance is the level in the demanded skills.
    ///
    /// Draws a place evenly and takes it with its weight over the largest one, so that no sum over agents is needed.
    private mutating func drawn(in pool: Int, for entry: WaitingRoom.Entry) -> AgentView? {
        var places: [(index: OrderedIndex<FreeAgent>, count: Int)] = []
        var total = 0
        var heaviest: Int64 = 1
        for other in agents.siteOrder where isOpen(other, to: entry) {
            guard let index = agents.pools[pool].sites[other], let first = index.first else { continue }
            places.append((index, index.count))
            total += index.count
            heaviest = max(heaviest, -first.load)
        }
        guard total > 0 else { return nil }
        for _ in 0..<Limits.drawsMax {
            var place = Int.random(in: 0..<total, using: &random)
            let lot = Int64.random(in: 0..<heaviest, using: &random)
            for (index, count) in places {
                guard place < count else {
                    place -= count
                    continue
                }
                if let free = index.element(at: place), lot < max(1, -free.load), !isExcluded(free.agent, entry) {
                    return agents.views[free.agent]
                }
                break
            }
        }
        return firstTwo(in: pool, for: entry).0.flatMap { agents.views[$0.agent] }
    }

    /// The agent of the customer's latest ticket, when she takes it, fits, is reachable and did not refuse lately.
    func lastAgent(of entry: WaitingRoom.Entry) -> AgentView? {
        guard let last = entry.waiting.lastAgent, let view = agents.views[last],
            view.takes(cost: entry.waiting.cost), isOpen(view.site, to: entry),
            entry.requirement.admits(tier: view.tier, skills: view.skills),
            entry.exclusions[last]?.covers(view) != true
        else { return nil }
        return view
    }

    /// Whether agents of a site may be asked for a contact.
    private func isOpen(_ other: SiteID, to entry: WaitingRoom.Entry) -> Bool {
        agents.isReachable(other) && entry.waiting.admits(other)
    }

    /// What set the first apart from the second.
    private func rule(of first: Standing, before second: Standing?, strategy: RoutingStrategy) -> ChoiceRule {
        guard let second else { return .onlyOne }
        if first.load != second.load {
            return switch strategy {
            case .fewestContacts: .fewestContacts
            case .roundRobin: .roundRobin
            case .ordered: .ordered
            case .leastHandlingTime, .longestIdle, .weightedRandom, .ringAll: .leastHandlingTime
            }
        }
        if first.since != second.since { return .longestIdle }
        return first.isRemote != second.isRemote ? .nearest : .key
    }

    /// Why nobody stands in a pool.
    func waitReason(pool: Int) -> WaitReason {
        if !agents.pools[pool].sites.isEmpty { return .nobodyAvailable }
        return agents.pools[pool].known.isEmpty ? .nobodyFits : .nobodyFree
    }

    /// How many agents could serve a contact; nil when it is not known.
    ///
    /// What an estimate of its wait rests on.
    package mutating func servers(for contact: ContactID) -> ServerCount? {
        guard let entry = waiting.entries[contact] else { return nil }
        let pool = agents.pools[agents.pool(entry.pool)]
        var found = ServerCount(fit: 0, free: 0)
        for (other, known) in pool.known where isOpen(other, to: entry) {
            found.fit += known
            found.free += pool.sites[other]?.count ?? 0
        }
        return found
    }
}
