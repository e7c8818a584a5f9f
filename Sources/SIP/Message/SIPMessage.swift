/// One header of a message, unfolded and trimmed.
package struct SIPHeaderField: Sendable {
    /// What the header is.
    package let name: SIPHeaderName
    /// The name as it was written.
    package let writtenName: ArraySlice<UInt8>
    /// The value; lists are not yet split.
    package let value: ArraySlice<UInt8>
}

/// A message cut into start line, headers and body; header values are read only when somebody asks.
package struct SIPMessage: Sendable {
    /// The first line.
    package enum Start: Sendable {
        /// A request and its Request-URI.
        case request(SIPMethod, uri: ArraySlice<UInt8>)
        /// A response.
        case response(status: Int, reason: ArraySlice<UInt8>)
    }

    /// The first line.
    package let start: Start
    /// The headers in order.
    package let headers: [SIPHeaderField]
    /// The body; what follows the headers until the envelope has read Content-Length.
    package var body: ArraySlice<UInt8>
    /// What is wrong although the message could be cut: it can still be answered.
    var defect: SIPSyntaxError?

    /// The first header of a name.
    package func first(_ name: SIPHeaderName) -> ArraySlice<UInt8>? {
        for header in headers where header.name == name {
            return header.value
        }
        return nil
    }

    /// How often a header occurs.
    package func count(of name: SIPHeaderName) -> Int {
        var count = 0
        for header in headers where header.name == name { count += 1 }
        return count
    }

    /// All values of a header that may be a list, in order.
    package func list(_ name: SIPHeaderName) -> [ArraySlice<UInt8>] {
        var values: [ArraySlice<UInt8>] = []
        for header in headers where header.name == name {
            values += splitList(header.value)
        }
        return values
    }

    /// The method of a request, nil for a response.
    package var method: SIPMethod? {
        if case .request(let method, _) = start { method } else { nil }
    }

    /// The status of a response, nil for a request.
    package var status: Int? {
        if case .response(let status, _) = start { status } else { nil }
    }
}

/// Splits a list at its commas, but not inside quotes or angle brackets; empty elements are dropped.
func splitList(_ value: Bytes) -> [Bytes] {
    var elements: [Bytes] = []
    var start = value.startIndex
    var index = start
    var depth = 0
    while index < value.endIndex {
        switch value[index] {
        case ASCII.quote: index = endOfQuotes(value, from: index)
        case ASCII.less: depth = 1
        case ASCII.greater: depth = 0
        case ASCII.comma where depth == 0:
            let element = value[start..<index].trimmed
            if !element.isEmpty { elements.append(element) }
            start = index + 1
        default: break
        }
        index += 1
    }
    if start < value.endIndex {
        let element = value[start...].trimmed
        if !element.isEmpty { elements.append(element) }
    }
    return elements
}

/// The index of the quote that closes the one at `start`, or the last index when none does.
func endOfQuotes(_ value: Bytes, from start: Int) -> Int {
    var index = start + 1
    while index < value.endIndex {
        if value[index] == ASCII.quote { return index }
        index += value[index] == ASCII.backslash ? 2 : 1
    }
    return max(start, value.endIndex - 1)
}
