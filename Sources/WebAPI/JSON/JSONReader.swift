import Kernel

/// What is wrong with a JSON text, and where.
struct JSONProblem: Error, Hashable {
    var line: Int
    var column: Int
    var message: String
}

/// Reads JSON (RFC 8259) strictly.
///
/// Foundation's decoder stops at the first wrong type, says neither where a text is malformed nor which fields it did
/// not know, and takes the last of two equal names in silence. People send these requests by hand while they connect
/// their systems, so the answer must name all of that.
struct JSONReader {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads one value with nothing but white space around it.
    static func read(_ bytes: [UInt8]) throws(JSONProblem) -> JSONValue {
        var reader = JSONReader(bytes)
        reader.skipSpace()
        let value = try reader.value()
        reader.skipSpace()
        guard reader.index == bytes.count else { throw reader.problem("text after the value") }
        return value
    }

    private mutating func value() throws(JSONProblem) -> JSONValue {
        guard let byte = current else { throw problem("the text ends where a value should stand") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONProblem) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONProblem) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw problem("unexpected character")
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(JSONProblem) -> JSONValue
    ) throws(JSONProblem) -> JSONValue {
        depth += 1
        guard depth <= Limits.jsonDepthMax else { throw problem("nested deeper than \(Limits.jsonDepthMax) levels") }
        defer { depth -= 1 }
        index += 1
        return try body(&self)
    }

    private mutating func object() throws(JSONProblem) -> JSONValue {
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw problem("a name in quotes should stand here") }
            let start = index
            let name = try string()
            skipSpace()
            guard take(":") else { throw problem("a colon should stand here") }
            skipSpace()
            guard members.updateValue(try value(), forKey: name) == nil else {
                index = start
                throw problem("the name stands twice in one object")
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw problem("a comma or a closing brace should stand here") }
        }
    }

    private mutating func array() throws(JSONProblem) -> JSONValue {
        var items: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(items) }
        while true {
            skipSpace()
            items.append(try value())
            skipSpace()
            if take("]") { return .array(items) }
            guard take(",") else { throw problem("a comma or a closing bracket should stand here") }
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
        guard bytes[index...].starts(with: word.utf8) else { throw problem("unexpected word") }
        index += word.utf8.count
        return value
    }

    private mutating func number() throws(JSONProblem) -> JSONValue {
        let start = index
        _ = take("-")
        if take("0") {
            guard !isDigit(current) else { throw problem("a number must not begin with 0") }
        } else {
            guard skipDigits() > 0 else { throw problem("a digit should stand here") }
        }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard skipDigits() > 0 else { throw problem("a digit should stand here") }
        }
        if take("e") || take("E") {
            isWhole = false
            _ = take("+") || take("-")
            guard skipDigits() > 0 else { throw problem("a digit should stand here") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let whole = Int64(text) { return .integer(whole) }
        guard let number = Double(text), number.isFinite else { throw problem("the number is too large") }
        return .number(number)
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while isDigit(current) { index += 1 }
        return index - start
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }
}

// Strings.
extension JSONReader {
    private mutating func string() throws(JSONProblem) -> String {
        index += 1
        var text: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw problem("the text before is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: try escaped())
            case 0..<0x20: throw problem("a control character must be escaped")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw problem("the closing quote is missing")
    }

    private mutating func escaped() throws(JSONProblem) -> [UInt8] {
        index += 1
        guard let byte = current else { throw problem("the closing quote is missing") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try scalar())).utf8)
        default:
            index -= 1
            throw problem("unknown escape")
        }
    }

    private mutating func scalar() throws(JSONProblem) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard (0xD800...0xDBFF).contains(unit), take("\\"), take("u") else { throw problem("half a surrogate pair") }
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        else { throw problem("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONProblem) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw problem("four hexadecimal digits should stand here")
            }
            unit = unit << 4 | UInt32(digit)
            index += 1
        }
        return unit
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    /// Columns count characters as editors do, not bytes.
    private func problem(_ message: String) -> JSONProblem {
        let before = bytes[..<index]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
        return JSONProblem(line: line, column: column, message: message)
    }
}
