import ContactCenter
package import Kernel

extension ConflictResource {
    /// An overwritten value; `title` names the document for people.
    ///
    /// Nil for fields that hold secrets: their values must not be shown, and the newest one stands.
    package init?(_ conflict: Conflict, title: String?) {
        let document = conflict.id.document
        guard !ConflictResource.secrets.contains([document.type.number, conflict.id.field.number]) else { return nil }
        self.init(
            id: conflict.id.text,
            document: DocumentResource(
                type: DocumentTypeName.text(document.type),
                key: document.key,
                title: title
            ),
            field: Schema.documents.field(conflict.id.field, of: document.type)?.name ?? "\(conflict.id.field.number)",
            lost: ConflictValue(conflict.lost),
            won: ConflictValue(conflict.won)
        )
    }

    private static let secrets: Set<[UInt16]> = [
        [Schema.agent.number, AgentField.sipDigest.number],
        [Schema.agent.number, AgentField.sipDigestSHA256.number],
        [Schema.account.number, AccountField.passwordHash.number],
    ]
}

extension ConflictValue {
    /// One side of a conflict.
    package init(_ write: RegisterWrite) {
        self.init(
            value: ConflictValue.text(write.value),
            by: write.actor.name,
            site: write.dot.origin.site.name,
            at: Timestamp(write.stamp.wall)
        )
    }

    /// A value for people; nil for one that was cleared.
    static func text(_ value: Value) -> String? {
        switch value {
        case .null: nil
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .string(let text): text
        case .bytes(let bytes): "\(bytes.count) bytes"
        case .list(let values): values.map { text($0) ?? "" }.joined(separator: ", ")
        }
    }
}
