import ContactCenter
import Kernel
import Synchronization
import Testing
import WebAPI

extension FakeGateway {
    func beginAttachment() async throws -> any AttachmentUpload {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock { $0.uploads += 1 }
        return FakeUpload(gateway: self)
    }

    func fetchAttachment(_ content: String, patience: Span) async throws -> AttachmentStanding {
        try #require(Attachment.isBlob(content) && patience > .zero)
        return try state.withLock { state in
            if state.elsewhere.contains(content) { return .coming(bytes: 2, size: nil) }
            guard let bytes = state.contents[content] else { throw GatewayError(.unavailable, "Nobody has it.") }
            return .here(size: bytes.count)
        }
    }

    func attachmentBytes(_ content: String, offset: Int, length: Int) async throws -> [UInt8]? {
        try #require(offset >= 0 && length > 0)
        return state.withLock { state in
            // Fewer than asked for, as a disk may.
            state.contents[content].map { Array($0.dropFirst(offset).prefix(min(length, 100_000))) }
        }
    }
}

/// An upload that is called with something, bounded, and ended once.
private final class FakeUpload: AttachmentUpload {
    private let gateway: FakeGateway
    private let bytes = Mutex<[UInt8]?>([])

    init(gateway: FakeGateway) {
        self.gateway = gateway
    }

    func append(_ more: [UInt8]) async throws {
        try #require(!more.isEmpty)
        let count = bytes.withLock { bytes -> Int? in
            bytes?.append(contentsOf: more)
            return bytes?.count
        }
        try #require((count ?? .max) <= Limits.attachmentBytesMax, "more than a file may have, or after the end")
    }

    func finish() async throws -> (content: String, size: Int) {
        let content = try #require(
            bytes.withLock { bytes in
                defer { bytes = nil }
                return bytes
            }
        )
        // Not SHA-256, but as good here: a name that follows from the content.
        let sum = content.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let half = String(sum, radix: 16)
        let name = String(repeating: "0", count: 64 - half.count) + half
        gateway.state.withLock { state in
            state.contents[name] = content
            state.uploads -= 1
        }
        return (name, content.count)
    }

    func cancel() async {
        let isFirst = bytes.withLock { bytes in
            defer { bytes = nil }
            return bytes != nil
        }
        if isFirst { gateway.state.withLock { $0.uploads -= 1 } }
    }
}
