import ContactCenter
import Kernel
import Replication
import Store

/// Writes ops into the records of a site that does not run: `replication.py` needs many, faster than HTTP takes them.
enum Backlog {
    /// Makes `count` customers, or edits one field of random customers `count` times; each is one op.
    static func write(_ kind: String, _ count: Int, path: String, cluster: String, site: String) async throws {
        guard let site = SiteID(site) else { return }
        let database = try SiteDatabase(.init(path: path, cluster: cluster, site: site))
        let store = try StoreThread(database, schema: Schema.documents)
        let known = try await SiteReader(database).documents(of: Schema.customer).map(\.id)
        var random = SeededRandom(seed: UInt64(count))
        for first in stride(from: 0, to: count, by: 1_000) {
            let requests = try (first..<min(first + 1_000, count)).map { number in
                guard kind == "edits", let id = known.randomElement(using: &random) else {
                    return try LedgerPair.creation(known.count + number)
                }
                let score = Int64.random(in: 0...100, using: &random)
                let change = FieldChange.set(CustomerField.score, .int(score), seen: nil)
                return EditRequest(actor: Actor("anna"), edits: [DocumentEdit(.id(id, mustExist: true), [change])])
            }
            _ = try await store.perform(LedgerWork(wall: StoreThread.now, requests: requests))
        }
        store.stop()
        try database.close()
    }
}
