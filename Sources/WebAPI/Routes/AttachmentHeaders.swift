import HTTPTypes

/// How a content that somebody attached is given to a browser: as a file, never as a page of this site.
enum AttachmentHeaders {
    /// Pictures that browsers show without running anything in them.
    private static let pictures: Set<String> = ["image/png", "image/jpeg", "image/gif", "image/webp"]
    /// What a browser could take for a page or a program; it goes out as plain bytes.
    private static let active = ["html", "xml", "svg", "script", "ecmascript", "wasm", "xsl"]

    /// The header fields for a file.
    static func fields(name: String, mediaType: String) -> HTTPFields {
        let isActive = active.contains { mediaType.contains($0) }
        let manner = pictures.contains(mediaType) ? "inline" : "attachment"
        return [
            .contentType: isActive ? "application/octet-stream" : mediaType,
            .contentDisposition: disposition(manner, name),
            .xContentTypeOptions: "nosniff",
            .cacheControl: "private, no-cache",
            .acceptRanges: "bytes",
        ]
    }

    /// `Content-Disposition` with the name twice: plain for old clients, UTF-8 by RFC 5987 for all others.
    static func disposition(_ manner: String, _ name: String) -> String {
        let plain = String(
            name.unicodeScalars.map { scalar -> Character in
                let isSafe =
                    scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7F
                    && !"\"\\%".unicodeScalars.contains(scalar)
                return isSafe ? Character(scalar) : "_"
            }
        )
        return "\(manner); filename=\"\(plain)\"; filename*=UTF-8''\(encoded(name))"
    }

    /// Percent-encoded but for the `attr-char` of RFC 5987.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where "!#$&+-.^_`|~".utf8.contains(byte): result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result.append("%")
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return result
    }
}
