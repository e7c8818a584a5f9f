/// Writes one message.
struct SIPWriter {
    private(set) var bytes: [UInt8] = []

    /// Starts a request.
    init(request method: SIPMethod, uri: some Collection<UInt8>) {
        bytes.reserveCapacity(1_024)
        append(method.name)
        bytes.append(ASCII.space)
        bytes.append(contentsOf: uri)
        append(" SIP/2.0\r\n")
    }

    /// Starts a response; line ends in the reason are dropped.
    init(status: Int, reason: String?) {
        bytes.reserveCapacity(1_024)
        append("SIP/2.0 ")
        append(String(status))
        bytes.append(ASCII.space)
        appendSafe(reason ?? SIPStatus.phrase(status))
        append("\r\n")
    }

    /// Starts with the middle of a message.
    init() {
        bytes.reserveCapacity(512)
    }

    mutating func header(_ name: SIPHeaderName, _ value: some Collection<UInt8>) {
        start(name)
        bytes.append(contentsOf: value)
        append("\r\n")
    }

    mutating func header(_ name: SIPHeaderName, _ value: String) {
        start(name)
        appendSafe(value)
        append("\r\n")
    }

    /// Writes a header that the owner of the endpoint wants.
    mutating func header(_ extra: SIPExtraHeader) {
        guard !extra.name.isEmpty, extra.name.utf8.allSatisfy(ASCII.isToken) else { return }
        append(extra.name)
        append(": ")
        appendSafe(extra.value)
        append("\r\n")
    }

    /// Starts a header whose value the caller appends, ending with `endLine`.
    mutating func start(_ name: SIPHeaderName) {
        name.text.withUTF8Buffer { bytes.append(contentsOf: $0) }
        append(": ")
    }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
    }

    mutating func endLine() {
        append("\r\n")
    }

    /// Copies a header of another message as it was written.
    mutating func copy(_ field: SIPHeaderField) {
        bytes.append(contentsOf: field.writtenName)
        append(": ")
        bytes.append(contentsOf: field.value)
        append("\r\n")
    }

    /// Ends the headers and appends a body of any type.
    mutating func finish(type: String, body: [UInt8]) -> [UInt8] {
        guard !body.isEmpty else { return finish(sdp: nil) }
        header(.contentType, type)
        append("Content-Length: \(body.count)\r\n\r\n")
        append(body)
        return bytes
    }

    /// Ends the headers and appends a session description.
    mutating func finish(sdp: [UInt8]?) -> [UInt8] {
        if let sdp, !sdp.isEmpty {
            append("Content-Type: application/sdp\r\nContent-Length: ")
            append(String(sdp.count))
            append("\r\n\r\n")
            append(sdp)
        } else {
            append("Content-Length: 0\r\n\r\n")
        }
        return bytes
    }

    /// Text from outside cannot start a new header.
    private mutating func appendSafe(_ text: String) {
        for byte in text.utf8 where byte >= ASCII.space || byte == ASCII.tab {
            bytes.append(byte)
        }
    }
}

/// The part of every response that echoes the request, kept while a transaction is open.
struct SIPResponseHead: Sendable {
    private let echo: [UInt8]
    let isDialogForming: Bool
    private let routes: [UInt8]

    /// Takes what must be echoed (RFC 3261 §8.2.6), stamping the top Via with the true source (RFC 3581).
    init(message: SIPMessage, via: SIPVia, source: SIPAddress, toTag: String) {
        var writer = SIPWriter()
        for (index, value) in message.list(.via).enumerated() {
            if index == 0 {
                writer.header(.via, via.stamped(value, source: source))
            } else {
                writer.header(.via, value)
            }
        }
        for name in [SIPHeaderName.from, .to, .callID, .cseq] {
            guard let value = message.first(name) else { continue }
            writer.start(name)
            writer.append(value)
            if name == .to, SIPNameAddress(value)?.tag == nil {
                writer.append(";tag=")
                writer.append(toTag)
            }
            writer.endLine()
        }
        echo = writer.bytes
        isDialogForming = message.method == .invite
        var routes = SIPWriter()
        if isDialogForming {
            for value in message.list(.recordRoute) { routes.header(.recordRoute, value) }
        }
        self.routes = routes.bytes
    }

    /// Starts a response with the echoed headers.
    func response(_ status: Int, reason: String? = nil) -> SIPWriter {
        var writer = SIPWriter(status: status, reason: reason)
        writer.append(echo)
        if status > 100, status < 300 { writer.append(routes) }
        return writer
    }
}

extension SIPVia {
    /// The value with `received` and `rport` set to where the request came from.
    func stamped(_ value: Bytes, source: SIPAddress) -> [UInt8] {
        let hasPort = parameters["rport"] != nil
        let isHostTrue = host.elementsEqual(source.host.utf8)
        guard hasPort || !isHostTrue else { return Array(value) }
        var stamped: [UInt8] = []
        for (index, piece) in value.split(separator: ASCII.semicolon, omittingEmptySubsequences: true).enumerated() {
            let name = piece[..<(piece.firstIndex(of: ASCII.equal) ?? piece.endIndex)].trimmed
            if index > 0, name.matches("rport") || name.matches("received") { continue }
            if index > 0 { stamped.append(ASCII.semicolon) }
            stamped += piece.trimmed
        }
        stamped += Array(";received=\(source.host)".utf8)
        if hasPort { stamped += Array(";rport=\(source.port)".utf8) }
        return stamped
    }
}
