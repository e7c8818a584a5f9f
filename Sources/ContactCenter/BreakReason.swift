package import Kernel

/// Names a break reason; the key is what presence and figures carry.
package struct BreakReasonID: DocumentKey {
    /// Break reasons are documents of type 11.
    package static var type: DocumentType { Schema.breakReason }
    /// The key: `lunch`.
    package let key: String

    /// Wraps a key.
    package init(_ key: String) { self.key = key }
}

/// What an agent can give as the reason for not taking contacts.
package struct BreakReason: Hashable, Sendable {
    /// Which one.
    package let id: BreakReasonID
    /// The name in English, which stands in where another is missing.
    package var name: String
    /// The name in simplified Chinese; nil when none is given.
    package var nameHans: String?
    /// The name in traditional Chinese; nil when none is given.
    package var nameHant: String?
    /// Whether it counts as work.
    package var isPaid: Bool
    /// How long it should last at most, in minutes; nil for no bound.
    ///
    /// A longer one is shown, never ended.
    package var longestMinutes: Int64?
    /// False once it is no longer offered; figures of the past keep it.
    package var isActive: Bool
    /// Its place in the list; those with equal places stand by key.
    package var order: Int64
    /// The causal version; empty for one that nobody has changed yet.
    package let version: String
    /// Who wrote it last; nil when nobody has.
    package let lastWrite: LastWrite?

    /// Makes a reason.
    package init(
        _ key: String,
        name: String,
        nameHans: String? = nil,
        nameHant: String? = nil,
        isPaid: Bool = true,
        order: Int64
    ) {
        id = BreakReasonID(key)
        self.name = name
        self.nameHans = nameHans
        self.nameHant = nameHant
        self.isPaid = isPaid
        self.order = order
        isActive = true
        version = ""
        lastWrite = nil
    }

    /// Reads a document, with what stands in for the fields that it leaves open; nil when it is of another type or
    /// deleted.
    package init?(_ document: Document) {
        guard let id = BreakReasonID(document.id), !document.isDeleted else { return nil }
        let usual = BreakReason.defaults.first { $0.id == id }
        self.id = id
        name = document.optionalText(BreakReasonField.name) ?? usual?.name ?? id.key
        nameHans = document.optionalText(BreakReasonField.nameHans) ?? usual?.nameHans
        nameHant = document.optionalText(BreakReasonField.nameHant) ?? usual?.nameHant
        isPaid = document.value(BreakReasonField.paid)?.bool ?? usual?.isPaid ?? true
        longestMinutes = document.number(BreakReasonField.longestMinutes).map {
            min(max($0, 1), Limits.breakMinutesMax)
        }
        isActive = document.value(BreakReasonField.active)?.bool ?? true
        order = min(max(document.number(BreakReasonField.order) ?? usual?.order ?? 1_000, 0), 1_000)
        version = document.versionTag
        lastWrite = LastWrite(document)
    }

    /// The reasons that are there before anybody writes one.
    package static let defaults: [BreakReason] = [
        BreakReason("break", name: "Break", nameHans: "休息", nameHant: "休息", order: 10),
        BreakReason("lunch", name: "Lunch", nameHans: "午餐", nameHant: "午餐", isPaid: false, order: 20),
        BreakReason("training", name: "Training", nameHans: "培训", nameHant: "培訓", order: 30),
        BreakReason("backOffice", name: "Back office", nameHans: "后台工作", nameHant: "後台工作", order: 40),
        BreakReason("meeting", name: "Meeting", nameHans: "会议", nameHant: "會議", order: 50),
    ]

    /// All reasons in their order: what is recorded, and the usual ones that nobody has changed or put out of use.
    package static func all(recorded: [BreakReason]) -> [BreakReason] {
        let keys = Set(recorded.map(\.id))
        let all = recorded + defaults.filter { !keys.contains($0.id) }
        return all.sorted { ($0.order, $0.id) < ($1.order, $1.id) }
    }
}
