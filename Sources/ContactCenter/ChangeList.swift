import Kernel

/// Collects the changes of one document, checking each value on the way.
struct ChangeList {
    var changes: [FieldChange] = []
    /// The document as it stands, for the dots that a register's writer has seen.
    var document: Document?
    /// The version at which the writer read it; nil means the newest here.
    var readAt: VersionVector?

    /// Writes a register.
    mutating func set(_ field: FieldID, _ value: Value) {
        let seen: Dot? = if let document, let readAt { document.seen(field, at: readAt) } else { nil }
        changes.append(.set(field, value, seen: seen))
    }

    /// Writes a line of text; an absent patch changes nothing, an empty text clears.
    mutating func line(_ field: FieldID, _ text: String?, name: String) throws(EditRejection) {
        guard let text else { return }
        let line = try ChangeList.checked(text, name: name, bytesMax: Limits.recordLineBytesMax)
        set(field, line.isEmpty ? .null : .string(line))
    }

    /// Writes a longer text, which may have line breaks.
    mutating func body(_ field: FieldID, _ text: String?, name: String) throws(EditRejection) {
        guard let text else { return }
        let body = try ChangeList.checked(text, name: name, bytesMax: Limits.recordTextBytesMax, breaks: true)
        set(field, body.isEmpty ? .null : .string(body))
    }

    /// Makes a set of texts what the writer wants, by the fewest inserts and removes.
    mutating func members(_ field: FieldID, _ wanted: [String], max: Int, name: String) throws(EditRejection) {
        let wanted = Set(wanted)
        guard wanted.count <= max else {
            throw EditRejection(.tooLarge, field: name, "At most \(max) entries are possible.")
        }
        let present = Set(document?.texts(field) ?? [])
        for text in present.subtracting(wanted).sorted() { changes.append(.remove(field, .string(text))) }
        for text in wanted.subtracting(present).sorted() { changes.append(.insert(field, .string(text))) }
    }

    /// Trims a text and refuses control characters and excess.
    static func checked(
        _ text: String,
        name: String,
        bytesMax: Int,
        breaks: Bool = false
    ) throws(EditRejection) -> String {
        guard text.utf8.count <= bytesMax else {
            throw EditRejection(.tooLarge, field: name, "At most \(bytesMax) bytes of UTF-8 are possible.")
        }
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            if scalar == "\t" { return true }
            if breaks && (scalar == "\n" || scalar == "\r") { return true }
            return scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
        }
        guard isClean else { throw EditRejection(.invalid, field: name, "Control characters are not possible.") }
        return trimmed(text)
    }

    /// A text without white space at its ends.
    static func trimmed(_ text: some StringProtocol) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}
