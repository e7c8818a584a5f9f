import Kernel
import Replication

/// The small file beside the database that says how far this site's own log has come.
///
/// It is written after each commit and not with it, so after a crash it may say less than the database, never more,
/// unless the database was set back.
struct VirtualHeadFile: Hashable, Sendable {
    private var head: Dot?
    private var epoch: UInt32 = 0
    private var isTorn = false

    /// Notes what is on disk.
    mutating func write(_ ledger: Ledger) {
        let sequence = ledger.vector[ledger.origin]
        head = Dot(origin: ledger.origin, sequence: sequence)
        epoch = ledger.origin.epoch
        isTorn = false
    }

    /// Half of it was written when the power went.
    mutating func tear() {
        isTorn = true
    }

    /// What a starting site concludes: true when it cannot be sure which sequence numbers it has used.
    func demandsEpoch(_ ledger: Ledger) -> Bool {
        if isTorn { return true }
        guard let head else { return false }
        if epoch != ledger.origin.epoch { return epoch > ledger.origin.epoch }
        return head.sequence > ledger.vector[ledger.origin]
    }
}
