package import Kernel

/// An agent's profile, read from its document.
package struct Agent: Hashable, Sendable {
    /// Who; the key is the login.
    package let id: AgentID
    /// The name that colleagues see.
    package let name: String
    /// The home site.
    package let site: SiteID?
    /// Experience.
    package let tier: AgentTier
    /// Skills with levels.
    package let skills: SkillSet
    /// The user name under which the phone registers; the login when none is set.
    package let sipUser: String
    /// HA1 of digest authentication in hex; never shown.
    package let sipDigest: String?
    /// The same with SHA-256; nil in records made before level 3: their phones are offered MD5 alone.
    package let sipDigestSHA256: String?
    /// The language of the pages.
    package let language: String
    /// False once the agent has left.
    package let isActive: Bool
    /// The team, by the name that people see; empty for none.
    package let team: String
    /// Where calls are answered.
    package let answersOn: AnswerPlace
    /// The causal version.
    package let version: String

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = AgentID(document.id), !document.isDeleted else { return nil }
        self.id = id
        name = document.optionalText(AgentField.name) ?? id.key
        site = SiteID(document.text(AgentField.site))
        tier = document.number(AgentField.tier).flatMap(AgentTier.init) ?? .consultant
        skills = document.skills(AgentField.skills)
        sipUser = document.optionalText(AgentField.sipUser) ?? id.key
        sipDigest = document.optionalText(AgentField.sipDigest)
        sipDigestSHA256 = document.optionalText(AgentField.sipDigestSHA256)
        language = document.text(AgentField.language)
        isActive = document.value(AgentField.active)?.bool ?? true
        team = document.text(AgentField.team)
        answersOn = AnswerPlace(rawValue: document.text(AgentField.answersOn)) ?? .phone
        version = document.versionTag
    }
}

/// An account that can sign in, read from its document.
package struct Account: Hashable, Sendable {
    /// Which one; the key is the login.
    package let id: AccountID
    /// The name of the person.
    package let name: String
    /// What it may do.
    package let role: AccountRole
    /// The password's hash with its parameters; never shown.
    package let passwordHash: String?
    /// The agent that signs in with it.
    package let agent: AgentID?
    /// The sites that a supervisor may see; empty means all.
    package let sites: [SiteID]
    /// False once sign-in is barred.
    package let isActive: Bool

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = AccountID(document.id), !document.isDeleted else { return nil }
        self.id = id
        name = document.optionalText(AccountField.name) ?? id.key
        // An unknown role of a newer node may do the least.
        role = AccountRole(rawValue: document.text(AccountField.role)) ?? .agent
        passwordHash = document.optionalText(AccountField.passwordHash)
        agent = document.optionalText(AccountField.agent).map { AgentID($0) }
        sites = document.texts(AccountField.sites).compactMap { SiteID($0) }
        isActive = document.value(AccountField.active)?.bool ?? true
    }
}

/// The public half of a site's token key, read from its document.
package struct SiteKey: Hashable, Sendable {
    /// Whose key.
    package let site: SiteID
    /// The public key in PEM.
    package let publicKey: String

    /// Names a key that is to be published.
    package init(site: SiteID, publicKey: String) {
        self.site = site
        self.publicKey = publicKey
    }

    /// Reads a document; nil when it is of another type, deleted, or holds no key.
    package init?(_ document: Document) {
        guard document.id.type == Schema.siteKey, !document.isDeleted, let site = SiteID(document.id.key),
            let key = document.optionalText(SiteKeyField.publicKey)
        else { return nil }
        self.site = site
        publicKey = key
    }
}
