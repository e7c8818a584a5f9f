package import Kernel

/// When a ticket is due, from its severity and the customer's tier.
///
/// Plain elapsed time: business calendars come with the ticket lifecycle and replace `span` by calendar arithmetic
/// over the same table.
package enum DueTime {
    /// Time from raising to the due resolution.
    ///
    /// | | standard, silver | gold | platinum |
    /// |-|-|-|-|
    /// | critical | 4 h | 3 h | 2 h |
    /// | high | 8 h | 6 h | 4 h |
    /// | normal | 48 h | 36 h | 24 h |
    /// | low | 120 h | 90 h | 60 h |
    package static func span(severity: Severity, tier: CustomerTier) -> Span {
        let hours: Int64 =
            switch severity {
            case .critical: 4
            case .high: 8
            case .normal: 48
            case .low: 120
            }
        let quarters: Int64 =
            switch tier {
            case .standard, .silver: 4
            case .gold: 3
            case .platinum: 2
            }
        return .minutes(hours * 60 * quarters / 4)
    }

    /// When a ticket raised then is due.
    package static func due(raisedAt: WallTime, severity: Severity, tier: CustomerTier) -> WallTime {
        raisedAt + span(severity: severity, tier: tier)
    }
}
