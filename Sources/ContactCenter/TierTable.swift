/// Which agents' tiers may serve, by severity and customer tier; what nobody stated is as `AgentTier.permitted` says.
///
/// Written as a list of what differs: `critical/gold=senior normal/standard=consultant..intermediate`; `*` stands for
/// every severity or every customer tier, and a later entry stands above an earlier one. Small and cheap to compare:
/// four bits for each of the sixteen cases.
package struct TierTable: Hashable, Sendable, CustomStringConvertible {
    /// Each case's stated range: zero for none, else the lowest tier plus one in the low two bits, the highest plus
    /// one above them.
    private var bits: UInt64 = 0

    /// The table in which nothing is stated.
    package init() {}

    /// The table that `AgentTier.permitted` is.
    package static let standard = TierTable()

    /// The tiers that may serve a contact.
    package func permitted(severity: Severity, customer: CustomerTier) -> ClosedRange<AgentTier> {
        stated(severity, customer) ?? AgentTier.permitted(severity: severity, customer: customer)
    }

    /// States the tiers for one case.
    package mutating func permit(_ tiers: ClosedRange<AgentTier>, severity: Severity, customer: CustomerTier) {
        let shift = TierTable.shift(severity, customer)
        let range = UInt64(tiers.lowerBound.rawValue + 1) | UInt64(tiers.upperBound.rawValue + 1) << 2
        bits = bits & ~(0xF << shift) | range << shift
    }

    /// The tiers stated for one case; nil where the rule of the house stands.
    package func stated(_ severity: Severity, _ customer: CustomerTier) -> ClosedRange<AgentTier>? {
        let range = bits >> TierTable.shift(severity, customer) & 0xF
        guard let low = AgentTier(rawValue: Int64(range & 3) - 1),
            let high = AgentTier(rawValue: Int64(range >> 2) - 1),
            low <= high
        else { return nil }
        return low...high
    }

    private static func shift(_ severity: Severity, _ customer: CustomerTier) -> UInt64 {
        UInt64(((severity.rawValue - 1) * 4 + customer.rawValue) * 4)
    }
}

extension TierTable {
    /// The written form, worst severity and standard customers first; empty when nothing is stated.
    package var description: String {
        var entries: [String] = []
        for severity in Severity.allCases {
            for customer in CustomerTier.allCases {
                guard let tiers = stated(severity, customer) else { continue }
                entries.append("\(severity.name)/\(customer.name)=\(TierTable.text(tiers))")
            }
        }
        return entries.joined(separator: " ")
    }

    /// Reads the written form; nil when a word in it is not understood, or a range runs backwards.
    package init?(_ text: String) {
        for entry in text.split(separator: " ").prefix(TierTable.entriesMax + 1) {
            let sides = entry.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let tiers = TierTable.range(sides[1]) else { return nil }
            let names = sides[0].split(separator: "/", omittingEmptySubsequences: false)
            guard names.count == 2 else { return nil }
            let severities = Severity.allCases.filter { names[0] == "*" || names[0] == $0.name }
            let customers = CustomerTier.allCases.filter { names[1] == "*" || names[1] == $0.name }
            guard !severities.isEmpty, !customers.isEmpty else { return nil }
            for severity in severities {
                for customer in customers { permit(tiers, severity: severity, customer: customer) }
            }
        }
        guard text.split(separator: " ").count <= TierTable.entriesMax else { return nil }
    }

    /// Entries in one text: every case stated and once again by a wildcard.
    private static let entriesMax = 32

    static func text(_ tiers: ClosedRange<AgentTier>) -> String {
        let low = tiers.lowerBound.name
        return tiers.lowerBound == tiers.upperBound ? low : "\(low)..\(tiers.upperBound.name)"
    }

    static func range(_ text: Substring) -> ClosedRange<AgentTier>? {
        let ends = text.split(separator: ".", omittingEmptySubsequences: false)
        if ends.count == 1 { return AgentTier(name: String(ends[0])).map { $0...$0 } }
        guard ends.count == 3, ends[1].isEmpty, let low = AgentTier(name: String(ends[0])),
            let high = AgentTier(name: String(ends[2])), low <= high
        else { return nil }
        return low...high
    }
}

extension Severity {
    /// The name in tables that people write: `critical`.
    package var name: String {
        switch self {
        case .critical: "critical"
        case .high: "high"
        case .normal: "normal"
        case .low: "low"
        }
    }
}

extension AgentTier {
    /// The name in tables that people write: `consultant`.
    package var name: String {
        switch self {
        case .consultant: "consultant"
        case .intermediate: "intermediate"
        case .senior: "senior"
        }
    }

    /// Reads a name.
    package init?(name: String) {
        guard let tier = AgentTier.allCases.first(where: { $0.name == name }) else { return nil }
        self = tier
    }
}
