package import Kernel

/// A file on a ticket; its content is a blob, which each site fetches when somebody wants it.
package struct Attachment: Hashable, Sendable {
    /// The name of the content: its SHA-256, 64 hexadecimal digits in lower case.
    package let blob: String
    /// The file's name, without a folder.
    package let name: String
    /// What kind of content whoever attached it said that it is: `image/png`.
    package let mediaType: String
    /// Bytes.
    package let size: Int64
    /// Who attached it.
    package let by: Actor
    /// Where.
    package let site: SiteID
    /// When.
    package let at: WallTime

    /// Reads an entry of the ticket's log; nil when it names no content.
    ///
    /// Further values of a newer node are ignored.
    package init?(_ entry: LogEntry) {
        guard let parts = entry.value.list, parts.count >= 4, let blob = parts[0].string, Attachment.isBlob(blob),
            let name = parts[1].string, let mediaType = parts[2].string, let size = parts[3].int, size > 0
        else { return nil }
        self.blob = blob
        self.name = name
        self.mediaType = mediaType
        self.size = size
        by = entry.actor
        site = entry.dot.origin.site
        at = entry.stamp.wall
    }

    /// True when a text is the name of a content.
    package static func isBlob(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (97...102).contains($0) }
    }
}

/// Edits that put a file on a record.
package enum AttachmentEdit {
    /// Puts a file on a ticket; its content must be on this site's disk before.
    package static func ticket(
        _ id: TicketID,
        blob: String,
        name: String,
        mediaType: String,
        size: Int
    ) throws(EditRejection) -> DocumentEdit {
        guard Attachment.isBlob(blob) else { throw EditRejection(.invalid, field: "blob", "It is no content's name.") }
        guard (1...Limits.attachmentBytesMax).contains(size) else {
            throw EditRejection(.tooLarge, field: "body", "A file has 1 to \(Limits.attachmentBytesMax) bytes.")
        }
        let value = Value.list([
            .string(blob), .string(try fileName(name)), .string(checked(mediaType: mediaType)), .int(Int64(size)),
        ])
        return DocumentEdit(.id(id.documentID, mustExist: true), [.append(TicketField.attachments, value)])
    }

    /// The name of a file as it is kept: without folders, which other systems' browsers may send.
    package static func fileName(_ text: String) throws(EditRejection) -> String {
        let last = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let name = try ChangeList.checked(last, name: "name", bytesMax: Limits.attachmentNameBytesMax)
        guard !name.isEmpty, name != ".", name != ".." else {
            throw EditRejection(.missing, field: "name", "The file needs a name.")
        }
        // Marks that turn the direction of writing can make "exe.png" out of "gnp.exe".
        let turning = [0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069].map { $0 as ClosedRange<UInt32> }
        guard !name.unicodeScalars.contains(where: { scalar in turning.contains { $0.contains(scalar.value) } }) else {
            throw EditRejection(.invalid, field: "name", "Marks for the direction of writing are not possible.")
        }
        return name
    }

    /// A media type in lower case, without parameters; what is none becomes `application/octet-stream`.
    package static func checked(mediaType text: String) -> String {
        let type = text.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
        let parts = type.split(separator: "/", omittingEmptySubsequences: false)
        let isType = parts.count == 2 && type.utf8.count <= Limits.attachmentTypeBytesMax && parts.allSatisfy(isToken)
        return isType ? type : "application/octet-stream"
    }

    /// True for a name as RFC 6838 §4.2 has it.
    private static func isToken(_ part: Substring) -> Bool {
        !part.isEmpty
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$&-^_.+".utf8.contains(byte)
                }
            }
    }
}
