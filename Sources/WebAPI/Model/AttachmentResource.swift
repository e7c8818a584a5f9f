import ContactCenter
import Kernel

/// A file on a ticket as the API shows it.
package struct AttachmentResource: Codable, Hashable, Sendable {
    /// The content's SHA-256, the last part of its address.
    package var id: String
    /// The file's name.
    package var name: String
    /// Its media type as whoever attached it said.
    package var mediaType: String
    /// Bytes.
    package var size: Int64
    /// Who attached it.
    package var by: String
    /// At which site.
    package var site: String
    /// When.
    package var at: Timestamp
    /// Where tickets are merged: the one (key, number) that it was attached to.
    @Nullable package var of: NamedResource?

    /// A file; `isMerged` says that the ticket is several, so that the reader must know which.
    init(_ file: MergedAttachment, isMerged: Bool) {
        let attachment = file.attachment
        id = attachment.blob
        name = attachment.name
        mediaType = attachment.mediaType
        size = attachment.size
        by = attachment.by.name
        site = attachment.site.name
        at = Timestamp(attachment.at)
        _of = Nullable(wrappedValue: isMerged ? NamedResource(id: file.source, name: file.sourceName) : nil)
    }
}
