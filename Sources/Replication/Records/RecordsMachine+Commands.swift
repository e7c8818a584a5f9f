import Kernel

// What people and programs ask of the cluster.
extension RecordsMachine {
    mutating func perform(
        _ command: RecordsCommand,
        _ token: RecordsCommandToken,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        switch command {
        case .acknowledge(let dot, let level, let patience):
            acknowledge(dot, level, patience, token, now, &out)
        case .decide(let change, let site, let actor, let isForced):
            lastProposal += 1
            proposers[lastProposal] = token
            let proposal = MembershipProposal(
                id: lastProposal,
                change: change,
                site: site,
                actor: actor,
                at: HybridTimestamp(wall: wall(at: now), counter: UInt16(truncatingIfNeeded: lastProposal)),
                isForced: isForced
            )
            follow(decisions.handle(.propose(proposal), at: now.instant), now, &out)
        case .verify:
            follow(transfer.handle(.scrubNow, at: now.instant), now, &out)
            out.append(.reply(token, .done))
        }
    }

    private mutating func acknowledge(
        _ dot: Dot,
        _ level: AcknowledgementLevel,
        _ patience: Span,
        _ token: RecordsCommandToken,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        guard vector.contains(dot) else {
            out.append(.reply(token, .refused("This site has no op \(dot.text) on its disk.")))
            return
        }
        let deadline = now.instant + min(max(patience, .zero), Limits.acknowledgementPatienceMax)
        switch acknowledgements.wait(token.number, for: dot, level: level, until: deadline) {
        case .reached: out.append(.reply(token, .acknowledged(level, nil)))
        case .waiting: break
        case .refused(let why):
            out.append(.reply(token, .acknowledged(acknowledgements.level(of: dot, upTo: level), why)))
        }
    }

    /// Answers those whose waits have ended.
    func resolve(_ resolutions: [AcknowledgementResolution], _ out: inout [RecordsDirective]) {
        for resolution in resolutions {
            out.append(.reply(RecordsCommandToken(resolution.id), .acknowledged(resolution.reached, nil)))
        }
    }
}
