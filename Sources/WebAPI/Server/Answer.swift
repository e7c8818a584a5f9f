import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What a route answers: bytes that are all there, or a stream.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var bytes: ByteBuffer
    /// Written instead of the bytes, for event streams.
    var stream: ResponseBody?

    init(status: HTTPResponse.Status, headers: HTTPFields = [:], bytes: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.bytes = bytes
    }

    /// A JSON body; nothing that the API answers may be kept by a cache unless it says so itself.
    static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:],
        type: String = "application/json; charset=utf-8"
    ) throws -> Answer {
        var headers = headers
        headers[.contentType] = type
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        return Answer(status: status, headers: headers, bytes: try ResourceWriter.bytes(value))
    }

    /// A resource with its version as ETag; 304 when the asker has it.
    static func versioned(
        _ value: some Encodable,
        version: String,
        request: Request,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) throws -> Answer {
        var headers = headers
        headers[.eTag] = "\"\(version)\""
        headers[.cacheControl] = "private, no-cache"
        if request.method == .get, EntityTags(request.headers[.ifNoneMatch]).name(version) {
            return Answer(status: .notModified, headers: headers)
        }
        return try json(value, status: status, headers: headers)
    }

    /// Plain text.
    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Answer {
        Answer(
            status: .ok,
            headers: [.contentType: type, .cacheControl: "no-store"],
            bytes: ByteBuffer(string: text)
        )
    }

    /// The response as the server writes it.
    var response: Response {
        Response(status: status, headers: headers, body: stream ?? ResponseBody(byteBuffer: bytes))
    }
}

/// Writes resources as JSON bytes.
enum ResourceWriter {
    static func bytes(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return ByteBuffer(bytes: try encoder.encode(value))
    }
}
