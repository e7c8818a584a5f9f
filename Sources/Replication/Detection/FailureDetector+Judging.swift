import Kernel

// The rules by which a peer's standing, the cause and the state of links are told.
extension FailureDetector {
    /// How long a peer may be silent before it is suspect.
    func suspectAfter(_ state: WatchedPeer) -> Span {
        let usual = min(state.gaps.nearlyAll * 3, bounds.suspectAtMost)
        return max(bounds.suspectAfter, usual) * Int64(own.scale)
    }

    /// How long a peer may be silent before it is unreachable.
    ///
    /// Counted from the first heartbeat that did not come, so that a pause shorter than the bound never counts. It
    /// shrinks with each witness that answers, whatever it answers: that shows that this site can hear.
    func unreachableAfter(_ peer: SiteID, _ state: WatchedPeer) -> Span {
        let witnesses = witnesses(of: peer)
        let wanted = min(witnesses.count, Limits.probeWitnessesMax)
        let answers = witnesses.count { witness in
            state.standing == .suspect && state.testimony[witness].map { $0.at >= state.since } == true
        }
        // As in memberlist: of (max - min), log(answers + 1) / log(wanted + 1) is taken off.
        let percent: Int64 = answers >= wanted ? 100 : answers == 0 ? 0 : 63
        let spread = bounds.unreachableAtMost - bounds.unreachableAfter
        let least = bounds.unreachableAtMost - .milliseconds(spread.milliseconds * percent / 100)
        return bounds.heartbeat + least * Int64(min(own.scale, Limits.unreachableScaleMax))
    }

    /// Sites that are heard and may say something about a peer, sorted.
    func witnesses(of peer: SiteID) -> [SiteID] {
        names.filter { $0 != peer && states[$0]?.standing == .up && states[$0]?.isLinked == true }
    }

    /// True when a peer's process has ended, as far as can be told: its link was reset, and so were all others.
    ///
    /// With nobody to ask, its machine must say that nobody listens any more.
    private func isGone(_ peer: SiteID, _ state: WatchedPeer, at now: Instant) -> Bool {
        guard let lost = state.lostAt, !state.isLinked, own.isFit, now - lost >= bounds.lossConfirmed else {
            return false
        }
        let witnesses = witnesses(of: peer)
        guard !witnesses.isEmpty else { return state.isRefused }
        let words = witnesses.compactMap { state.testimony[$0] }.filter { $0.at >= lost }
        let wanted = min(witnesses.count, Limits.probeWitnessesMax)
        return words.allSatisfy { $0.word != .heard } && words.count { $0.word == .lost } >= wanted
    }

    private func standing(_ peer: SiteID, _ state: WatchedPeer, at now: Instant) -> PeerHealth.Standing {
        guard let heard = state.lastHeard, !state.isSilent else { return .unreachable }
        let silence = now - heard
        // A link that breaks while this process is late proves nothing yet.
        let isUp = state.isLinked || !own.isFit && state.standing == .up
        if isUp, silence < suspectAfter(state) { return .up }
        if silence >= unreachableAfter(peer, state) || isGone(peer, state, at: now) { return .unreachable }
        return .suspect
    }

    /// Works out standings, causes and links anew and reports what changed.
    mutating func judge(at now: Instant, _ out: inout [DetectorDirective]) {
        for peer in names {
            guard let state = states[peer] else { continue }
            let next = standing(peer, state, at: now)
            guard next != state.standing else { continue }
            states[peer]?.standing = next
            states[peer]?.since = now
            states[peer]?.isSilent = next == .unreachable
            states[peer]?.asks = next == .suspect ? (first: lastNumber + 1, next: now) : nil
            if next != .up { states[peer]?.lastBeat = nil }
        }
        for peer in names {
            guard var state = states[peer] else { continue }
            state.cause = state.standing == .up ? .none : isHeardElsewhere(peer, state, at: now) ? .link : .site
            states[peer]?.cause = state.cause
            let report = Reported(standing: state.standing, cause: state.cause)
            guard reported[peer] != report else { continue }
            reported[peer] = report
            if let health = health(peer) { out.append(.changed(health)) }
        }
        judgeLinks(at: now, &out)
    }

    private func isHeardElsewhere(_ peer: SiteID, _ state: WatchedPeer, at now: Instant) -> Bool {
        witnesses(of: peer).contains { witness in
            guard let word = state.testimony[witness] else { return false }
            return word.word == .heard && now - word.at <= Limits.testimonyValidity
        }
    }

    private mutating func judgeLinks(at now: Instant, _ out: inout [DetectorDirective]) {
        var linksChanged = false
        for link in pairs {
            let state = linkState(link)
            guard known[link]?.state != state else { continue }
            known[link] = Known(state: state, since: now)
            linksChanged = true
        }
        if linksChanged { out.append(.linksChanged) }
    }

    private func linkState(_ link: Link) -> LinkHealth.State {
        if link.from == site { return states[link.to]?.standing == .up ? .up : .down }
        guard let teller = states[link.from], teller.standing == .up else { return .unknown }
        return teller.reachable.contains(link.to) ? .up : .down
    }

    /// All links, in both directions, sorted.
    var pairs: [Link] {
        let all = ([site] + names).sorted()
        return all.flatMap { from in all.filter { $0 != from }.map { Link(from: from, to: $0) } }
    }

    /// What is known of the links of every pair of sites, in both directions, sorted.
    package func links() -> [LinkHealth] {
        pairs.map { link in
            let fact = known[link] ?? Known(state: .unknown, since: .zero)
            return LinkHealth(
                from: link.from,
                to: link.to,
                state: fact.state,
                since: fact.since,
                roundTrip: link.from == site ? states[link.to]?.roundTrip : nil
            )
        }
    }
}
