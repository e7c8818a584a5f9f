import Kernel

// What is done about once a second, and what once a minute.
extension RecordsMachine {
    mutating func keepHouse(_ now: Moment, _ out: inout [RecordsDirective]) {
        tell(clock.tick(at: now), &out)
        // The first round saves the founders.
        follow(decisions.handle(.timer, at: now.instant), now, &out)
        if let releaseAt, releaseAt <= wall(at: now), !isUnderWay(.release) {
            perform(.releaseHeldBack, for: .release, &out)
        }
        if progressIsUnsaved, !isUnderWay(.peerVectors) {
            progressIsUnsaved = false
            perform(.savePeerVectors(durable), for: .peerVectors, &out)
        }
        if replicator.digest == nil, !linked.isEmpty, !transfer.isJoining, !isUnderWay(.digest) {
            perform(.readDigest, for: .digest, &out)
        }
        if nextHeardSave <= now.instant {
            nextHeardSave = now.instant + Limits.heardSaveInterval
            perform(.saveBlob(LedgerBlob.heard, HeardTimes.encode(progress)), for: .heard, &out)
        }
        if unsavedVotes != nil, !isUnderWay(.membership(newestVotesNumber)) {
            perform(.saveBlob(LedgerBlob.membership, newestVotes), for: .membership(newestVotesNumber), &out)
        }
        knowNumbers(&out)
        raiseLevel(&out)
        if nextForgetting <= now.instant {
            nextForgetting = now.instant + Limits.forgettingInterval
            forget(now, &out)
        }
    }

    /// Tells the ledger that it has seen all that this site ever wrote, as far as any member can tell: from then on
    /// numbers for people go on where they ended.
    private mutating func knowNumbers(_ out: inout [RecordsDirective]) {
        guard !numbersAreKnown, !transfer.isJoining else { return }
        let others = counted.filter { $0 != site }
        let isTold = others.allSatisfy { other in
            linked.contains(other)
                && (progress[other]?.vector.heads.allSatisfy { $0.origin.site != site || vector.contains($0) } ?? false)
        }
        guard isTold else { return }
        numbersAreKnown = true
        perform(.knowNumbers, for: .numbers, &out)
    }

    /// Lets the ledger write what every counted member has said that it understands, in this life of the site.
    mutating func raiseLevel(_ out: inout [RecordsDirective]) {
        let others = counted.filter { $0 != site }
        let level = others.map { levels[$0] ?? DocumentSchema.oldestLevel }.reduce(replicator.hello.schema, min)
        guard level != writableLevel, !isUnderWay(.level) else { return }
        writableLevel = level
        perform(.setWritableLevel(level), for: .level, &out)
    }

    /// Works out what all counted members have, and drops what nobody needs any more.
    private mutating func forget(_ now: Moment, _ out: inout [RecordsDirective]) {
        let stability = Stability(
            site: site,
            counted: counted,
            own: vector,
            progress: progress,
            keptBytes: 0,
            keptBytesMax: .max,
            at: wall(at: now)
        )
        self.stability = stability
        advise(stability, &out)
        stableHistory.append((now.instant, stability.stable))
        let oldEnough = now.instant - settings.logRetention
        let trim = stableHistory.last { $0.at <= oldEnough }?.stable ?? VersionVector()
        // One entry at or before the bound is enough.
        if let last = stableHistory.lastIndex(where: { $0.at <= oldEnough }), last > 0 {
            stableHistory.removeFirst(last)
        }
        if stableHistory.count > Limits.stableHistoryMax {
            // Every other one: coarser, but as far back.
            stableHistory = stableHistory.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        }
        guard !isUnderWay(.forget), !transfer.isJoining else { return }
        perform(.forget(stable: stability.stable, trim: trim), for: .forget, &out)
        // The log must not seem to reach back to where it cannot be read: who needs that takes a snapshot elsewhere.
        for dot in hopelessOps { perform(.beginLogAfter(dot), for: .forget, &out) }
    }

    /// The damaged ops that nobody can mend any more: others have them only in their documents, or not at all.
    private var hopelessOps: [Dot] {
        let others = counted.filter { $0 != site }
        guard !others.isEmpty, others.allSatisfy({ linked.contains($0) }) else { return [] }
        return transfer.status.damagedOps.filter { dot in
            let floors = others.filter { replicator.peers[$0]?.floor.contains(dot) ?? false }
            let rest = others.filter { !floors.contains($0) }
            return !floors.isEmpty && rest.allSatisfy { !(replicator.peers[$0]?.vector.contains(dot) ?? true) }
        }
    }

    /// Tells the operator once of each member that has been silent for too long.
    private mutating func advise(_ stability: Stability, _ out: inout [RecordsDirective]) {
        let silent = Set(stability.advice.map(\.site))
        for advice in stability.advice where !advised.contains(advice.site) {
            out.append(.alarm(.memberSilent(advice.site, advice.silence)))
        }
        advised = silent
    }
}
