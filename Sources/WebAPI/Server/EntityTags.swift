/// The tags of an `If-Match` or `If-None-Match` field (RFC 9110 §13.1).
struct EntityTags: Hashable {
    private var tags: Set<String> = []
    private var any = false

    init(_ field: String?) {
        for part in (field ?? "").split(separator: ",") {
            let tag = String(part).trimmed
            if tag == "*" {
                any = true
            } else {
                let strong = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]
                guard strong.count >= 2, strong.hasPrefix("\""), strong.hasSuffix("\"") else { continue }
                tags.insert(String(strong.dropFirst().dropLast()))
            }
        }
    }

    /// True when the field names this version, or any.
    func name(_ version: String) -> Bool {
        any || tags.contains(version)
    }

    /// The versions named; empty for `*`.
    var versions: [String] { tags.sorted() }
}
