extension Limits {
    /// Requests that wait for the disk: ten seconds of the busiest hour; beyond it a caller is told to come back.
    package static let storeInboxRequestsMax = 20_000
    /// Work of one transaction, so that a caller who comes during it waits milliseconds and not seconds.
    package static let storeRequestsPerCommitMax = 1_024
    /// Reader connections: the web edge has two or three cores to spend; more would only fight for them.
    package static let storeReadersMax = 4
    /// A reader pins the write-ahead log while it lives; what takes longer is a mistake in a query.
    package static let storeReadMillisecondsMax = 5_000
    /// Planning the largest import looks up each row several times; the log grows meanwhile, which the disk bears.
    package static let importPlanMillisecondsMax = 60_000
    /// Contact records that a starting site looks at: a day of the busiest site.
    package static let bootContactsMax = 50_000
    /// Reading these at the start of a site, on a cold and slow disk.
    package static let bootReadMillisecondsMax = 60_000
    /// How long a connection waits for another's lock before it gives up.
    package static let storeBusyMilliseconds = 5_000
    /// Pages in the write-ahead log after which they are brought into the file, beside the writer (8 MiB): pages that
    /// change often are so copied once for many commits.
    package static let storeCheckpointPages = 2_000
    /// So few pages (2 MiB) the writer brings in itself, which takes it some milliseconds.
    package static let storeCheckpointPagesAtOnce = 500
    /// So often more are copied beside a writer who is faster than the copying; then it has to wait for its own.
    package static let storeCheckpointRounds = 8
    /// Pages after which SQLite brings them in by itself, where the store's thread does not run (32 MiB).
    package static let storeCheckpointPagesForced = 8_000
    /// The write-ahead log's file is cut back to this size after a checkpoint (64 MiB).
    package static let storeLogBytesMax = 64 << 20
    /// Page cache of the writer, in KiB; readers share the system's cache.
    package static let storeWriterCacheKilobytes = 32_768
    /// Page cache of each reader, in KiB.
    package static let storeReaderCacheKilobytes = 4_096
    /// Decoded documents kept by the writer between transactions: those in use by running calls and by a catch-up
    /// of what was changed lately; about 4 KB each in memory.
    package static let storeCachedDocumentsMax = 16_384
    /// Stored bytes of those documents, some of which are tickets with years of notes (16 MiB): decoded they take
    /// several times that.
    package static let storeCachedBytesMax = 16 << 20
    /// Documents that leave the cache are released so many with each transaction: some tenths of a millisecond.
    package static let storeCachedReleasedAtOnce = 128
    /// Characters of a name by which lists are ordered: what differs later is the same to a reader.
    package static let sortNameCharactersMax = 100
    /// Rows of one page of a list: what a person scrolls through, not an export.
    package static let storePageRowsMax = 200
    /// Tickets and contacts shown in a customer's history.
    package static let storeHistoryRowsMax = 50
    /// Words of a search text that count; a person types fewer.
    package static let searchTermsMax = 8
    /// Characters of a search text that count.
    package static let searchCharactersMax = 128
    /// Characters of one document that full-text search covers: long notes are found by their beginning.
    package static let searchIndexedCharactersMax = 16_384
    /// Digits of the shortest tail of a phone number that is a search word: the length of a local number.
    package static let searchPhoneTailMin = 7
    /// Syllables of a Chinese name joined into one word for search by Latin letters.
    package static let searchSyllablesMax = 6
    /// Customers of one op of an import, within `editsPerRequestMax`; several such ops stand in one transaction.
    package static let importCustomersPerOp = 50
    /// Customers of one phone number or name that an import compares with a row.
    package static let importCandidatesMax = 50
    /// Pages of a damaged database that the integrity check names.
    package static let storeIntegrityErrorsMax = 10
}
