/// The range of a `Range` header (RFC 9110 §14), as far as it is served: one range of bytes.
enum ByteRange: Hashable, Sendable {
    /// Everything: no range was asked for, or one that this server may ignore.
    case all
    /// These bytes.
    case part(Range<Int>)
    /// Bytes that are not there.
    case unsatisfiable

    /// Reads a header for a content of `size` bytes.
    init(_ header: String?, size: Int) {
        guard let header, header.lowercased().hasPrefix("bytes=") else {
            self = .all
            return
        }
        let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
            .map { String($0).trimmed }
        // Several ranges at once are served as the whole.
        guard parts.count == 2, !header.contains(","), let bounds = Self.bounds(parts[0], parts[1], size: size) else {
            self = .all
            return
        }
        self = bounds.isEmpty ? .unsatisfiable : .part(bounds)
    }

    /// The bytes between two ends; empty when there are none, nil when the ends make no sense.
    private static func bounds(_ first: String, _ last: String, size: Int) -> Range<Int>? {
        let end = number(last)
        if first.isEmpty {
            guard let length = end else { return nil }
            return max(0, size - length)..<size
        }
        guard let start = number(first), last.isEmpty || end != nil else { return nil }
        if let end, end < start { return nil }
        guard start < size else { return size..<size }
        return start..<min(size, (end ?? size - 1) + 1)
    }

    /// A number of digits only; larger than any content when it is longer than a number can be.
    private static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return text.utf8.count > 15 ? 1 << 50 : Int(text)
    }
}
