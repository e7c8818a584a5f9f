import ContactCenter
import Foundation
import Kernel
import Store

/// What a site keeps on disk, opened: database, writing thread, readers, token key.
struct SiteDisk: Sendable {
    let database: SiteDatabase
    let store: StoreThread
    let reader: SiteReader
    let blobs: BlobStore
    let tokenKey: TokenKey

    /// Opens or makes it all; on failure nothing stays open.
    static func open(_ configuration: SiteConfiguration) throws -> SiteDisk {
        let directory = configuration.dataDirectory
        let database = try SiteDatabase(configuration.databaseOptions)
        do {
            return SiteDisk(
                database: database,
                store: try StoreThread(database, schema: Schema.documents),
                reader: SiteReader(database),
                blobs: BlobStore(besideDatabase: database.path),
                tokenKey: try TokenKey.open(directory: directory)
            )
        } catch {
            try database.close()
            throw error
        }
    }

    /// Finishes what was submitted and closes the file.
    func close() {
        store.stop()
        try? database.close()
    }
}
