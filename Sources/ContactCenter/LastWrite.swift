package import Kernel

/// Who wrote a record last, where and when, as far as its registers tell.
package struct LastWrite: Hashable, Sendable {
    /// Who.
    package let by: Actor
    /// At which site.
    package let site: SiteID
    /// When.
    package let at: WallTime

    /// The latest write of a document's registers that stands; nil when there is none.
    package init?(_ document: Document) {
        let writes = document.registers.keys.compactMap { document.register($0) }
        guard let last = writes.max(by: { ($0.stamp, $0.dot.origin.site) < ($1.stamp, $1.dot.origin.site) }) else {
            return nil
        }
        by = last.actor
        site = last.dot.origin.site
        at = last.stamp.wall
    }
}
