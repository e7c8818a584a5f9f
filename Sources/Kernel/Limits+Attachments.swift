// Files on tickets.
extension Limits {
    /// Bytes of one attached file: that of a blob.
    package static let attachmentBytesMax = blobBytesMax
    /// Bytes of a file's name: what file systems take.
    package static let attachmentNameBytesMax = 255
    /// Bytes of a media type: 127 for each half by RFC 6838 §4.2, with the stroke between.
    package static let attachmentTypeBytesMax = 255
    /// Files on one ticket: its document holds a line of some hundred bytes for each.
    package static let attachmentsPerTicketMax = 200
    /// How long a download waits for a content that another site has before it is told to come again.
    package static let attachmentPatience = Span.seconds(8)
    /// Bytes of an upload that are handed to the disk at once.
    package static let attachmentPieceBytes = 256 * 1_024
}
