package import ContactCenter

/// Written as its raw value: `pendingCustomer`.
extension TicketState: Codable {}

/// Written as its raw value: `supervisor`.
extension AccountRole: Codable {}

extension TierName {
    /// The written form of a tier.
    package init(_ tier: CustomerTier) {
        switch tier {
        case .standard: self = .standard
        case .silver: self = .silver
        case .gold: self = .gold
        case .platinum: self = .platinum
        }
    }

    /// The tier itself.
    package var tier: CustomerTier {
        switch self {
        case .standard: .standard
        case .silver: .silver
        case .gold: .gold
        case .platinum: .platinum
        }
    }
}

extension AgentTierName {
    /// The written form of a tier.
    package init(_ tier: AgentTier) {
        switch tier {
        case .consultant: self = .consultant
        case .intermediate: self = .intermediate
        case .senior: self = .senior
        }
    }

    /// The tier itself.
    package var tier: AgentTier {
        switch self {
        case .consultant: .consultant
        case .intermediate: .intermediate
        case .senior: .senior
        }
    }
}
