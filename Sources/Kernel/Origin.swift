/// A writer of the op log: one site in one epoch.
///
/// A site starts a new epoch when it can no longer be sure which sequence numbers it has used (first start,
/// restored backup), so that no dot is ever used twice.
package struct Origin: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The site that writes.
    package let site: SiteID
    /// Counts the site's epochs from 1.
    package let epoch: UInt32

    /// Makes the origin of a site's epoch.
    package init(site: SiteID, epoch: UInt32) {
        self.site = site
        self.epoch = epoch
    }

    /// Orders by site, then epoch.
    package static func < (left: Origin, right: Origin) -> Bool {
        (left.site, left.epoch) < (right.site, right.epoch)
    }

    /// For people: `north/1`.
    package var description: String { "\(site)/\(epoch)" }
}
