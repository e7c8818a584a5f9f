import Kernel
import Replication
import WebAPI

extension RecordsHealthResource {
    /// How the records do.
    init(_ status: Replication.RecordsStatus) {
        let own = status.origin.site
        let others = status.members.filter { $0.site != own && $0.state != .retired }
        self.init(
            acknowledged: status.reached,
            lag: Dictionary(others.map { ($0.site.name, $0.missing) }, uniquingKeysWith: { $1 }),
            clock: ClockResource(status),
            join: status.transfer.join.map { JoinResource($0, donor: status.transfer.donor) },
            verification: VerificationResource(status.transfer),
            logFloor: LogFloorResource(
                origins: status.floor.heads.count,
                ops: status.floor.heads.reduce(0) { $0 + $1.sequence }
            ),
            halted: status.halted.map(\.text)
        )
    }
}

extension Replication.RecordsStatus {
    /// How far this site's newest op has got, by the vectors that its peers told; nil when it wrote none.
    fileprivate var reached: Acknowledgement? {
        let newest = vector[origin]
        guard newest > 0 else { return nil }
        let holders = members.filter { ($0.durable?[origin] ?? 0) >= newest }
        let active = members.count { $0.state == .active }
        if active > 0, holders.count(where: { $0.state == .active }) >= Membership.majority(of: active) {
            return .majority
        }
        return holders.contains { $0.site != origin.site && $0.state != .retired } ? .one : .local
    }
}

extension ClockResource {
    fileprivate init(_ status: Replication.RecordsStatus) {
        let offset = status.clockOffset?.milliseconds
        switch status.clockBasis {
        case .agreed(let sources, let count):
            self.init(
                basis: "agreed",
                sources: sources,
                of: count,
                offsetMs: offset,
                trusted: status.isClockTrusted
            )
        case .disputed: self.init(basis: "disputed", offsetMs: offset, trusted: status.isClockTrusted)
        case .alone: self.init(basis: "alone", offsetMs: offset, trusted: status.isClockTrusted)
        }
    }
}

extension JoinResource {
    fileprivate init(_ progress: JoinProgress, donor: SiteID?) {
        let phase =
            switch progress.phase {
            case .documents: "documents"
            case .complete: "logs"
            case .tail: "tail"
            case .done: "done"
            }
        self.init(phase: phase, donor: donor?.name, documents: progress.documents, ranges: progress.chunks)
    }
}

extension VerificationResource {
    /// What the checks of the disk found.
    init(_ status: TransferStatus) {
        self.init(
            rounds: status.scrubRounds,
            opsLookedAt: status.scrubbedOps,
            damagedOps: status.damagedOps.map(\.text),
            damagedDocuments: status.damagedDocuments.map { id in
                DocumentResource(type: DocumentTypeName.text(id.type), key: id.key)
            },
            differing: status.differing.map(\.name)
        )
    }
}
