package import ContactCenter
package import Kernel
package import Logging

/// Somebody listens to a recording: a line of the audit trail, written before the first byte is read.
///
/// Where page and file are at two sites, each of them writes one.
package struct RecordingAccess: Hashable, Sendable {
    /// The account of who listens.
    package var by: String
    /// The contact.
    package var contact: ContactID
    /// The file.
    package var file: String
    /// The site that has the file.
    package var at: SiteID
    /// The site at which it is heard.
    package var from: SiteID

    /// Describes an access.
    package init(by: String, contact: ContactID, file: String, at: SiteID, from: SiteID) {
        self.by = by
        self.contact = contact
        self.file = file
        self.at = at
        self.from = from
    }

    /// Writes the line.
    package func write(to logger: Logger) {
        logger.notice(
            "recording.asked",
            metadata: [
                "by": "\(by)", "contact": "\(contact.key)", "file": "\(file)", "at": "\(at)", "from": "\(from)",
            ]
        )
    }
}
