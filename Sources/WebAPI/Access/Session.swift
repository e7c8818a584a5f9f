package import ContactCenter
package import Kernel

/// Who asks: what a checked token says, brought up to date from the account's record where this site has it.
package struct Session: Hashable, Sendable {
    /// The account.
    package var account: AccountID
    /// The person's name; the login where the record has not arrived here.
    package var name: String
    /// What the account may do.
    package var role: AccountRole
    /// The agent who signs in with it.
    package var agent: AgentID?
    /// The sites that a supervisor may see; empty means all.
    package var sites: [String]
    /// When the token ends.
    package var expiresAt: WallTime

    /// Puts one together.
    package init(
        account: AccountID,
        name: String,
        role: AccountRole,
        agent: AgentID?,
        sites: [String],
        expiresAt: WallTime
    ) {
        self.account = account
        self.name = name
        self.role = role
        self.agent = agent
        self.sites = sites
        self.expiresAt = expiresAt
    }

    /// The author of what this session changes.
    var actor: Actor { Actor(account.key) }
}
