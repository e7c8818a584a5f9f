// One text form for dots and vectors, used in version tags, conflict ids and log lines: URL-safe, sortable by
// eye, and the same at every site. Site names hold no dot, plus or tilde.

extension Origin {
    /// The origin as `north.1`.
    package var text: String { "\(site.name).\(epoch)" }
}

extension Dot {
    /// The dot as `north.1.42`.
    package var text: String { "\(origin.text).\(sequence)" }

    /// Reads `north.1.42`; nil for any other text, a zero or a number written with leading zeros or signs.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let site = SiteID(String(parts[0])),
            let epoch = UInt32(parts[1]), let sequence = UInt64(parts[2]),
            parts[1] == String(epoch), parts[2] == String(sequence)
        else { return nil }
        self.init(origin: Origin(site: site, epoch: epoch), sequence: sequence)
    }
}

extension VersionVector: CustomStringConvertible {
    /// The vector as `east.1.7+north.1.42`, sorted by origin; `0` when it is empty.
    package var text: String {
        isEmpty ? "0" : heads.map(\.text).joined(separator: "+")
    }

    /// Reads what `text` wrote; nil for anything else.
    package init?(text: some StringProtocol) {
        self.init()
        if text == "0" { return }
        let parts = text.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count <= Limits.originsMax else { return nil }
        for part in parts {
            guard let dot = Dot(text: part), dot.sequence > 0, self[dot.origin] == 0 else { return nil }
            include(dot)
        }
    }

    /// The canonical text.
    package var description: String { text }
}
