package import Kernel

/// Where a recording of a call lies: the site that made it, and the file there.
package struct RecordingName: Hashable, Sendable {
    /// The site that has it.
    package var site: SiteID
    /// The file's name there.
    package var file: String

    /// Makes a name.
    package init(site: SiteID, file: String) {
        self.site = site
        self.file = file
    }

    /// Reads `site/file`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let site = SiteID(String(parts[0])), !parts[1].isEmpty else { return nil }
        self.init(site: site, file: String(parts[1]))
    }

    /// As the contact's record keeps it.
    package var text: String { "\(site.name)/\(file)" }
}
