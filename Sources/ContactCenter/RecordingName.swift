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

    /// Reads `site/file/incomplete`, which marks a recording that ends before the call did because the relay failed.
    ///
    /// The file is empty when nothing is left of it. Nil for anything else.
    package init?(incomplete text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == RecordingName.mark, let site = SiteID(String(parts[0])) else { return nil }
        self.init(site: site, file: String(parts[1]))
    }

    /// The mark of a recording that is incomplete, as the contact's record keeps it beside the name.
    package var incompleteText: String { "\(site.name)/\(file)/\(RecordingName.mark)" }

    private static let mark = "incomplete"
}
