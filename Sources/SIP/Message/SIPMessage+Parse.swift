import Kernel

/// Why bytes are not a message.
package enum SIPSyntaxError: Error, Hashable, Sendable {
    /// The first line is neither a request line nor a status line.
    case startLine
    /// The request is for another version of SIP.
    case version
    /// A header line is malformed.
    case header
    /// The headers never end.
    case unfinished
    /// More than the limits allow.
    case tooLarge
}

extension SIPMessage {
    /// Cuts bytes into a message; everything after the headers becomes the body.
    package init(parsing bytes: [UInt8]) throws(SIPSyntaxError) {
        guard bytes.count <= Limits.sipMessageBytesMax else { throw .tooLarge }
        var scanner = LineScanner(bytes: bytes)
        while let byte = scanner.peek, byte == ASCII.carriageReturn || byte == ASCII.lineFeed { scanner.index += 1 }
        var defect: SIPSyntaxError?
        let start = try SIPMessage.parseStart(try scanner.line(), &defect)
        var headers: [SIPHeaderField] = []
        headers.reserveCapacity(16)
        while true {
            let line = try scanner.unfoldedLine()
            if line.isEmpty { break }
            guard headers.count < Limits.sipHeadersMax else { throw .tooLarge }
            if let header = SIPMessage.parseHeader(line) {
                headers.append(header)
            } else if defect == nil {
                defect = .header
            }
        }
        self.init(start: start, headers: headers, body: bytes[scanner.index...], defect: defect)
    }

    private static func parseStart(
        _ line: Bytes,
        _ defect: inout SIPSyntaxError?
    ) throws(SIPSyntaxError) -> Start {
        guard let firstSpace = line.firstIndex(of: ASCII.space) else { throw .startLine }
        let first = line[..<firstSpace]
        let rest = line[(firstSpace + 1)...]
        if first.matches("SIP/2.0") {
            let code = rest.prefix(3)
            guard let status = code.decimal, (100...699).contains(status), code.count == 3,
                rest.count == 3 || rest[rest.startIndex + 3] == ASCII.space
            else { throw .startLine }
            return .response(status: status, reason: rest.dropFirst(4))
        }
        let ending = rest.trimmed
        guard !first.isEmpty, first.allSatisfy(ASCII.isToken),
            let lastSpace = ending.lastIndex(of: ASCII.space)
        else { throw .startLine }
        let uri = ending[..<lastSpace].trimmed
        let version = ending[(lastSpace + 1)...]
        guard !uri.isEmpty, version.prefix(4).matches("SIP/") else { throw .startLine }
        // A space too many: it is a request for SIP all the same, and its sender hears what is wrong with it.
        if rest.count != uri.count + 1 + version.count || uri.contains(ASCII.space) { defect = .startLine }
        if !version.matches("SIP/2.0") { defect = .version }
        return .request(SIPMethod(first), uri: uri)
    }

    private static func parseHeader(_ line: Bytes) -> SIPHeaderField? {
        guard let colon = line.firstIndex(of: ASCII.colon) else { return nil }
        let name = line[..<colon].trimmed
        guard !name.isEmpty, name.startIndex == line.startIndex, name.allSatisfy(ASCII.isToken) else { return nil }
        return SIPHeaderField(
            name: SIPHeaderName(name),
            writtenName: name,
            value: line[(colon + 1)...].trimmed
        )
    }
}

/// Takes lines off the front of a message.
private struct LineScanner {
    let bytes: [UInt8]
    var index = 0

    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// The next line without its CRLF; a lone CR or LF is refused, for other readers would see other lines.
    mutating func line() throws(SIPSyntaxError) -> Bytes {
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == ASCII.lineFeed { throw .header }
            if byte == ASCII.carriageReturn {
                guard index + 1 < bytes.count, bytes[index + 1] == ASCII.lineFeed else { throw .header }
                defer { index += 2 }
                return bytes[start..<index]
            }
            index += 1
        }
        throw .unfinished
    }

    /// The next header line with its continuation lines joined by one space each.
    mutating func unfoldedLine() throws(SIPSyntaxError) -> Bytes {
        let first = try line()
        guard !first.isEmpty, let next = peek, ASCII.isBlank(next) else { return first }
        var joined = Array(first)
        while let next = peek, ASCII.isBlank(next) {
            joined.append(ASCII.space)
            joined += try line().trimmed
        }
        return joined[...]
    }
}
