import ContactCenter
package import Kernel

/// A deleted document with what was written to it by people who did not know.
package struct LostFoundResource: Codable, Hashable, Sendable {
    /// Which document.
    package var document: DocumentResource
    /// Who deleted it.
    package var deletedBy: String
    /// Where.
    package var deletedAtSite: String
    /// When; null when all sites had forgotten the document before the edit came.
    @Nullable package var deletedAt: Timestamp?
    /// What was lost, at most `Limits.lostFoundValuesMax`.
    package var items: [LostValueResource]
    /// How many more there are.
    package var more: Int
}

/// One thing that was written to a deleted document.
package struct LostValueResource: Codable, Hashable, Sendable {
    /// The field, by its name in the API.
    package var field: String
    /// The value as text; null where it was cleared.
    @Nullable package var value: String?
    /// Who wrote it; null where that is not kept.
    @Nullable package var by: String?
    /// Where.
    package var site: String
    /// When; null where that is not kept.
    @Nullable package var at: Timestamp?
}

extension LostFoundResource {
    /// What remains of a deleted document; values of fields that hold secrets are left out.
    package init(_ remains: DocumentRemains) {
        let type = remains.document.type
        let secrets = Schema.secrets[type] ?? []
        let shown = remains.items.filter { !secrets.contains($0.field) }
        self.init(
            document: DocumentResource(type: DocumentTypeName.text(type), key: remains.document.key),
            deletedBy: remains.deletion.actor.name,
            deletedAtSite: remains.deletion.dot.origin.site.name,
            deletedAt: remains.deletion.stamp == .zero ? nil : Timestamp(remains.deletion.stamp.wall),
            items: shown.prefix(Limits.lostFoundValuesMax).map { LostValueResource($0, type: type) },
            more: max(0, shown.count - Limits.lostFoundValuesMax)
        )
    }
}

extension LostValueResource {
    fileprivate init(_ item: DocumentRemains.Item, type: DocumentType) {
        self.init(
            field: Schema.documents.field(item.field, of: type)?.name ?? "\(item.field.number)",
            value: ConflictValue.text(item.value),
            by: item.actor?.name,
            site: item.dot.origin.site.name,
            at: item.stamp.map { Timestamp($0.wall) }
        )
    }
}

/// The names of document types in the API.
package enum DocumentTypeName {
    private static let names: [(type: DocumentType, name: String)] = [
        (Schema.customer, "customer"), (Schema.organisation, "organisation"), (Schema.ticket, "ticket"),
        (Schema.agent, "agent"), (Schema.queue, "queue"), (Schema.account, "account"), (Schema.siteKey, "siteKey"),
        (Schema.contact, "contact"), (Schema.site, "site"),
        (Schema.calendar, "calendar"), (Schema.breakReason, "breakReason"),
    ]

    /// A type's name; its number for one of a newer node.
    package static func text(_ type: DocumentType) -> String {
        names.first { $0.type == type }?.name ?? "\(type.number)"
    }

    /// The type of a name or number; nil for any other text.
    package static func type(_ text: String) -> DocumentType? {
        names.first { $0.name == text }?.type ?? UInt16(text).map { DocumentType($0) }
    }
}
