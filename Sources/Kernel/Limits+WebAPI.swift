extension Limits {
    // Lists.

    /// A page of a list: more would make one request slow for all others.
    package static let pageItemsMax = 200
    /// What a list gives when nobody says how much.
    package static let pageItemsDefault = 50
    /// Notes shown with a file or ticket: years of notes would make each screen-pop slow.
    package static let notesShownMax = 200
    /// Earlier tickets on the desk: what fits on a screen.
    package static let deskHistoryMax = 10
    /// Agents named in the explanation of a decision: enough to see why, at 1,000 agents.
    package static let explainedCandidatesMax = 50
    /// Conflicts listed at once: a person settles them one by one.
    package static let conflictsListedMax = 500

    // Requests.

    /// The body of a JSON request: the longest note and description fit many times over.
    package static let jsonBodyBytesMax = 256 * 1_024
    /// The body of a CSV import: some 100,000 customers, and still little beside a node's memory.
    package static let importBodyBytesMax = 16 * 1_024 * 1_024
    /// Nesting of JSON: no request needs more than three; the reader's recursion stays shallow.
    package static let jsonDepthMax = 32
    /// A variable in a path: a document's key, or a conflict's id, which holds a key, a field and a dot.
    package static let pathVariableBytesMax = 256
    /// Items of a list in one field; the records have tighter bounds of their own.
    package static let fieldItemsMax = 500
    /// Problems named in one answer: enough to work on, not a mirror of a broken file.
    package static let problemsNamedMax = 100
    /// All header fields of a request together; a token and the usual fields need a tenth of it.
    package static let headerBytesMax = 32 * 1_024
    /// Open HTTP connections: event streams of all agents and walls, and browsers' spare connections.
    package static let connectionsMax = 4_096
    /// A connection that sends nothing while a request is due is closed after so many seconds.
    package static let connectionIdleSeconds: Int64 = 75
    /// Seconds that a graceful stop leaves to requests under way.
    package static let stopGraceSeconds: Int64 = 5

    // Idempotency keys.

    /// Answers kept for repeated requests: an hour of writes at a busy site.
    package static let idempotencyEntriesMax = 2_000
    /// Longer answers are not kept; a repeat is refused instead of done twice.
    package static let idempotencyAnswerBytesMax = 64 * 1_024
    /// How long an answer is kept: longer than any client goes on retrying.
    package static let idempotencySpan = Span.minutes(60)
    /// Length of a key: a UUID, twice.
    package static let idempotencyKeyBytesMax = 80

    // Sign-in.

    /// How long a token is good: a shift and its overtime.
    package static let tokenSpan = Span.seconds(12 * 3_600)
    /// Length of a token: ours have 400 bytes; nothing longer is even parsed.
    package static let tokenBytesMax = 4_096
    /// How long an account that was looked up is trusted: a barred account is out within this time.
    package static let accountCacheSpan = Span.seconds(5)
    /// Accounts remembered; one entry a person at work.
    package static let accountCacheEntriesMax = 4_096
    /// How long a site's key that was looked up is trusted.
    package static let siteKeyCacheSpan = Span.seconds(60)
    /// How long a site is remembered to have no key here: its record may be on the way.
    package static let siteKeyAbsenceSpan = Span.seconds(2)
    /// Keys remembered: more than any cluster has sites, and a bound on invented names.
    package static let siteKeyCacheEntriesMax = 256
    /// Length of a password in bytes: scrypt takes any length, the request must not.
    package static let passwordBytesMax = 1_024
    /// Shortest password in characters (NIST SP 800-63B §3.1.1.2).
    package static let passwordCharactersMin = 8
    /// Password checks waiting or under way: each takes some 200 ms and 16 MiB.
    package static let passwordChecksMax = 64
    /// Password checks under way at once: leaves a core to calls.
    package static let passwordChecksAtOnce = 2
    /// Wrong passwords for one account from one address before each further try has to wait.
    package static let loginFailuresFree = 5
    /// Wrong passwords from one address within `loginForgetSpan`, whatever the accounts: an office behind one address.
    package static let loginFailuresPerAddress = 100
    /// The longest wait between tries: a forgotten password must not lock a person out for the shift.
    package static let loginWaitMax = Span.seconds(300)
    /// Failures older than this are forgotten.
    package static let loginForgetSpan = Span.minutes(15)
    /// Pairs of account and address remembered; beyond, the oldest go.
    package static let loginEntriesMax = 10_000

    // Event streams.

    /// Streams of one account: tabs, a wall on the second screen, and those that died unnoticed.
    package static let eventStreamsPerAccount = 8
    /// Streams of a site: 1,000 agents, their supervisors, and the desks of a lost site.
    package static let eventStreamsMax = 2_500
    /// A stream whose client took nothing for so long is ended; it reconnects when it can.
    package static let eventStreamStallSpan = Span.seconds(10)
    /// Notices waiting for one client; they come seldom, so more means that nobody reads.
    package static let eventNoticesMax = 32
    /// The least time between two walls: four a second look live.
    package static let wallIntervalSpan = Span.milliseconds(250)
    /// A wall is sent at least this often, so that the ages on it stay true.
    package static let wallRefreshSpan = Span.seconds(5)
    /// Silence on a stream before a comment is sent: below the usual 30 s of proxies.
    package static let keepAliveSpan = Span.seconds(15)

    // Pages.

    /// All pages and assets together: they are held in memory.
    package static let pagesBytesMax = 16 * 1_024 * 1_024
}
