/// Why the site did not do what was asked.
package struct GatewayError: Error, Hashable, Sendable {
    /// What kind of refusal it is; each has its HTTP status.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// There is no such thing (404).
        case notFound
        /// The state of things forbids it: no contact to hang up, agent signed in elsewhere (409).
        case refused
        /// The request makes no sense to the domain (422).
        case invalid
        /// The site is starting, draining or its disk fails (503).
        case unavailable
        /// A queue on the way is full; try again (503 with Retry-After).
        case overloaded
        /// The disk is full (507).
        case storageFull
    }

    /// What kind of refusal it is.
    package var code: Code
    /// What to tell the person who asked; never a secret.
    package var message: String
    /// The fields at fault, where some are.
    package var problems: [FieldProblem]
    /// The site that cannot be reached, where that is why.
    package var away: AwaySite?

    /// Makes a refusal.
    package init(_ code: Code, _ message: String, problems: [FieldProblem] = [], away: AwaySite? = nil) {
        self.code = code
        self.message = message
        self.problems = problems
        self.away = away
    }
}

/// A site that cannot be reached from the one that was asked.
package struct AwaySite: Codable, Hashable, Sendable {
    /// Its key.
    package var site: String
    /// When it was heard last; nil when the site that was asked has not heard it since its own start.
    @Nullable package var since: Timestamp?

    /// Names a site.
    package init(site: String, since: Timestamp?) {
        self.site = site
        self.since = since
    }
}

/// What is wrong with one field of a request.
package struct FieldProblem: Codable, Hashable, Sendable {
    /// The line of the body, from 1, where that helps.
    package var line: Int?
    /// The field's name.
    package var field: String?
    /// What is wrong, for people.
    package var message: String

    /// Names a problem.
    package init(line: Int? = nil, field: String? = nil, message: String) {
        self.line = line
        self.field = field
        self.message = message
    }
}
