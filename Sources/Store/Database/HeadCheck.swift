import Kernel

/// Decides at a start whether the database is the one that last ran here, as far as it came.
enum HeadCheck {
    /// Why the site must write under a new epoch, as a clause for the log; nil when it need not.
    ///
    /// `own` is what the database says, its incarnation that of the last start before this one.
    static func reason(_ found: HeadFile.Content, own: HeadRecord, isNew: Bool, path: String) -> String? {
        let file = HeadFile.path(of: path)
        switch found {
        case .missing:
            return isNew ? nil : "the head file \(file) is missing, so the database may be an older copy"
        case .damaged:
            return isNew ? nil : "the head file \(file) is damaged, so the database may be an older copy"
        case .record(let head):
            guard head.instance == own.instance else {
                return "the database \(path) is another one than that which last ran here"
            }
            let isBehind =
                (head.epoch, head.sequence) > (own.epoch, own.sequence) || head.incarnation > own.incarnation
            guard isBehind else { return nil }
            return "the database \(path) is an older copy: it ends at op \(own.sequence) of epoch \(own.epoch) and "
                + "start \(own.incarnation), but this site had come to op \(head.sequence) of epoch \(head.epoch) "
                + "and start \(head.incarnation)"
        }
    }
}
