package import Kernel

/// Something about the records that somebody has to look at.
package enum RecordsAlarm: Hashable, Sendable {
    /// Ops from a peer are wrong.
    case ledger(SiteID, LedgerAlarm)
    /// Peers have ops under this site's name that it does not have: its disk was set back. A new epoch begins.
    case ownOriginAhead(Origin)
}

/// Something about the records that is worth a line in the log.
package enum RecordsNote: Hashable, Sendable {
    /// The site writes under this name now.
    case epochBegun(Origin)
}

/// What somebody asks of the cluster.
package enum RecordsCommand: Hashable, Sendable {
}

/// The answer to a command.
package enum RecordsReply: Hashable, Sendable {
}
