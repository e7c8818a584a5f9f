package import ContactCenter
import GRDB
package import Kernel

extension SiteReader {
    /// Some documents of one type with all that they are merged with: what `MergeEdit` decides by.
    package func mergeGraph(_ type: DocumentType, _ keys: [String]) async throws(StoreFailure) -> MergeGraph {
        try await read("read merges") { db in
            let documents = try keys.flatMap { try MergedRows.documents(db, DocumentID(type: type, key: $0)) }
            // Two of the same class bring each document twice, which makes no difference to a graph.
            return MergeGraph(type, documents)
        }
    }
}
