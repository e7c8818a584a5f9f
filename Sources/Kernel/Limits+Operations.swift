// Bounds of what operators ask of a site: acknowledgements, backups, the lost-and-found.

extension Limits {
    /// How long a change waits for other sites' disks when nobody says how long: what a person does not notice.
    package static let acknowledgementPatienceDefault = Span.milliseconds(250)
    /// The longest that an operator may have the log kept: a year, in hours.
    package static let logRetentionHoursMax = 8_760
    /// Length of a backup's name: site, date and a word fit twice.
    package static let backupNameBytesMax = 64
    /// Backups listed: an operator who keeps more should thin them out.
    package static let backupsListedMax = 200
    /// Deleted documents looked at for one page of the lost-and-found: those of years, as the others are forgotten.
    package static let lostFoundScanMax = 100_000
    /// Values shown of one deleted document; the rest are counted.
    package static let lostFoundValuesMax = 50
}
