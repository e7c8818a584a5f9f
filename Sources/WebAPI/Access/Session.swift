import ContactCenter
import Kernel

/// Who asks: what a checked token says, brought up to date from the account's record where this site has it.
struct Session: Hashable, Sendable {
    /// The account.
    var account: AccountID
    /// The person's name; the login where the record has not arrived here.
    var name: String
    /// What the account may do.
    var role: AccountRole
    /// The agent who signs in with it.
    var agent: AgentID?
    /// The sites that a supervisor may see; empty means all.
    var sites: [String]
    /// When the token ends.
    var expiresAt: WallTime

    /// The author of what this session changes.
    var actor: Actor { Actor(account.key) }
}
