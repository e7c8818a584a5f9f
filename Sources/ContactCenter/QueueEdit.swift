package import Kernel

/// A queue as it shall be; nil leaves a field as it is.
package struct QueueChange: Hashable, Sendable {
    /// The name that people see.
    package var name: String?
    /// All dialled numbers that lead here.
    package var numbers: [String]?
    /// All skills that an agent must have.
    package var requiredSkills: SkillSet?
    /// An answer within this time counts for the service level; 1…3600.
    package var serviceLevelSeconds: Int64?
    /// How long an agent's phone rings; 5…120.
    package var ringSeconds: Int64?
    /// Time for paperwork; 0…3600.
    package var wrapUpSeconds: Int64?
    /// How to choose among free agents.
    package var strategy: RoutingStrategy?
    /// Head start of the queue's contacts; 0…10.
    package var priority: Int64?
    /// How long a caller waits for the agent of the latest ticket; 0…600.
    package var affinitySeconds: Int64?

    /// Makes a change of nothing.
    package init() {}

    /// The edit that creates or changes the queue.
    package func put(_ id: QueueID, over document: Document? = nil) throws(EditRejection) -> DocumentEdit {
        try StaffEdit.checkKey(id.key, name: "id")
        var list = ChangeList(document: document)
        try list.line(QueueField.name, name, name: "name")
        try list.line(QueueField.strategy, strategy?.rawValue, name: "strategy")
        try bounded(&list, QueueField.serviceLevelSeconds, serviceLevelSeconds, 1...3_600, "serviceLevelSeconds")
        try bounded(&list, QueueField.ringSeconds, ringSeconds, 5...120, "ringSeconds")
        try bounded(&list, QueueField.wrapUpSeconds, wrapUpSeconds, 0...3_600, "wrapUpSeconds")
        try bounded(&list, QueueField.priority, priority, 0...10, "priority")
        try bounded(&list, QueueField.affinitySeconds, affinitySeconds, 0...600, "affinitySeconds")
        if let numbers {
            var normalised: [String] = []
            for text in numbers {
                guard let number = PhoneNumber.normalised(text) else {
                    throw EditRejection(
                        .invalid,
                        field: "numbers",
                        "\(CustomerPatch.quoted(text)) is not a number to dial."
                    )
                }
                normalised.append(number)
            }
            try list.members(QueueField.numbers, normalised, max: Limits.queueNumbersMax, name: "numbers")
        }
        if let requiredSkills {
            try list.members(
                QueueField.requiredSkills,
                requiredSkills.skills.map(\.description),
                max: Limits.skillsMax,
                name: "requiredSkills"
            )
        }
        return StaffEdit.put(id.documentID, list)
    }

    private func bounded(
        _ list: inout ChangeList,
        _ field: FieldID,
        _ value: Int64?,
        _ range: ClosedRange<Int64>,
        _ name: String
    ) throws(EditRejection) {
        guard let value else { return }
        guard range.contains(value) else {
            throw EditRejection(
                .invalid,
                field: name,
                "\(value) is not between \(range.lowerBound) and \(range.upperBound)."
            )
        }
        list.set(field, .int(value))
    }
}
