package import Kernel

/// Edits that put the records of agents, queues, accounts, sites and keys: create them, or bring them to what is given.
///
/// Values that already stand are not written again.
package enum StaffEdit {
    /// An agent's profile as it shall be; nil leaves a field as it is.
    package struct AgentProfileChange: Hashable, Sendable {
        /// The name that colleagues see.
        package var name: String?
        /// The home site.
        package var site: SiteID?
        /// Experience.
        package var tier: AgentTier?
        /// All skills.
        package var skills: SkillSet?
        /// The user name under which the phone registers.
        package var sipUser: String?
        /// HA1 of digest authentication in hex.
        package var sipDigest: String?
        /// The same with SHA-256; set together with `sipDigest`.
        package var sipDigestSHA256: String?
        /// The language of the pages.
        package var language: String?
        /// False once the agent has left.
        package var isActive: Bool?
        /// The team; empty for none.
        package var team: String?
        /// Where calls are answered.
        package var answersOn: AnswerPlace?

        /// Makes a change of nothing.
        package init() {}
    }

    /// Creates or changes an agent.
    package static func put(
        _ id: AgentID,
        _ change: AgentProfileChange,
        over document: Document? = nil
    ) throws(EditRejection) -> DocumentEdit {
        try checkKey(id.key, name: "id")
        var list = ChangeList(document: document)
        try list.line(AgentField.name, change.name, name: "name")
        try list.line(AgentField.site, change.site?.name, name: "site")
        try list.line(AgentField.sipUser, change.sipUser, name: "sipUser")
        try list.line(AgentField.sipDigest, change.sipDigest, name: "sipPassword")
        try list.line(AgentField.sipDigestSHA256, change.sipDigestSHA256, name: "sipPassword")
        try list.line(AgentField.language, change.language, name: "language")
        try list.line(AgentField.team, change.team, name: "team")
        if let place = change.answersOn { list.set(AgentField.answersOn, .string(place.rawValue)) }
        if let tier = change.tier { list.set(AgentField.tier, .int(tier.rawValue)) }
        if let isActive = change.isActive { list.set(AgentField.active, .bool(isActive)) }
        if let skills = change.skills {
            try list.members(
                AgentField.skills,
                skills.skills.map(\.description),
                max: Limits.skillsMax,
                name: "skills"
            )
        }
        return put(id.documentID, list)
    }

    /// An account as it shall be; nil leaves a field as it is.
    package struct AccountChange: Hashable, Sendable {
        /// The name of the person.
        package var name: String?
        /// What it may do.
        package var role: AccountRole?
        /// The password's hash with its parameters.
        package var passwordHash: String?
        /// The agent that signs in with it.
        package var agent: AgentID?
        /// The sites that a supervisor may see.
        package var sites: [SiteID]?
        /// False bars sign-in.
        package var isActive: Bool?

        /// Makes a change of nothing.
        package init() {}
    }

    /// Creates or changes an account.
    package static func put(
        _ id: AccountID,
        _ change: AccountChange,
        over document: Document? = nil
    ) throws(EditRejection) -> DocumentEdit {
        try checkKey(id.key, name: "login")
        var list = ChangeList(document: document)
        try list.line(AccountField.name, change.name, name: "name")
        try list.line(AccountField.role, change.role?.rawValue, name: "role")
        try list.line(AccountField.passwordHash, change.passwordHash, name: "password")
        try list.line(AccountField.agent, change.agent?.key, name: "agent")
        if let isActive = change.isActive { list.set(AccountField.active, .bool(isActive)) }
        if let sites = change.sites {
            try list.members(AccountField.sites, sites.map(\.name), max: Limits.sitesMax, name: "sites")
        }
        return put(id.documentID, list)
    }

    /// Publishes the public half of a site's token key.
    package static func put(_ key: SiteKey, over document: Document? = nil) throws(EditRejection) -> DocumentEdit {
        var list = ChangeList(document: document)
        try list.body(SiteKeyField.publicKey, key.publicKey, name: "publicKey")
        return put(DocumentID(type: Schema.siteKey, key: key.site.name), list)
    }

    /// Publishes a site's display name and time zone.
    package static func put(
        _ site: SiteID,
        name: String,
        zone: String,
        over document: Document? = nil
    ) throws(EditRejection) -> DocumentEdit {
        var list = ChangeList(document: document)
        try list.line(SiteField.name, name, name: "name")
        try list.line(SiteField.zone, zone, name: "zone")
        return put(DocumentID(type: Schema.site, key: site.name), list)
    }

    /// Logins and short names stand in URLs and documents: letters, digits, dot, hyphen, underscore.
    static func checkKey(_ key: String, name: String) throws(EditRejection) {
        let isPlain = key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default:
                false
            }
        }
        guard (1...Limits.documentKeyBytesMax).contains(key.utf8.count), isPlain else {
            throw EditRejection(
                .invalid,
                field: name,
                "1 to \(Limits.documentKeyBytesMax) letters a–z, digits, dots, hyphens or underscores are possible."
            )
        }
    }

    static func put(_ id: DocumentID, _ list: ChangeList) -> DocumentEdit {
        let changes = list.changes.filter { change in
            guard case .set(let field, let value, _) = change else { return true }
            return (list.document?.value(field) ?? .null) != value
        }
        return DocumentEdit(.id(id, mustExist: false), changes)
    }
}
