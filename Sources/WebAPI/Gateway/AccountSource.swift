package import ContactCenter

/// Knows the accounts and the keys that tokens are checked with; both are records that all sites share.
package protocol AccountSource: Sendable {
    /// An account; nil when this site knows none of that login.
    func account(_ id: AccountID) async throws -> AccountRecord?
    /// The public key (PEM, P-256) with which a site signs tokens; nil when this site knows no such site.
    func tokenKey(site: String) async throws -> String?
}

/// An account as it is stored.
package struct AccountRecord: Hashable, Sendable {
    /// The login.
    package var id: AccountID
    /// The person's name.
    package var name: String
    /// What the account may do.
    package var role: AccountRole
    /// The password's hash as `PasswordHash` writes it; secret.
    package var passwordHash: String
    /// The agent who signs in with it.
    package var agent: AgentID?
    /// The sites that a supervisor may see; empty means all.
    package var sites: [String]
    /// False once sign-in is barred.
    package var active: Bool

    /// Puts one together.
    package init(
        id: AccountID,
        name: String,
        role: AccountRole,
        passwordHash: String,
        agent: AgentID?,
        sites: [String],
        active: Bool
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.passwordHash = passwordHash
        self.agent = agent
        self.sites = sites
        self.active = active
    }
}
