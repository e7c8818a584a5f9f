import ContactCenter
import GRDB
package import Kernel

extension SiteReader {
    /// All documents of some types that are not deleted, sorted by id: what the core keeps in memory.
    package func bootDocuments(of types: [DocumentType]) async throws(StoreFailure) -> [Document] {
        try await read("read what the site starts from", milliseconds: Limits.bootReadMillisecondsMax) { db in
            try types.sorted().flatMap { type in
                try DocumentRows.all(
                    db,
                    "SELECT type, key, body FROM document WHERE type = ? ORDER BY key",
                    [Int64(type.number)]
                ).filter { !$0.isDeleted }
            }
        }
    }

    /// The contact records that a starting site must look at, oldest first.
    ///
    /// Those that arrived at it and have no end,
    /// and all of the UTC day of `now` that arrived or were served there. Of very many, the newest.
    package func bootContacts(site: SiteID, now: WallTime) async throws(StoreFailure) -> [Document] {
        let day: Int64 = 86_400_000
        let midnight = now.milliseconds - (now.milliseconds % day + day) % day
        return try await read("read today's contacts", milliseconds: Limits.bootReadMillisecondsMax) { db in
            try DocumentRows.all(
                db,
                """
                SELECT d.type AS type, d.key AS key, d.body AS body FROM (
                    SELECT id, started_at, key FROM contact WHERE origin_site = :site AND ended_at IS NULL
                    UNION
                    SELECT id, started_at, key FROM contact
                    WHERE started_at >= :midnight AND (origin_site = :site OR agent_site = :site)
                ) t JOIN document d ON d.id = t.id
                ORDER BY t.started_at DESC, t.key DESC LIMIT \(Limits.bootContactsMax)
                """,
                ["site": site.name, "midnight": midnight]
            ).reversed()
        }
    }
}
