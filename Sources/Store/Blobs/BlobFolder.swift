import Foundation
import Replication

/// Where blobs are: `blobs/` beside the database, whole ones in `aa/` by the first digits of their names.
///
/// Every path is made from a `BlobID`, which holds nothing but hexadecimal digits; names in the folder that are not
/// such are passed over.
struct BlobFolder: Hashable, Sendable {
    /// The folder itself.
    let root: String

    /// The folder that belongs to a database.
    init(ofDatabase path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        root = folder.appendingPathComponent("blobs").path
    }

    /// The folder with what a backup holds.
    init(ofBackup path: String) {
        root = path + ".blobs"
    }

    /// Blobs that are partly fetched.
    var partials: String { root + "/partial" }

    /// Uploads that have not ended.
    var uploads: String { root + "/incoming" }

    /// Blobs that the disk has changed, for whoever looks into it.
    var damaged: String { root + "/damaged" }

    /// The folder of a whole blob.
    func shelf(of blob: BlobID) -> String { root + "/" + blob.hex.prefix(2) }

    /// A whole blob.
    func whole(_ blob: BlobID) -> String { shelf(of: blob) + "/" + blob.hex }

    /// A partly fetched blob.
    func partial(_ blob: BlobID) -> String { partials + "/" + blob.hex }

    /// All whole blobs, sorted.
    func all() -> [BlobID] {
        let files = FileManager.default
        let shelves = ((try? files.contentsOfDirectory(atPath: root)) ?? []).filter { $0.utf8.count == 2 }.sorted()
        return shelves.flatMap { shelf in
            ((try? files.contentsOfDirectory(atPath: root + "/" + shelf)) ?? []).sorted()
                .compactMap { BlobID($0) }.filter { $0.hex.hasPrefix(shelf) }
        }
    }
}
