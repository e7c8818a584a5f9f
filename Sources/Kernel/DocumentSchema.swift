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

        /// Describes a field.
        package init(_ name: String, _ kind: FieldKind, rule: MergeRule = .latest) {
            self.name = name
            self.kind = kind
            self.rule = rule
        }
    }

    private var types: [DocumentType: [FieldID: Field]]

    /// Makes a schema from the fields of each type.
    package init(_ types: [DocumentType: [FieldID: Field]] = [:]) {
        self.types = types
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
