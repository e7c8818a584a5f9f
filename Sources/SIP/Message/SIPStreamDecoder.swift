import Kernel

/// Why a stream was closed by us.
package enum SIPFlowFault: String, Error, Hashable, Sendable {
    /// What came cannot be SIP.
    case garbage
    /// The headers of a message never end, or are longer than any peer's.
    case headTooLong
    /// Content-Length is not a number, comes twice, or is more than a message may have.
    case badLength
    /// A message was not whole in time.
    case tooSlow
    /// All streams together hold too much that is unfinished, or there are too many of them.
    case noRoom
}

/// Cuts a stream into messages by Content-Length (RFC 3261 §18.3), and sees the keep-alives between them.
package struct SIPStreamDecoder: Sendable {
    /// What was found in the stream.
    package enum Item: Hashable, Sendable {
        /// The bytes of one whole message.
        case message([UInt8])
        /// A double CRLF: the peer wants a single one back (RFC 5626 §3.5.1).
        case ping
    }

    private var buffer: [UInt8] = []
    /// Where the search for the end of the headers goes on, so that slow streams cost no more than fast ones.
    private var searched = 0
    /// The length of the message at the front, once its headers are complete.
    private var expected: Int?

    /// Starts with an empty stream.
    package init() {}

    /// How many bytes wait for more.
    package var buffered: Int { buffer.count }

    /// Whether a message waits for its rest; a CRLF that may yet become a keep-alive is none.
    var isWithinMessage: Bool { buffer.first.map { $0 != ASCII.carriageReturn } ?? false }

    /// Takes the next piece of the stream.
    package mutating func receive(_ bytes: [UInt8]) throws(SIPFlowFault) -> [Item] {
        buffer += bytes
        var items: [Item] = []
        var start = 0
        while let (item, length) = try next(from: start) {
            if let item { items.append(item) }
            start += length
            searched = start
            expected = nil
        }
        if start > 0 {
            buffer.removeFirst(start)
            searched = max(0, searched - start)
        }
        return items
    }

    /// The item at `start` and its length in bytes; nil when it is not complete.
    private mutating func next(from start: Int) throws(SIPFlowFault) -> (Item?, Int)? {
        guard start < buffer.count else { return nil }
        if buffer[start] == ASCII.carriageReturn { return try keepAlive(at: start) }
        if expected == nil {
            guard mayBeMessage(at: start) else { throw .garbage }
            guard let end = headersEnd(from: start) else {
                guard buffer.count - start <= Limits.sipStreamHeadBytesMax else { throw .headTooLong }
                return nil
            }
            guard end - start <= Limits.sipStreamHeadBytesMax else { throw .headTooLong }
            expected = try SIPStreamDecoder.length(ofHeaders: buffer[start..<end]) + end - start
        }
        guard let expected else { return nil }
        guard expected <= Limits.sipMessageBytesMax else { throw .badLength }
        guard buffer.count - start >= expected else { return nil }
        return (.message(Array(buffer[start..<(start + expected)])), expected)
    }

    /// Whether a method or version stands at `start`, so that what never was SIP is not waited for.
    private func mayBeMessage(at start: Int) -> Bool {
        let front = buffer[start...].prefix(Limits.sipMethodBytesMax + 1)
        let word = front.prefix { $0 != ASCII.space }
        guard word.allSatisfy({ ASCII.isToken($0) || $0 == ASCII.slash }) else { return false }
        return !word.isEmpty && word.count <= Limits.sipMethodBytesMax
    }

    /// CRLF CRLF is a ping, CRLF alone a pong; CRLF at the end of what has come may still become either.
    private func keepAlive(at start: Int) throws(SIPFlowFault) -> (Item?, Int)? {
        guard start + 1 < buffer.count else { return nil }
        guard buffer[start + 1] == ASCII.lineFeed else { throw .garbage }
        guard start + 2 < buffer.count else { return nil }
        guard buffer[start + 2] == ASCII.carriageReturn else { return (nil, 2) }
        guard start + 3 < buffer.count else { return nil }
        guard buffer[start + 3] == ASCII.lineFeed else { throw .garbage }
        return (.ping, 4)
    }

    /// The index after the empty line that ends the headers.
    private mutating func headersEnd(from start: Int) -> Int? {
        var index = max(start, searched)
        while index + 3 < buffer.count {
            if buffer[index] == ASCII.carriageReturn, buffer[index + 1] == ASCII.lineFeed,
                buffer[index + 2] == ASCII.carriageReturn, buffer[index + 3] == ASCII.lineFeed
            {
                return index + 4
            }
            index += 1
        }
        searched = index
        return nil
    }

    /// The body's length; a stream without one cannot be followed any further.
    private static func length(ofHeaders head: Bytes) throws(SIPFlowFault) -> Int {
        guard let message = try? SIPMessage(parsing: Array(head)) else { throw .garbage }
        guard message.count(of: .contentLength) <= 1 else { throw .badLength }
        // RFC 3261 demands it on streams. Some peers leave it out where there is no body.
        guard let value = message.first(.contentLength) else { return 0 }
        guard let length = value.decimal, length <= Limits.sipMessageBytesMax else { throw .badLength }
        return length
    }
}
