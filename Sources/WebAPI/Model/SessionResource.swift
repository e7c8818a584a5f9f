package import ContactCenter

/// A session.
package struct SessionResource: Codable, Hashable, Sendable {
    /// When the token ends.
    package var expiresAt: Timestamp
    /// Who it is.
    package var account: AccountResource
    /// The serving site.
    package var site: String
    /// All sites, so that a desk knows where to go when this one fails.
    package var sites: [SiteResource]

    /// Puts one together.
    package init(
        expiresAt: Timestamp,
        account: AccountResource,
        site: String,
        sites: [SiteResource]
    ) {
        self.expiresAt = expiresAt
        self.account = account
        self.site = site
        self.sites = sites
    }
}

/// What a sign-in answers.
package struct NewSessionResource: Codable, Hashable, Sendable {
    /// The bearer token, good at every site.
    package var token: String
    /// When it ends.
    package var expiresAt: Timestamp
    /// Who it is.
    package var account: AccountResource
    /// The serving site.
    package var site: String
    /// All sites.
    package var sites: [SiteResource]

    /// Puts one together.
    package init(
        token: String,
        expiresAt: Timestamp,
        account: AccountResource,
        site: String,
        sites: [SiteResource]
    ) {
        self.token = token
        self.expiresAt = expiresAt
        self.account = account
        self.site = site
        self.sites = sites
    }
}

/// An account.
package struct AccountResource: Codable, Hashable, Sendable {
    /// The login.
    package var login: String
    /// The person's name.
    package var name: String
    /// What the account may do.
    package var role: AccountRole
    /// The agent who signs in with it.
    @Nullable package var agent: String?

    /// Puts one together.
    package init(
        login: String,
        name: String,
        role: AccountRole,
        agent: String? = nil
    ) {
        self.login = login
        self.name = name
        self.role = role
        self.agent = agent
    }
}
