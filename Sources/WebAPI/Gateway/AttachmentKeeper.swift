package import Kernel

/// Keeps the contents of attached files, and gets those that are at another site.
///
/// A content is named by its SHA-256, 64 hexadecimal digits in lower case; routes hand in no other names.
package protocol AttachmentKeeper: Sendable {
    /// Begins to take in a file; throws `.overloaded` when too many are on their way.
    func beginAttachment() async throws -> any AttachmentUpload
    /// Wants a content on this site's disk; answers when it is there, after the patience at the latest.
    ///
    /// It goes on being fetched after that. Throws `.unavailable` when it cannot be had now.
    func fetchAttachment(_ content: String, patience: Span) async throws -> AttachmentStanding
    /// Bytes of a content that is here, from an offset on, at most `length`; nil when it is not here any more.
    func attachmentBytes(_ content: String, offset: Int, length: Int) async throws -> [UInt8]?
}

/// A file on its way into a site; `finish` or `cancel` ends it.
package protocol AttachmentUpload: Sendable {
    /// Takes more bytes; throws `.storageFull` when they find no room.
    func append(_ bytes: [UInt8]) async throws
    /// Brings all to the disk and names the content.
    func finish() async throws -> (content: String, size: Int)
    /// Throws away what came.
    func cancel() async
}

/// How much of a content is at this site.
package enum AttachmentStanding: Hashable, Sendable {
    /// All, so many bytes.
    case here(size: Int)
    /// So many bytes, of how many; nil while no site that has it was found.
    case coming(bytes: Int, size: Int?)
}
