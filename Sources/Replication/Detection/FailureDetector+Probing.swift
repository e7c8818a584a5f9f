import Kernel

// Questions about silent peers, put through others: asked, witnessed, answered.
extension FailureDetector {
    /// Asks others about suspect peers: at once, then with each heartbeat.
    mutating func ask(at now: Instant, _ out: inout [DetectorDirective]) {
        for peer in names {
            guard let asks = states[peer]?.asks, asks.next <= now else { continue }
            lastNumber += 1
            states[peer]?.asks?.next = now + bounds.heartbeat
            let witnesses = witnesses(of: peer)
            // Others in turn, when there are more than are asked at a time.
            for place in 0..<min(witnesses.count, Limits.probeWitnessesMax) {
                let turn = Int(lastNumber % UInt64(witnesses.count)) + place
                let witness = witnesses[turn % witnesses.count]
                out.append(.send(witness, .probe(Probe(step: .ask, target: peer, number: lastNumber))))
            }
        }
    }

    /// Takes a part of an exchange.
    mutating func take(_ probe: Probe, from peer: SiteID, at now: Instant, _ out: inout [DetectorDirective]) {
        guard states[peer]?.isLinked == true else { return }
        // Whatever it says, it lives.
        states[peer]?.hear(at: now)
        switch probe.step {
        case .ask: check(probe, for: peer, at: now, &out)
        case .check:
            guard probe.target == site else { return }
            let answer = Probe(step: .alive, target: site, number: probe.number, incarnation: incarnation)
            out.append(.send(peer, .probe(answer)))
        case .alive:
            guard probe.target == peer else { return }
            raise(peer, to: probe.incarnation)
            for check in checks where check.target == peer && check.own == probe.number { answer(check, .heard, &out) }
            checks.removeAll { $0.target == peer && $0.own == probe.number }
        case .heard: learn(.heard, probe, from: peer, at: now)
        case .notHeard: learn(.notHeard, probe, from: peer, at: now)
        case .lost: learn(.lost, probe, from: peer, at: now)
        }
    }

    /// Any evidence of a later life counts.
    private mutating func raise(_ peer: SiteID, to incarnation: UInt64) {
        guard let known = states[peer]?.incarnation else { return }
        states[peer]?.incarnation = max(known, incarnation)
    }

    private mutating func learn(
        _ word: WatchedPeer.Testimony.Word,
        _ probe: Probe,
        from witness: SiteID,
        at now: Instant
    ) {
        guard probe.target != witness, let asks = states[probe.target]?.asks else { return }
        // Answers to what was asked before the present suspicion, or never, say nothing.
        guard probe.number >= asks.first, probe.number <= lastNumber else { return }
        if word == .heard { raise(probe.target, to: probe.incarnation) }
        states[probe.target]?.note(word, by: witness, isAnswer: true, at: now)
    }

    /// Tries a target for another site.
    private mutating func check(
        _ probe: Probe,
        for asker: SiteID,
        at now: Instant,
        _ out: inout [DetectorDirective]
    ) {
        guard probe.target != asker, let target = states[probe.target] else { return }
        lastNumber += 1
        let check = Check(
            asker: asker,
            target: probe.target,
            number: probe.number,
            own: lastNumber,
            deadline: now + Limits.probeTimeout
        )
        guard target.isLinked else { return answer(check, target.lostAt == nil ? .notHeard : .lost, &out) }
        guard checks.count < Limits.probesPendingMax else { return }
        checks.append(check)
        out.append(.send(probe.target, .probe(Probe(step: .check, target: probe.target, number: check.own))))
    }

    private func answer(_ check: Check, _ step: Probe.Step, _ out: inout [DetectorDirective]) {
        guard states[check.asker]?.isLinked == true else { return }
        let incarnation = states[check.target]?.incarnation ?? 0
        let answer = Probe(step: step, target: check.target, number: check.number, incarnation: incarnation)
        out.append(.send(check.asker, .probe(answer)))
    }

    /// Answers for those targets that did not.
    mutating func expireChecks(at now: Instant, _ out: inout [DetectorDirective]) {
        guard !checks.isEmpty else { return }
        for check in checks where check.deadline <= now { answer(check, .notHeard, &out) }
        checks.removeAll { $0.deadline <= now }
    }

    /// A link is gone: what waits for an answer over it gets none.
    mutating func endChecks(of target: SiteID, _ out: inout [DetectorDirective]) {
        guard !checks.isEmpty else { return }
        let isReset = states[target]?.lostAt != nil
        for check in checks where check.target == target { answer(check, isReset ? .lost : .notHeard, &out) }
        checks.removeAll { $0.target == target || $0.asker == target }
    }
}
