import ContactCenter
import Kernel
import Replication

/// One document in the writer's memory: as it is on disk and as the running transaction sees it.
final class CachedDocument {
    /// Its name.
    let id: DocumentID
    /// The row; nil while the document is not on disk.
    var row: Int64?
    /// As it is on disk.
    var stored: Document?
    /// As the transaction sees it.
    var current: Document?
    /// The hash that stands for it in the digest; nil when none does.
    var counted: DocumentHash?
    /// Bytes of it on disk.
    var bytes = 0
    /// True when the transaction changed it and it is not written yet.
    var isDirty = false
    /// True when the bytes on disk are not what was written there.
    var isDamaged = false

    /// A document that is not on disk.
    init(id: DocumentID) {
        self.id = id
    }

    /// Takes in the row; bytes that are not those of the hash are never decoded into something believed.
    func load(row: Int64, isDeleted: Bool, hash: DocumentHash?, body: [UInt8]) {
        self.row = row
        // The digest counts what the row says, whatever became of the body.
        counted = isDeleted ? nil : hash
        guard let hash, hash == DocumentHash(id: id, body: body),
            let document = try? DocumentDecoder.decode(body, id: id)
        else {
            isDamaged = true
            return
        }
        stored = document
        current = document
    }

    /// A deleted document from which nothing follows.
    static func tombstone(_ id: DocumentID) -> Document? {
        guard let site = SiteID("none") else { return nil }
        let dot = Dot(origin: Origin(site: site, epoch: 1), sequence: 1)
        return Document(
            id: id,
            version: VersionVector(),
            updated: .zero,
            deletion: Document.Deletion(dot: dot, stamp: .zero, actor: .system),
            registers: [:],
            sets: [:],
            counters: [:],
            logs: [:]
        )
    }

    /// A living document that has something in every set from which rows follow.
    static func everything(_ id: DocumentID) -> Document {
        var document = Document(id: id)
        guard let site = SiteID("none") else { return document }
        let op = Op(
            dot: Dot(origin: Origin(site: site, epoch: 1), sequence: 1),
            stamp: .zero,
            actor: .system,
            needs: VersionVector(),
            changes: []
        )
        let mutations = [CustomerField.phones, CustomerField.emails].map { Mutation.insert($0, .string("0")) }
        document.apply(DocumentChange(document: id, mutations: mutations), of: op, schema: Schema.documents)
        return document
    }
}
