package import Kernel

/// One step of a queue's patience with its own demands: after this wait, less is asked of an agent.
///
/// Written `60 billing:1,english:1 consultant..senior`: seconds, skills (`-` for none), tiers where they change too.
package struct Relaxation: Hashable, Sendable, CustomStringConvertible {
    /// From this wait on.
    package var after: Span
    /// The skills demanded from then on.
    package var skills: SkillSet
    /// The tiers permitted from then on; nil leaves them as the queue's table has them.
    package var tiers: ClosedRange<AgentTier>?

    /// Makes a step.
    package init(after: Span, skills: SkillSet, tiers: ClosedRange<AgentTier>? = nil) {
        self.after = after
        self.skills = skills
        self.tiers = tiers
    }

    /// The written form.
    package var description: String {
        let names = skills.skills.map(\.description).joined(separator: ",")
        let base = "\(after.milliseconds / 1_000) \(names.isEmpty ? "-" : names)"
        return tiers.map { "\(base) \(TierTable.text($0))" } ?? base
    }

    /// Reads the written form; nil when it is not understood or the wait is outside 0…86,400 s.
    package init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2 || parts.count == 3, let seconds = Int64(parts[0]), (0...86_400).contains(seconds)
        else { return nil }
        var skills: [Skill] = []
        for name in parts[1] == "-" ? [] : parts[1].split(separator: ",", omittingEmptySubsequences: false) {
            guard let skill = Skill(String(name)), skills.count < Limits.skillsMax else { return nil }
            skills.append(skill)
        }
        var tiers: ClosedRange<AgentTier>?
        if parts.count == 3 {
            tiers = TierTable.range(parts[2])
            guard tiers != nil else { return nil }
        }
        self.init(after: .seconds(seconds), skills: SkillSet(skills), tiers: tiers)
    }
}
