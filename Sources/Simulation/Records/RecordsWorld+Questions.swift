import Kernel
import Replication

// What people ask of the cluster beside edits: how safe an edit is, who belongs.
extension RecordsWorld {
    /// Asks a site's records something.
    mutating func ask(_ question: RecordsQuestion, _ command: RecordsCommand, _ index: Int) {
        guard sites[index].isUp, sites[index].asleep == nil else { return }
        lastQuestion += 1
        asked[lastQuestion] = (question, index)
        tell(index, .command(RecordsCommandToken(lastQuestion), command))
        pump(index)
    }

    /// Waits until an edit is on more disks than one; some people do.
    mutating func wait(for dot: Dot, _ index: Int) {
        let levels: [AcknowledgementLevel] = [.local, .one, .one, .majority]
        let level = levels[Int.random(in: 0..<levels.count, using: &workRandom)]
        let patience = Span.milliseconds(Int64.random(in: 20...1_500, using: &workRandom))
        guard level > .local else { return }
        ask(.level(dot, level), .acknowledge(dot, level, within: patience), index)
    }

    /// The records answered a question.
    mutating func answered(_ token: RecordsCommandToken, _ reply: RecordsReply, _ index: Int) {
        guard let question = asked.removeValue(forKey: token.number)?.question else {
            return fail("1 an acknowledged dot survives", "\(sites[index].id) answered \(token.number) twice")
        }
        switch (question, reply) {
        case (.level(let dot, let level), .acknowledged(let reached, let refusal)):
            if refusal != nil {
                reach.note(.acknowledgementRefused)
            } else if reached < level {
                reach.note(.acknowledgedLate)
            }
            acknowledged(dot, reached, index)
        case (.addition(let site), .decided):
            reach.note(.memberAdded)
            admit(site)
        case (.change(let change, let site), .decided):
            reach.note(change == .suspend ? .memberSuspended : .memberBack)
            say("\(sites[site].id) is \(change.state.rawValue)")
        case (.verification, .done): break
        case (_, .refused(let why)):
            if case .level = question { return fail("1 an acknowledged dot survives", why) }
            reach.note(.decisionFailed)
            say("\(sites[index].id) refuses \(question): \(why)")
            askAgain(question)
        default: fail("1 an acknowledged dot survives", "\(sites[index].id) answered \(question) by \(reply)")
        }
    }

    /// A level was reached: the op was on that many disks.
    private mutating func acknowledged(_ dot: Dot, _ level: AcknowledgementLevel, _ index: Int) {
        guard level > .local else { return }
        reach.note(level == .one ? .acknowledgedOne : .acknowledgedMajority)
        book.promise(dot, by: index, level: level)
        let others = sites.indices.filter { $0 != index && sites[$0].everStored.contains(dot) }
        let members = sites[index].machine?.membership
        let counted =
            (members?.active.count ?? 0) + (members?.voters ?? []).count { members?.state(of: $0) == .draining }
        let needed = level == .one ? 1 : Membership.majority(of: max(counted, 1)) - 1
        if others.count < needed {
            let text = "\(sites[index].id) confirmed \(dot) as on \(level), and \(others.count) other disks had it"
            fail("1 an acknowledged dot survives", text)
        }
    }

    /// A site was added: it starts for the first time.
    private mutating func admit(_ site: Int) {
        guard !sites[site].exists else { return }
        sites[site].exists = true
        boot(site)
        bite(.joiner) { $0.site == site }
    }

    /// A change of the membership that came to nothing is asked for again: an operator would.
    private mutating func askAgain(_ question: RecordsQuestion) {
        switch question {
        case .addition(let site) where !sites[site].exists: wishes.append(.addition(site: site))
        case .change(let change, let site): wishes.append(.change(change, site: site))
        default: break
        }
    }

    /// Carries out what operators wish, at the end of a second.
    mutating func carryOutWishes() {
        if isSettling {
            for index in sites.indices {
                if !sites[index].exists { wish(.addition(site: index)) }
                if isSuspended(index) { wish(.change(.activate, site: index)) }
            }
        }
        let due = wishes
        wishes = []
        for wish in due {
            switch wish {
            case .addition(let site): decide(.add, on: site, wish)
            case .change(let change, let site): decide(change, on: site, wish)
            case .level, .verification: break
            }
        }
    }

    private mutating func wish(_ question: RecordsQuestion) {
        guard !wishes.contains(question), !asked.values.contains(where: { $0.question == question }) else { return }
        wishes.append(question)
    }

    private func isSuspended(_ index: Int) -> Bool {
        sites.contains { site in
            let state = site.machine?.membership.state(of: sites[index].id)
            return state == .suspended || state == .draining
        }
    }

    private mutating func decide(_ change: MembershipChange, on site: Int, _ wish: RecordsQuestion) {
        let voters = sites.indices.filter {
            $0 != site && sites[$0].isUp && sites[$0].asleep == nil && !sites[$0].hasLostMemory
        }
        guard !voters.isEmpty else { return wishes.append(wish) }
        let state = sites[voters[0]].machine?.membership.state(of: sites[site].id)
        // Somebody's wish may have come true already.
        if state == change.state, change != .add { return }
        if change == .activate, state != .suspended, state != .draining { return }
        if change == .suspend, isSettling { return }
        if change == .add, state != nil { return admit(site) }
        // With too many votes lost an operator decides alone, in one place, when all else works.
        let isForced = settlingSince.map { now - $0 > Limits.simulatedForceAfter } ?? false
        ask(wish, .decide(change, sites[site].id, by: Actor("operator"), forced: isForced), voters[0])
    }
}
