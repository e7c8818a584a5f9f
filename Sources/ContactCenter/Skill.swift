import Kernel

/// A skill at a level: an agent has it, or a queue asks for it.
///
/// Written `product-x:2`; a name alone means level 1.
package struct Skill: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The lowest and the highest level.
    package static let levels: ClosedRange<UInt8> = 1...9

    /// The name, in lower case.
    package let name: String
    /// The level, in `Skill.levels`.
    package let level: UInt8

    /// Makes a skill; nil when the name is empty, too long, or has a colon, comma, white space or control characters.
    package init?(name: String, level: UInt8) {
        let lowered = name.lowercased()
        guard Skill.levels.contains(level), (1...Limits.skillNameScalarsMax).contains(lowered.unicodeScalars.count),
            lowered.unicodeScalars.allSatisfy({ scalar in
                scalar != ":" && scalar != "," && scalar.value > 0x20 && scalar.value != 0x7F
                    && !scalar.properties.isWhitespace
            })
        else { return nil }
        self.name = lowered
        self.level = level
    }

    /// Reads `product-x:2` or `product-x`; nil when the name or the level is wrong.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: self.init(name: String(parts[0]), level: 1)
        case 2:
            guard let level = UInt8(parts[1]), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            self.init(name: String(parts[0]), level: level)
        default: return nil
        }
    }

    /// The written form: `product-x:2`.
    package var description: String { "\(name):\(level)" }

    /// Orders by name, then level.
    package static func < (left: Skill, right: Skill) -> Bool {
        (left.name, left.level) < (right.name, right.level)
    }
}

/// The skills of one agent or the demands of one queue: one level for each name.
package struct SkillSet: Hashable, Sendable {
    /// Sorted by name; where a name came twice, the highest level.
    package let skills: [Skill]

    /// Collects skills; where a name comes twice, the highest level stands.
    package init(_ skills: some Sequence<Skill>) {
        var highest: [String: Skill] = [:]
        for skill in skills where (highest[skill.name]?.level ?? 0) < skill.level {
            highest[skill.name] = skill
        }
        self.skills = highest.values.sorted()
    }

    /// No skills.
    package static let none = SkillSet([])

    /// The level of a skill; 0 when it is not there.
    package func level(of name: String) -> UInt8 {
        var low = 0
        var high = skills.count
        while low < high {
            let middle = (low + high) / 2
            if skills[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < skills.count && skills[low].name == name ? skills[low].level : 0
    }

    /// True when every demanded skill is here at the demanded level or above.
    package func satisfies(_ demand: SkillSet) -> Bool {
        demand.skills.allSatisfy { level(of: $0.name) >= $0.level }
    }

    /// The first demanded skill that is missing or too low here.
    package func firstGap(to demand: SkillSet) -> Skill? {
        demand.skills.first { level(of: $0.name) < $0.level }
    }
}
