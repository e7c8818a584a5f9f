/// How severe the trouble is; 1 is the worst.
///
/// It orders the waiting and sets due times.
package enum Severity: Int64, Hashable, Comparable, CaseIterable, Sendable {
    /// The customer's business stands still.
    case critical = 1
    /// A main function fails, work goes on with pain.
    case high = 2
    /// Something is wrong, there is a way round.
    case normal = 3
    /// A question or a wish.
    case low = 4

    /// Orders by urgency: a milder severity is less than a graver one.
    package static func < (left: Severity, right: Severity) -> Bool {
        left.rawValue > right.rawValue
    }
}

/// How strong a customer's support is.
package enum CustomerTier: Int64, Hashable, Comparable, CaseIterable, Sendable {
    /// Anyone, known or not.
    case standard = 0
    /// First step up.
    case silver = 1
    /// Second step up.
    case gold = 2
    /// Key accounts.
    case platinum = 3

    /// The name in the API and in import files: `standard`.
    package var name: String {
        switch self {
        case .standard: "standard"
        case .silver: "silver"
        case .gold: "gold"
        case .platinum: "platinum"
        }
    }

    /// Reads a name, whatever its case.
    package init?(name: String) {
        let lowered = name.lowercased()
        guard let tier = CustomerTier.allCases.first(where: { $0.name == lowered }) else { return nil }
        self = tier
    }

    /// Orders by strength.
    package static func < (left: CustomerTier, right: CustomerTier) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// How experienced an agent is.
package enum AgentTier: Int64, Hashable, Comparable, CaseIterable, Sendable {
    /// The first line.
    case consultant = 0
    /// The second line.
    case intermediate = 1
    /// The third line.
    case senior = 2

    /// Orders by experience.
    package static func < (left: AgentTier, right: AgentTier) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The tiers that may serve a contact: the graver the trouble and the stronger the customer's support, the more
    /// experience it takes.
    ///
    /// Senior agents may serve everything (requirement B2).
    package static func permitted(severity: Severity, customer: CustomerTier) -> ClosedRange<AgentTier> {
        if severity == .critical && customer >= .gold { return .senior ... .senior }
        if severity == .critical || customer == .platinum { return .intermediate ... .senior }
        return .consultant ... .senior
    }
}

/// What an account may do.
package enum AccountRole: String, Hashable, CaseIterable, Sendable {
    /// Serves customers.
    case agent
    /// Sees and steers the sites that the account names.
    case supervisor
    /// Everything.
    case administrator
}
