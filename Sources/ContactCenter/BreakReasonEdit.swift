package import Kernel

/// A break reason as it shall be; nil leaves a field as it is.
package struct BreakReasonChange: Hashable, Sendable {
    /// The name in English.
    package var name: String?
    /// The name in simplified Chinese.
    package var nameHans: String?
    /// The name in traditional Chinese.
    package var nameHant: String?
    /// Whether it counts as work.
    package var isPaid: Bool?
    /// How long it should last at most, in minutes, 1…1440; `.some(nil)` takes the bound away.
    package var longestMinutes: Int64??
    /// Whether it is offered.
    package var isActive: Bool?
    /// Its place in the list, 0…1000.
    package var order: Int64?

    /// Makes a change of nothing.
    package init() {}

    /// The edit that creates or changes the reason.
    package func put(_ id: BreakReasonID, over document: Document? = nil) throws(EditRejection) -> DocumentEdit {
        try StaffEdit.checkKey(id.key, name: "id")
        guard id.key.count <= Limits.breakReasonCharactersMax else {
            throw EditRejection(
                .tooLarge,
                field: "id",
                "At most \(Limits.breakReasonCharactersMax) characters are possible."
            )
        }
        var list = ChangeList(document: document)
        try list.line(BreakReasonField.name, name, name: "name")
        try list.line(BreakReasonField.nameHans, nameHans, name: "nameHans")
        try list.line(BreakReasonField.nameHant, nameHant, name: "nameHant")
        if let isPaid { list.set(BreakReasonField.paid, .bool(isPaid)) }
        if let isActive { list.set(BreakReasonField.active, .bool(isActive)) }
        try list.number(BreakReasonField.order, order, in: 0...1_000, name: "order")
        if let longestMinutes {
            if let minutes = longestMinutes {
                let field = BreakReasonField.longestMinutes
                try list.number(field, minutes, in: 1...Limits.breakMinutesMax, name: "longestMinutes")
            } else {
                list.set(BreakReasonField.longestMinutes, .null)
            }
        }
        return StaffEdit.put(id.documentID, list)
    }
}

extension ChangeList {
    /// Writes a whole number within bounds; nil changes nothing.
    mutating func number(
        _ field: FieldID,
        _ value: Int64?,
        in range: ClosedRange<Int64>,
        name: String
    ) throws(EditRejection) {
        guard let value else { return }
        guard range.contains(value) else {
            throw EditRejection(
                .invalid,
                field: name,
                "\(value) is not between \(range.lowerBound) and \(range.upperBound)."
            )
        }
        set(field, .int(value))
    }
}
