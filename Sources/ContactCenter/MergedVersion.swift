package import Kernel

/// The version of several documents that are shown as one.
///
/// `east.1.7+north.1.42~5d41402a`: the join of their versions, which covers the version of each, and after the tilde
/// a mark of which documents they are, so that a class that was parted never looks like what it was before.
package enum MergedVersion {
    /// The version of some documents; that of the document itself when there is only one.
    package static func tag(_ documents: [Document]) -> String {
        guard documents.count > 1 else { return documents.first?.versionTag ?? VersionVector().text }
        var joined = VersionVector()
        for document in documents { joined.merge(document.version) }
        return "\(joined.text)~\(mark(documents.map(\.id.key)))"
    }

    /// What somebody has seen who shows this tag; nil for a text that is no tag.
    package static func seen(_ tag: String) -> VersionVector? {
        VersionVector(text: tag.prefix { $0 != "~" })
    }

    /// FNV-1a over the keys, 32 bits in hex.
    private static func mark(_ keys: [String]) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in keys.joined(separator: " ").utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
