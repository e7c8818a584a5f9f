import Kernel

// What is asked of the disk, and what decisions and transfer want done.
extension RecordsMachine {
    mutating func perform(_ task: LedgerTask, for purpose: Purpose, _ out: inout [RecordsDirective]) {
        lastTask += 1
        let token = LedgerTaskToken(lastTask)
        tasks[token] = purpose
        out.append(.task(token, task))
    }

    /// True while a task for this is on its way to the disk.
    func isUnderWay(_ purpose: Purpose) -> Bool { tasks.values.contains(purpose) }

    mutating func taskDone(
        _ token: LedgerTaskToken,
        _ result: LedgerTaskResult?,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        guard let purpose = tasks.removeValue(forKey: token) else { return }
        switch (purpose, result) {
        case (.epoch, .epoch(let origin, let vector)):
            follow(replicator.handle(.epochBegun(origin, vector), at: now), now, &out)
            numbersAreKnown = false
            out.append(.note(.epochBegun(origin)))
        case (.release, .applied(let outcome)):
            releaseAt = outcome.releaseAt
            if !outcome.changed.isEmpty { out.append(.changed(outcome.changed)) }
            follow(replicator.handle(.released(outcome), at: now), now, &out)
            tellTransfer(now, &out)
        case (.digest, .digest(let root, let vector)):
            guard vector == replicator.vector, !transfer.isJoining else { return }
            replicator.digest = root
            tellTransfer(now, &out)
        case (.forget, .forgotten(let documents, let floor)):
            let isNews = documents > 0 || floor != replicator.hello.floor
            replicator.hello.floor = floor
            if isNews { out.append(.note(.forgotten(documents: documents, floor: floor))) }
        case (.epoch, nil): perform(.beginEpoch, for: .epoch, &out)
        case (.numbers, nil): numbersAreKnown = false
        case (.membership(let number), nil): unsavedVotes = max(unsavedVotes ?? 0, number)
        case (.membership(let number), .done):
            if let unsaved = unsavedVotes, unsaved <= number { unsavedVotes = nil }
            follow(decisions.handle(.saved(number), at: now.instant), now, &out)
        case (.transfer(let job), .transfer(let result)):
            follow(transfer.handle(.done(job, result), at: now.instant), now, &out)
        case (.transfer(let job), nil):
            follow(transfer.handle(.failed(job), at: now.instant), now, &out)
        case (.peerVectors, nil): progressIsUnsaved = true
        case (.level, nil): writableLevel = DocumentSchema.oldestLevel
        default: break
        }
    }

    /// A peer has ops of this site's present epoch that are not here: their numbers are used up.
    mutating func compareOwnOrigin(_ theirs: VersionVector, _ now: Moment, _ out: inout [RecordsDirective]) {
        if theirs[origin] > vector[origin] { beginEpoch(now, &out) }
    }

    mutating func beginEpoch(_ now: Moment, _ out: inout [RecordsDirective]) {
        guard !isUnderWay(.epoch) else { return }
        out.append(.alarm(.ownOriginAhead(origin)))
        perform(.beginEpoch, for: .epoch, &out)
        // The disk was set back, and with it what this site remembers of its votes.
        loseMemory(now, &out)
    }

    mutating func follow(_ directives: [DecisionDirective], _ now: Moment, _ out: inout [RecordsDirective]) {
        for directive in directives {
            switch directive {
            case .send(let peer, let message): out.append(.send(peer, .decision(message)))
            case .save(let bytes, let number):
                newestVotes = bytes
                newestVotesNumber = number
                perform(.saveBlob(LedgerBlob.membership, bytes), for: .membership(number), &out)
            case .decided(let decision):
                resolve(countMembers(), &out)
                for peer in linked.sorted() {
                    guard let refusal = decisions.membership.refusal(ofHelloFrom: peer) else { continue }
                    out.append(.send(peer, .refuse(.other("\(refusal)"))))
                    out.append(.peerRefused(peer, .other("\(refusal)")))
                }
                out.append(.decided(decision))
                out.append(.note(.decided(decision)))
            case .accepted(let id, let decision): answer(id, .decided(decision), &out)
            case .failed(let id, let failure): answer(id, .refused("\(failure)"), &out)
            case .alarm(let alarm): out.append(.alarm(.membership(alarm)))
            }
        }
    }

    private mutating func answer(_ id: UInt64, _ reply: RecordsReply, _ out: inout [RecordsDirective]) {
        if let token = proposers.removeValue(forKey: id) { out.append(.reply(token, reply)) }
    }

    /// Takes in who belongs to the cluster now; some may have waited for a site that does not count any more.
    mutating func countMembers() -> [AcknowledgementResolution] {
        replicator.hello.membership = decisions.head
        return acknowledgements.membershipChanged(counted: counted, members: decisions.membership.voters)
    }

    /// The members that count for acknowledgements and forgetting: those that are active or will be again soon.
    var counted: [SiteID] {
        decisions.membership.sites.filter { site in
            switch decisions.membership.state(of: site) {
            case .active, .draining: true
            case .suspended, .retired, nil: false
            }
        }
    }

    mutating func follow(_ directives: [TransferDirective], _ now: Moment, _ out: inout [RecordsDirective]) {
        for directive in directives {
            switch directive {
            case .send(let peer, let payload): out.append(.send(peer, .transfer(payload)))
            case .perform(let job): perform(.transfer(job.task), for: .transfer(job), &out)
            case .project(let changed, _):
                if !changed.isEmpty { out.append(.changed(changed)) }
                replicator.digest = nil
            case .adopted(let position): adopt(position, now, &out)
            case .joinBegan:
                // Documents are ahead of the vector until the join is complete: a digest would say nothing.
                replicator.digest = nil
                out.append(.note(.joinBegan))
            case .joined: out.append(.note(.joined(vector)))
            case .alarm(let alarm): out.append(.alarm(.transfer(alarm)))
            case .malformed(let peer, let error):
                out.append(.peerRefused(peer, .other("a part of a snapshot could not be read: \(error)")))
            }
        }
        switch transfer.status.join?.phase {
        case .documents, .complete: replicator.pausesPulling = true
        case .tail, .done: replicator.pausesPulling = false
        case nil: replicator.pausesPulling = transfer.isJoining
        }
    }

    /// The ledger moved without an op: a snapshot came to its end.
    private mutating func adopt(_ position: LedgerPosition, _ now: Moment, _ out: inout [RecordsDirective]) {
        if position.origin != origin {
            follow(replicator.handle(.epochBegun(position.origin, position.vector), at: now), now, &out)
            numbersAreKnown = false
            out.append(.note(.epochBegun(position.origin)))
        }
        replicator.hello.floor = position.floor
        replicator.digest = nil
        follow(replicator.handle(.advanced(position.vector), at: now), now, &out)
    }
}
