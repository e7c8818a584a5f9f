import ContactCenter
import Kernel

/// The fields of an agent in a request.
struct AgentFields {
    var profile: StaffEdit.AgentProfileChange
    var password: String?

    /// Takes all fields; `known` is the profile as it stands.
    init(_ fields: inout BodyFields, id: AgentID, known: Agent?) {
        var profile = StaffEdit.AgentProfileChange()
        let name = fields.line("name")
        if known == nil || name.isCleared { _ = fields.require("name", name) }
        profile.name = name.value
        if let site = fields.line("site", max: Limits.siteNameBytesMax).value {
            profile.site = SiteID(site)
            if profile.site == nil { fields.fail("site", "is not the name of a site") }
        }
        profile.tier = fields.choice("tier", AgentTierName.self).value?.tier
        profile.skills = fields.list("skills", SkillFields.check).itemsOrEmpty.map(SkillFields.set)
        profile.language = fields.line("language", max: 35).textOrEmpty
        profile.isActive = fields.bool("active").value
        profile.team = fields.line("team").textOrEmpty
        profile.answersOn = fields.choice("answersOn", AnswerPlace.self).value
        profile.sipUser = fields.line("sipUser", max: Limits.documentKeyBytesMax).value
        let sipPassword = fields.text("sipPassword", max: Limits.passwordBytesMax).value
        if let sipPassword {
            if sipPassword.count < Limits.passwordCharactersMin {
                fields.fail("sipPassword", "must have at least \(Limits.passwordCharactersMin) characters")
            }
            let user = profile.sipUser ?? known?.sipUser ?? id.key
            profile.sipDigest = SIPDigest.ha1(user: user, password: sipPassword)
            profile.sipDigestSHA256 = SIPDigest.ha1SHA256(user: user, password: sipPassword)
        } else if let user = profile.sipUser, let known, user != known.sipUser, known.sipDigest != nil {
            // The digest contains the user name, so a new name makes the old one worthless.
            fields.fail("sipPassword", "is required with a new sipUser")
        }
        password = fields.text("password", max: Limits.passwordBytesMax).value
        if let password, password.count < Limits.passwordCharactersMin {
            fields.fail("password", "must have at least \(Limits.passwordCharactersMin) characters")
        }
        self.profile = profile
    }
}

/// Skills as `skill:level`.
enum SkillFields {
    static func check(_ text: String) -> Result<String, ListProblem> {
        guard let skill = Skill(text) else {
            return .failure(ListProblem(message: "must be a skill and its level, such as billing:3"))
        }
        return .success(skill.description)
    }

    static func set(_ texts: [String]) -> SkillSet {
        SkillSet(texts.compactMap { Skill($0) })
    }
}
