package import ContactCenter

/// A reason for a break, as desks and the wall name it.
package struct DeskBreak: Codable, Hashable, Sendable {
    /// What an agent's state carries.
    package var key: String
    /// The name in English.
    package var name: String
    /// The name in simplified Chinese.
    @Nullable package var nameHans: String?
    /// The name in traditional Chinese.
    @Nullable package var nameHant: String?
    /// Whether it counts as work.
    package var paid: Bool
    /// How long it should last at most.
    @Nullable package var longestMinutes: Int64?

    /// A reason of the managed list.
    package init(_ reason: BreakReason) {
        key = reason.id.key
        name = reason.name
        nameHans = reason.nameHans
        nameHant = reason.nameHant
        paid = reason.isPaid
        longestMinutes = reason.longestMinutes
    }
}
