import ContactCenter
import GRDB
package import Kernel

/// What the core keeps in memory and must be told when it starts.
extension SiteReader {
    /// All documents of some types.
    package func bootDocuments(of types: [DocumentType]) async throws(StoreFailure) -> [Document] {
        var documents: [Document] = []
        for type in types { documents += try await self.documents(of: type) }
        return documents
    }

    /// Records of contacts that have no end, and of all that began on the present day (UTC).
    package func bootContacts(at now: WallTime) async throws(StoreFailure) -> [Document] {
        let day: Int64 = 86_400_000
        let midnight = now.milliseconds / day * day
        return try await read("read the day's contacts") { db in
            try DocumentRows.all(
                db,
                """
                SELECT d.type AS type, d.key AS key, d.body AS body FROM contact c JOIN document d ON d.id = c.id
                WHERE c.ended_at IS NULL OR c.started_at >= ? ORDER BY c.started_at, c.key LIMIT ?
                """,
                [midnight, Limits.bootContactsMax]
            )
        }
    }
}
