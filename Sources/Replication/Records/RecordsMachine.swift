package import Kernel

/// All that a site does about its records beside the disk itself, as one value: propagation, acknowledgements, clocks,
/// membership, snapshots, equality, forgetting.
///
/// Whoever drives it (the site's core, the simulator) hands it frames, the outcomes of disk work and the time, and
/// carries out its directives in order. The ledger's own rules run where the transaction runs.
package struct RecordsMachine: Sendable {
    /// What a task was for.
    enum Purpose: Hashable, Sendable {
        case epoch
        case release
        case peerVectors
        case digest
        case forget
        case level
        case heard
        case numbers
        case membership(UInt64)
        case transfer(TransferJob)
    }

    /// Who this site is.
    package let site: SiteID
    let settings: RecordsSettings
    var replicator: Replicator
    var decisions: DecisionMaker
    var acknowledgements: Acknowledgements
    var clock: ClockAgreement
    var transfer: StateTransfer

    var tasks: [LedgerTaskToken: Purpose] = [:]
    var lastTask: UInt64 = 0
    /// Peers whose hello was accepted on the present link.
    var linked: Set<SiteID> = []
    /// What peers have on disk, held-back ops included, and when they said so.
    var progress: [SiteID: MemberProgress]
    /// Whether `progress` has changed since it was written to disk.
    var progressIsUnsaved = false
    /// The level of the schema that each peer said that it understands, in this life of the site.
    var levels: [SiteID: UInt32] = [:]
    /// The level that the ledger was told to keep to.
    package internal(set) var writableLevel = DocumentSchema.oldestLevel
    /// When held-back ops may be applied; nil when none is held back.
    var releaseAt: WallTime?
    /// What was stable when, oldest first: logs are kept for a while beyond that.
    var stableHistory: [(at: Instant, stable: VersionVector)] = []
    var stability: Stability?
    /// Members of which the operator was advised that they should be suspended.
    var advised: Set<SiteID> = []
    var nextHousekeeping: Instant
    var nextForgetting: Instant
    var lastProposal: UInt64 = 0
    /// Who asked for a proposal, by its id.
    var proposers: [UInt64: RecordsCommandToken] = [:]
    /// True until this site has said that it does not remember what it voted: its disk was set back or is damaged.
    var forgotVotes: Bool
    var nextHeardSave: Instant
    /// What was to be saved last of votes and decisions; a save that fails is tried again with it.
    var newestVotes: [UInt8] = []
    var newestVotesNumber: UInt64 = 0
    /// The newest save of votes that failed.
    var unsavedVotes: UInt64?
    /// True once the ledger was told that it knows which numbers for people this site gave out.
    var numbersAreKnown = false
    var nextLookAtDisk = Instant.zero
    /// True while the disk was blank when this life began and nobody has told yet whether it had ever been another.
    var mayHaveLostDisk: Bool

    /// Starts with what the disk says.
    package init(_ boot: RecordsBoot, at now: Moment) {
        var random = boot.random
        let hello = boot.hello
        site = hello.site
        settings = boot.settings
        let founders = Membership(founders: boot.isNewcomer ? [] : boot.founders)
        decisions = DecisionMaker(site: site, membership: founders, random: random.split())
        forgotVotes = boot.wasSetBack
        if let saved = boot.membership {
            if let again = try? DecisionMaker(site: site, saved: saved, random: random.split()) {
                decisions = again
            } else {
                forgotVotes = true
            }
        }
        replicator = Replicator(hello: hello)
        acknowledgements = Acknowledgements(site: site, counted: [], members: [])
        clock = ClockAgreement(at: now)
        transfer = StateTransfer(site: site, vector: hello.vector, isJoining: boot.isJoining)
        progress = boot.peerVectors
        nextHeardSave = now.instant + Limits.heardSaveInterval
        releaseAt = boot.releaseAt
        nextHousekeeping = now.instant
        nextForgetting = now.instant + Limits.forgettingInterval
        mayHaveLostDisk = hello.vector.heads.allSatisfy { $0.origin.site != hello.site }
        replicator.hello.membership = decisions.head
        replicator.pausesPulling = boot.isJoining
        _ = countMembers()
    }

    /// What this site has applied.
    package var vector: VersionVector { replicator.vector }

    /// Under which name this site writes.
    package var origin: Origin { replicator.origin }

    /// Who belongs to the cluster.
    package var membership: Membership { decisions.membership }

    /// What peers said last that they have on disk, linked or not.
    package var durable: [SiteID: VersionVector] { progress.mapValues(\.vector) }

    /// The root of the digest at `vector`; nil while it is not known.
    package var digest: DocumentHash? { replicator.digest }

    /// The time to stamp with: the wall clock, or the time that most sites agree on when it is off.
    package func wall(at now: Moment) -> WallTime { clock.wall(at: now) }

    /// When to send `.timer`; nil when there is nothing to wait for.
    package var nextDeadline: Instant? {
        [
            replicator.nextDeadline, decisions.nextDeadline, acknowledgements.nextDeadline, transfer.nextDeadline,
            nextHousekeeping,
        ].compactMap { $0 }.min()
    }

    /// Takes an event.
    package mutating func handle(_ event: RecordsEvent, at now: Moment) -> [RecordsDirective] {
        var out: [RecordsDirective] = []
        if forgotVotes {
            forgotVotes = false
            loseMemory(now, &out)
        }
        switch event {
        case .linkUp(let peer): follow(replicator.handle(.linkUp(peer), at: now), now, &out)
        case .linkDown(let peer): linkDown(peer, now, &out)
        case .frame(let peer, let frame): take(frame, from: peer, now, &out)
        case .committed(let result):
            follow(replicator.handle(.committed(result.vector, result.batch), at: now), now, &out)
            tellTransfer(now, &out)
        case .applied(let application, let outcome):
            releaseAt = outcome.releaseAt
            follow(replicator.handle(.applied(application, outcome), at: now), now, &out)
            tellTransfer(now, &out)
        case .applyFailed(let application):
            follow(replicator.handle(.applyFailed(application), at: now), now, &out)
            lookAtDisk(now, &out)
        case .read(let reading, let batch, let damaged):
            follow(replicator.handle(.read(reading, batch), at: now), now, &out)
            if let damaged { follow(transfer.handle(.damaged(damaged), at: now.instant), now, &out) }
        case .taskDone(let token, let result): taskDone(token, result, now, &out)
        case .command(let token, let command): perform(command, token, now, &out)
        case .timer: break
        }
        advance(now, &out)
        return out
    }

    /// Does what is due.
    private mutating func advance(_ now: Moment, _ out: inout [RecordsDirective]) {
        if let due = replicator.nextDeadline, due <= now.instant {
            follow(replicator.handle(.timer, at: now), now, &out)
        }
        if let due = decisions.nextDeadline, due <= now.instant {
            follow(decisions.handle(.timer, at: now.instant), now, &out)
        }
        if let due = transfer.nextDeadline, due <= now.instant {
            follow(transfer.handle(.timer, at: now.instant), now, &out)
        }
        if let due = acknowledgements.nextDeadline, due <= now.instant {
            resolve(acknowledgements.expire(at: now.instant), &out)
        }
        if nextHousekeeping <= now.instant {
            nextHousekeeping = now.instant + Limits.housekeepingInterval
            keepHouse(now, &out)
        }
    }

    /// Looks soon whether a damaged document is why ops could not be applied.
    private mutating func lookAtDisk(_ now: Moment, _ out: inout [RecordsDirective]) {
        guard nextLookAtDisk <= now.instant else { return }
        nextLookAtDisk = now.instant + Limits.lookAtDiskInterval
        follow(transfer.handle(.scrubNow, at: now.instant), now, &out)
    }

    mutating func linkDown(_ peer: SiteID, _ now: Moment, _ out: inout [RecordsDirective]) {
        let wasLinked = linked.remove(peer) != nil
        follow(replicator.handle(.linkDown(peer), at: now), now, &out)
        guard wasLinked else { return }
        follow(decisions.handle(.linkDown(peer), at: now.instant), now, &out)
        follow(transfer.handle(.peerDown(peer), at: now.instant), now, &out)
    }

    /// Tells state transfer where this site stands.
    mutating func tellTransfer(_ now: Moment, _ out: inout [RecordsDirective]) {
        var stored = vector
        stored.merge(replicator.stored)
        follow(
            transfer.handle(.advanced(vector, stored: stored, root: replicator.digest), at: now.instant),
            now,
            &out
        )
    }
}
