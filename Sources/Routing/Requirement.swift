package import ContactCenter

/// What an agent must bring to serve a contact: skills at their levels, and a permitted tier.
///
/// Few different ones exist (queues times tiers), and the indexes of free agents and of waiting contacts are kept
/// by it.
package struct Requirement: Hashable, Sendable {
    /// Skills that the agent must have at these levels or above.
    package let skills: SkillSet
    /// The least experienced tier that may serve.
    package let lowestTier: AgentTier
    /// The most experienced tier that may serve.
    package let highestTier: AgentTier

    /// Makes a requirement.
    package init(skills: SkillSet, tiers: ClosedRange<AgentTier> = .consultant ... .senior) {
        self.skills = skills
        lowestTier = tiers.lowerBound
        highestTier = tiers.upperBound
    }

    /// True when an agent of this tier with these skills may serve.
    package func admits(tier: AgentTier, skills offered: SkillSet) -> Bool {
        admits(tier: tier) && offered.satisfies(skills)
    }

    /// True when an agent of this tier may serve, whatever her skills.
    package func admits(tier: AgentTier) -> Bool { lowestTier <= tier && tier <= highestTier }
}
