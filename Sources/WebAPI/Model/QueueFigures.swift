/// What a queue's contacts of the day came to, as one sum over the sites heard and part by part.
///
/// Each contact is counted once, at the site where it arrived; the day is that of UTC.
package struct QueueFigures: Codable, Hashable, Sendable {
    /// Contacts that entered the queue.
    package var offered: Int
    /// Contacts that an agent answered.
    package var answered: Int
    /// Contacts that gave up, short abandons left out.
    package var abandoned: Int
    /// Contacts that gave up so soon that they do not count.
    package var shortAbandoned: Int
    /// Contacts refused, lost with a site, or served on elsewhere.
    package var other: Int
    /// Contacts that still wait, beyond the service level's time.
    package var overdue: Int
    /// The service level in its four variants.
    package var serviceLevels: ServiceLevels
    /// Average speed of answer: the mean wait of answered contacts, in milliseconds.
    @Nullable package var speedOfAnswerMs: Int64?
    /// Average handling time: talking, hold and wrap-up of an answered contact, in milliseconds.
    @Nullable package var handlingTimeMs: Int64?
    /// Average after-contact work of an answered contact, in milliseconds.
    @Nullable package var wrapUpMs: Int64?
    /// Abandoned over offered, short abandons left out of both, 0 to 1.
    @Nullable package var abandonment: Double?
    /// The longest wait that ended, in milliseconds.
    package var longestWaitMs: Int64
    /// Each site's part.
    package var parts: [QueueFiguresPart]

    /// Puts one together; without arguments, that of a queue that nobody has entered.
    package init(
        offered: Int = 0,
        answered: Int = 0,
        abandoned: Int = 0,
        shortAbandoned: Int = 0,
        other: Int = 0,
        overdue: Int = 0,
        serviceLevels: ServiceLevels = ServiceLevels(),
        speedOfAnswerMs: Int64? = nil,
        handlingTimeMs: Int64? = nil,
        wrapUpMs: Int64? = nil,
        abandonment: Double? = nil,
        longestWaitMs: Int64 = 0,
        parts: [QueueFiguresPart] = []
    ) {
        self.offered = offered
        self.answered = answered
        self.abandoned = abandoned
        self.shortAbandoned = shortAbandoned
        self.other = other
        self.overdue = overdue
        self.serviceLevels = serviceLevels
        self.speedOfAnswerMs = speedOfAnswerMs
        self.handlingTimeMs = handlingTimeMs
        self.wrapUpMs = wrapUpMs
        self.abandonment = abandonment
        self.longestWaitMs = longestWaitMs
        self.parts = parts
    }
}

/// One service level counted four ways: A answered and B abandoned in time, N all that were answered, abandoned or wait
/// beyond the time.
package struct ServiceLevels: Codable, Hashable, Sendable {
    /// A/(N−B): who gave up in time does not count.
    @Nullable package var ignoreAbandons: Double?
    /// A/N: everybody who gave up counts against.
    @Nullable package var negative: Double?
    /// (A+B)/N: who gave up in time counts as served.
    @Nullable package var positive: Double?
    /// A/answered.
    @Nullable package var handledOnly: Double?

    /// Puts one together.
    package init(
        ignoreAbandons: Double? = nil,
        negative: Double? = nil,
        positive: Double? = nil,
        handledOnly: Double? = nil
    ) {
        self.ignoreAbandons = ignoreAbandons
        self.negative = negative
        self.positive = positive
        self.handledOnly = handledOnly
    }
}

/// One site's part of a queue's figures.
package struct QueueFiguresPart: Codable, Hashable, Sendable {
    /// The site that counted.
    package var site: String
    /// How old its count is, in milliseconds.
    package var ageMs: Int64
    /// Whether the site is overdue.
    package var stale: Bool
    /// Contacts that entered there.
    package var offered: Int
    /// Contacts answered.
    package var answered: Int
    /// Contacts abandoned.
    package var abandoned: Int
    /// Share answered in time, who gave up in time left out.
    @Nullable package var serviceLevel: Double?

    /// Puts one together.
    package init(
        site: String,
        ageMs: Int64,
        stale: Bool,
        offered: Int,
        answered: Int,
        abandoned: Int,
        serviceLevel: Double? = nil
    ) {
        self.site = site
        self.ageMs = ageMs
        self.stale = stale
        self.offered = offered
        self.answered = answered
        self.abandoned = abandoned
        self.serviceLevel = serviceLevel
    }
}
