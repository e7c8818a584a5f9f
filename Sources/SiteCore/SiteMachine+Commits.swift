import ContactCenter
import Kernel
import Replication

/// What follows from what is on disk.
extension SiteMachine {
    mutating func committed(_ result: BatchResult, _ now: Moment) {
        guard let flight = pipeline.land(result.token) else { return }
        for (application, outcome) in zip(flight.applications, result.applied) {
            follow(records.handle(.applied(application, outcome), at: now), now)
            for document in outcome.changed { project(document, now) }
            if outcome.applied > 0 { changedViews.insert(.wall) }
        }
        for (token, done) in zip(flight.tasks, result.tasks) {
            follow(records.handle(.taskDone(token, done), at: now), now)
        }
        if let edits = result.edits { edited(edits, flight.entries, now) }
    }

    private mutating func edited(_ edits: CommitResult, _ entries: [CommitPipeline.Entry], _ now: Moment) {
        follow(records.handle(.committed(edits), at: now), now)
        for document in edits.changed { project(document, now) }
        for (entry, outcome) in zip(entries, edits.outcomes) {
            switch entry.purpose {
            case .arrival(let contact): recorded(contact, outcome, now)
            case .record(let contact):
                if case .rejected(let why) = outcome { rejected(entry.request, of: contact, why) }
            case .claim(let contact): claimed(contact, outcome, now)
            case .command(let token): collect(EditReceipt(outcome), for: token)
            }
        }
    }

    /// A step of a contact could not be recorded: without the document that somebody deleted meanwhile it can.
    private mutating func rejected(_ request: EditRequest, of contact: ContactID, _ why: CommitRejection) {
        if case .deletedDocument(let id) = why {
            var rest = request
            rest.edits.removeAll { if case .id(id, _) = $0.target { true } else { false } }
            if rest.edits.count < request.edits.count, !rest.edits.isEmpty {
                log(.warning, "contact.recordedWithout", [("contact", contact.key), ("document", id.key)])
                return pipeline.add(rest, for: .record(contact))
            }
        }
        alarm("contact.unrecorded", [("contact", contact.key), ("why", "\(why)")])
    }

    mutating func commitFailed(_ token: CommitToken, _ reason: String, _ now: Moment) {
        guard let flight = pipeline.land(token) else { return }
        alarm("disk.failed", [("why", reason), ("edits", "\(flight.entries.count)")])
        for application in flight.applications {
            follow(records.handle(.applyFailed(application), at: now), now)
        }
        for token in flight.tasks { follow(records.handle(.taskDone(token, nil), at: now), now) }
        var kept: [CommitPipeline.Entry] = []
        for entry in flight.entries {
            switch entry.purpose {
            case .arrival(let contact): recorded(contact, nil, now)
            case .record: kept.append(entry)
            case .claim(let contact): claimed(contact, nil, now)
            case .command(let token):
                let refusal = Refusal(.unavailable, "The change could not be written: \(reason)")
                collect(EditReceipt(dot: nil, refusal: refusal), for: token)
            }
        }
        // How a call went is not lost because the disk was full for a while.
        let room = max(0, Limits.commitWaitingMax - pipeline.count)
        if kept.count > room { alarm("records.dropped", [("count", "\(kept.count - room)")]) }
        pipeline.retry(Array(kept.prefix(room)), at: now.instant + Limits.commitRetryPause)
    }

    private mutating func collect(_ receipt: EditReceipt, for token: CommandToken) {
        guard var command = commands[token] else { return }
        command.receipts.append(receipt)
        command.missing -= 1
        guard command.missing <= 0 else {
            commands[token] = command
            return
        }
        commands[token] = nil
        let refusals = command.receipts.compactMap(\.refusal)
        if refusals.count == command.receipts.count, let first = refusals.first {
            reply(token, .refused(first))
        } else {
            reply(token, command.isDeskCommand ? .done : .edited(command.receipts))
        }
    }
}

extension EditReceipt {
    /// What the ledger made of a request, for those who know no ledger.
    init(_ outcome: CommitOutcome) {
        switch outcome {
        case .committed(let commit):
            self.init(
                dot: commit.dot,
                created: commit.created,
                numbers: commit.numbers,
                conflicts: commit.conflicts
            )
        case .rejected(let rejection):
            self.init(dot: nil, refusal: Refusal(rejection))
        }
    }
}
