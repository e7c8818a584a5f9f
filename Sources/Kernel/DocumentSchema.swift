/// The fields of every document type: kind, merge rule and a name for people.
///
/// Fields that are not listed are those of a newer node: they keep the kind that their mutations carry and
/// merge by `.latest`.
package struct DocumentSchema: Hashable, Sendable {
    /// What is known of one field.
    package struct Field: Hashable, Sendable {
        /// How it merges.
        package let kind: FieldKind
        /// Which concurrent write of a register is shown.
        package let rule: MergeRule
        /// Its name in messages for people and in the API.
        package let name: String
        /// The level of the schema that brought it; written only when all active members have come that far.
        package let since: UInt32

        /// Describes a field.
        package init(_ name: String, _ kind: FieldKind, rule: MergeRule = .latest, since: UInt32 = 1) {
            self.since = since
            self.name = name
            self.kind = kind
            self.rule = rule
        }
    }

    /// The newest level of the schema that this code understands.
    ///
    /// It rises when a type, field or kind of change is added that older nodes cannot apply; such things are written
    /// only once every active member understands their level (`Field.since`).
    package static let newestLevel: UInt32 = 3
    /// The level that every node of this cluster's kind understands.
    package static let oldestLevel: UInt32 = 1

    private var types: [DocumentType: [FieldID: Field]]
    private let born: Set<DocumentType>

    /// Makes a schema from the fields of each type, and the types whose keys are made from the dot of their first op.
    package init(_ types: [DocumentType: [FieldID: Field]] = [:], born: Set<DocumentType> = []) {
        self.types = types
        self.born = born
    }

    /// True when every document of the type has a key made from a dot, so that no key is ever used twice.
    package func hasBornKeys(_ type: DocumentType) -> Bool {
        born.contains(type)
    }

    /// What is known of a field; nil for one of a newer node.
    package func field(_ id: FieldID, of type: DocumentType) -> Field? {
        types[type]?[id]
    }

    /// The merge rule of a register.
    package func rule(_ id: FieldID, of type: DocumentType) -> MergeRule {
        types[type]?[id]?.rule ?? .latest
    }
}
