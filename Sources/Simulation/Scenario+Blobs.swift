import Kernel
package import Replication
import SiteCore

/// Attachments in a scenario.
extension Scenario {
    /// Puts a content on a site's disk.
    package mutating func keep(_ content: [UInt8], at site: Int) -> BlobID {
        cluster.sites[site].blobs.add(content)
    }

    /// Somebody at a site wants a blob.
    package mutating func want(_ blob: BlobID, at site: Int) {
        cluster.command(site, .fetchBlob(blob, patience: Limits.blobPatienceMax), expecting: nil)
    }

    /// What of a blob is on a site's disk, when it is there whole.
    package func content(_ blob: BlobID, at site: Int) -> [UInt8]? {
        cluster.sites[site].blobs.whole[blob]
    }
}
