import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

extension Answer {
    /// A content that is read piece by piece, all of it or the range that was asked for.
    ///
    /// - Parameters:
    ///   - tag: the content's ETag without its quotes, which is also what `If-Range` must name.
    ///   - read: bytes from an offset on, at most so many; nil or none when they are not there any more.
    static func ranged(
        size: Int,
        tag: String,
        headers fields: HTTPFields,
        call: Call,
        read: @escaping @Sendable (_ offset: Int, _ length: Int) async throws -> [UInt8]?
    ) -> Answer {
        var headers = fields
        // A range of another version than the one that is here would not fit to what the asker has.
        let isSame = call.request.headers[.ifRange].map { $0 == "\"\(tag)\"" } ?? true
        let range: Range<Int>
        switch ByteRange(isSame ? call.request.headers[.range] : nil, size: size) {
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(size)"
            return Answer(status: .rangeNotSatisfiable, headers: headers)
        case .all: range = 0..<size
        case .part(let part):
            range = part
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
        }
        var answer = Answer(status: headers[.contentRange] == nil ? .ok : .partialContent, headers: headers)
        answer.stream = ResponseBody(contentLength: range.count) { writer in
            var place = range.lowerBound
            while place < range.upperBound {
                let length = min(range.upperBound - place, Limits.attachmentPieceBytes)
                guard let bytes = try await read(place, length), !bytes.isEmpty else {
                    throw GatewayError(.unavailable, "The file \(tag) went while it was read.")
                }
                try await writer.write(ByteBuffer(bytes: bytes))
                place += bytes.count
            }
            try await writer.finish(nil)
        }
        return answer
    }
}

extension HTTPField.Name {
    static let ifRange = HTTPField.Name(checked: "If-Range")
}
