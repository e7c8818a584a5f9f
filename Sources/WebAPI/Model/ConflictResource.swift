/// A value that a concurrent edit overwrote.
package struct ConflictResource: Codable, Hashable, Sendable {
    /// The conflict.
    package var id: String
    /// Which document.
    package var document: DocumentResource
    /// Which field, by its name in the API.
    package var field: String
    /// The value that was overwritten.
    package var lost: ConflictValue
    /// The value that stands.
    package var won: ConflictValue

    /// Puts one together.
    package init(
        id: String,
        document: DocumentResource,
        field: String,
        lost: ConflictValue,
        won: ConflictValue
    ) {
        self.id = id
        self.document = document
        self.field = field
        self.lost = lost
        self.won = won
    }
}

/// Names a document.
package struct DocumentResource: Codable, Hashable, Sendable {
    /// The type by name, as `customer`.
    package var type: String
    /// The key.
    package var key: String
    /// A name for people.
    @Nullable package var title: String?

    /// Puts one together.
    package init(
        type: String,
        key: String,
        title: String? = nil
    ) {
        self.type = type
        self.key = key
        self.title = title
    }
}

/// One side of a conflict.
package struct ConflictValue: Codable, Hashable, Sendable {
    /// The value as text; null where it was cleared.
    @Nullable package var value: String?
    /// Who wrote it.
    package var by: String
    /// Where.
    package var site: String
    /// When.
    package var at: Timestamp

    /// Puts one together.
    package init(
        value: String? = nil,
        by: String,
        site: String,
        at: Timestamp
    ) {
        self.value = value
        self.by = by
        self.site = site
        self.at = at
    }
}
